"""The same LoRA under three names: each is read back here and makes the same model, bit for bit; diffusers reads it."""

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, WanImageToVideoPipeline
from safetensors.torch import load_file

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.lora_names import LORA_NAMES, LoraNames
from svi_studio.engine.lora.merge import MergedLoras
from svi_studio.weights.lora_card import read_training_card
from svi_studio.weights.lora_convert import convert_lora
from svi_studio.weights.lora_names import file_pieces, renamed
from svi_studio.weights.lora_traits import read_lora_traits
from svi_studio.weights.safetensors_header import read_header
from tests.engine.lora_files import FORMS, Tensors, random_lora, svi_1x, write_lora
from tests.trainer.lora.recipes import CARD, LOUD, SMALL, adapted, output, small_transformer, trained
from trainer.lora.export import export_lora
from trainer.lora.start_from import load_adapter


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[LoraNames, Path]:
    folder, transformer = tmp_path_factory.mktemp("names"), trained(LOUD)
    for names in LORA_NAMES:
        export_lora(folder / f"{names}.safetensors", transformer, CARD, names=names)
    return {names: folder / f"{names}.safetensors" for names in LORA_NAMES}


def merged(file: Path) -> Tensors:
    base = small_transformer().to(torch.bfloat16)
    MergedLoras(base, None).use([(file, 1.0)])
    return dict(base.state_dict())


def same(first: Tensors, second: Tensors) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("names", ["peft", "comfyui"])
def test_every_form_makes_the_same_model(names: LoraNames, files: dict[LoraNames, Path]) -> None:
    assert same(merged(files[names]), merged(files["authors"]))


def test_the_names_are_those_of_the_programs(files: dict[LoraNames, Path]) -> None:
    assert "pipe.dit.blocks.1.ffn.2.lora_B.default.weight" in load_file(files["authors"])
    assert "transformer.blocks.1.attn2.to_out.0.lora_A.weight" in load_file(files["peft"])
    comfyui = load_file(files["comfyui"])
    assert {name.partition(".ffn.0.")[2] for name in comfyui if ".0.ffn.0." in name} == {
        "lora_down.weight", "lora_up.weight", "alpha",
    }  # fmt: skip
    assert comfyui["diffusion_model.blocks.0.self_attn.q.alpha"].item() == LOUD.rank


@pytest.mark.parametrize("names", ["peft", "comfyui"])
def test_diffusers_loads_it_as_it_is(names: LoraNames, files: dict[LoraNames, Path]) -> None:
    base = small_transformer()
    parts = {"tokenizer": None, "text_encoder": None, "vae": None, "image_encoder": None, "image_processor": None}
    pipeline = WanImageToVideoPipeline(transformer=base, scheduler=FlowMatchEulerDiscreteScheduler(), **parts)
    pipeline.load_lora_weights(load_file(files[names]))
    assert (output(base) - output(trained(LOUD))).abs().max() <= 1e-5


@pytest.mark.parametrize("source", LORA_NAMES)
@pytest.mark.parametrize("target", LORA_NAMES)
def test_a_file_is_converted_and_means_the_same(
    source: LoraNames, target: LoraNames, files: dict[LoraNames, Path], tmp_path: Path
) -> None:
    convert_lora(files[source], tmp_path / "new.safetensors", target)
    assert same(merged(tmp_path / "new.safetensors"), merged(files["authors"]))
    assert load_file(tmp_path / "new.safetensors").keys() == load_file(files[target]).keys()
    assert read_training_card(tmp_path / "new.safetensors") == CARD


@pytest.mark.parametrize("target", LORA_NAMES)
@pytest.mark.parametrize("form", FORMS)
def test_what_others_wrote_is_converted_with_its_strength(form: str, target: LoraNames, tmp_path: Path) -> None:
    tensors = random_lora(small_transformer())
    file = write_lora(tmp_path / "old.safetensors", FORMS[form](tensors))
    convert_lora(file, tmp_path / "new.safetensors", target)
    transformer = adapted()
    load_adapter(transformer, tmp_path / "new.safetensors")
    wanted = adapted()
    load_adapter(wanted, write_lora(tmp_path / "plain.safetensors", svi_1x(tensors)))
    assert (output(transformer) - output(wanted)).abs().max() <= 1e-5


def test_an_alpha_stays_in_comfyuis_form_and_goes_into_b_elsewhere(tmp_path: Path) -> None:
    tensors = FORMS["diffusion_model down up alpha"](random_lora(small_transformer()))
    halves = {name: tensor.half() for name, tensor in tensors.items()}
    file = write_lora(tmp_path / "old.safetensors", halves)
    for target in LORA_NAMES:
        convert_lora(file, tmp_path / f"{target}.safetensors", target)
    assert read_lora_traits(tmp_path / "comfyui.safetensors").factors == (0.5,)
    assert read_lora_traits(tmp_path / "peft.safetensors").factors == (1.0,)
    written = load_file(tmp_path / "authors.safetensors")
    kinds = {tensor.dtype for name, tensor in written.items() if "lora_B" in name}
    assert kinds == {torch.float32}, "nothing is rounded twice"


def test_what_has_no_such_names_is_one_sentence(tmp_path: Path) -> None:
    tensors = random_lora(small_transformer())
    biased = write_lora(tmp_path / "bias.safetensors", tensors | {"blocks.0.ffn.0.diff_b": torch.zeros(96)})
    with pytest.raises(BadWeights, match="is a LoRA with whole differences"):
        convert_lora(biased, tmp_path / "x.safetensors", "peft")
    convert_lora(biased, tmp_path / "x.safetensors", "comfyui")
    assert "diffusion_model.blocks.0.ffn.0.diff_b" in load_file(tmp_path / "x.safetensors")
    dora = {f"blocks.{n}.ffn.0.dora_scale": torch.ones(96, 1) for n in range(2)}
    with pytest.raises(BadWeights, match="is a DoRA"):
        convert_lora(write_lora(tmp_path / "dora.safetensors", tensors | dora), tmp_path / "y.safetensors", "comfyui")
    assert not (tmp_path / "y.safetensors").exists()


def test_nothing_is_written_over_without_being_asked(files: dict[LoraNames, Path], tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"mine")
    with pytest.raises(BadInput, match="is there already"):
        convert_lora(files["authors"], tmp_path / "x.safetensors", "peft")
    with pytest.raises(BadInput, match="is the LoRA itself"):
        convert_lora(files["authors"], files["authors"], "peft", overwrite=True)


@pytest.mark.parametrize("names", LORA_NAMES)
def test_a_checkpoint_is_written_as_the_training_would_have(
    names: LoraNames, files: dict[LoraNames, Path], tmp_path: Path
) -> None:
    transformer: Any = trained(LOUD)
    learned = {name: value.data for name, value in transformer.named_parameters() if value.requires_grad}
    header = read_header(write_lora(tmp_path / "lora.safetensors", learned))
    new = tmp_path / "new.safetensors"
    new.write_bytes(b"".join(file_pieces(header, renamed(header, names, LOUD.alpha / LOUD.rank), {})))
    assert same(load_file(new), load_file(files[names]))


def test_a_plain_lora_is_copied_bit_for_bit(tmp_path: Path) -> None:
    export_lora(tmp_path / "a.safetensors", trained(SMALL), CARD)
    convert_lora(tmp_path / "a.safetensors", tmp_path / "b.safetensors", "comfyui")
    convert_lora(tmp_path / "b.safetensors", tmp_path / "c.safetensors", "authors")
    assert same(load_file(tmp_path / "a.safetensors"), load_file(tmp_path / "c.safetensors"))
