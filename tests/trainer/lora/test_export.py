"""The written LoRA does the same in this program, in the authors' and in diffusers, and says where it comes from."""

import errno
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, WanImageToVideoPipeline
from safetensors.torch import load_file

from svi_studio.domain.errors import BadInput, DiskFull
from svi_studio.engine.lora.file import read_lora
from svi_studio.engine.lora.merge import MergedLoras
from svi_studio.weights.key_names import DIT
from svi_studio.weights.lora_card import read_training_card
from svi_studio.weights.safetensors_header import read_header
from tests.trainer.lora.recipes import CARD, LOUD, adapted, output, small_transformer, trained
from trainer.lora import export
from trainer.lora.adapter import adapter_parameters, adapter_state
from trainer.lora.export import export_lora

Tensors = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def learned() -> Any:
    return trained(LOUD)


@pytest.fixture(scope="module")
def file(learned: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lora") / "my look.safetensors"
    export_lora(path, learned, CARD)
    return path


def close(a: torch.Tensor, b: torch.Tensor) -> bool:
    return bool((a - b).abs().max() <= 1e-5)


def test_this_program_merges_what_was_trained(learned: Any, file: Path) -> None:
    base = small_transformer()
    (report,) = MergedLoras(base, None).use([(file, 1.0)])
    assert (report.changed, report.tensors, report.ranks) == (20, 40, (4,))
    assert close(output(base), output(learned))


def test_the_authors_rule_without_alpha_gives_what_was_trained(learned: Any, file: Path) -> None:
    """W += B @ A for every pair of the file, by the names of the authors' model."""
    base = small_transformer()
    weights = {DIT.original(name) or name: parameter for name, parameter in base.named_parameters()}
    tensors = load_file(file)
    for name in [name for name in tensors if ".lora_B." in name]:
        target = name.removeprefix("pipe.dit.").replace(".lora_B.default", "")
        weights[target].data += tensors[name] @ tensors[name.replace(".lora_B.", ".lora_A.")]
    assert close(output(base), output(learned))


def test_diffusers_loads_it_after_the_known_renaming(learned: Any, file: Path) -> None:
    renamed = {
        "diffusion_model." + name.removeprefix("pipe.dit.").replace(".default", ""): tensor
        for name, tensor in load_file(file).items()
    }
    base = small_transformer()
    scheduler = FlowMatchEulerDiscreteScheduler()
    parts = {"tokenizer": None, "text_encoder": None, "vae": None, "image_encoder": None, "image_processor": None}
    pipeline = WanImageToVideoPipeline(transformer=base, scheduler=scheduler, **parts)
    pipeline.load_lora_weights(renamed)
    assert sum(".lora_A." in name and "add_" not in name for name, _ in base.named_parameters()) == 20
    assert close(output(base), output(learned))


def test_half_precision_is_what_a_merge_into_bfloat16_uses_anyway(learned: Any, file: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.safetensors"
    export_lora(half, learned, CARD, half=True)
    merged = []
    for path in (file, half):
        base = small_transformer().to(torch.bfloat16)
        MergedLoras(base, None).use([(path, 1.0)])
        merged.append(base.state_dict())
    assert all(torch.equal(tensor, merged[1][name]) for name, tensor in merged[0].items())
    assert half.stat().st_size < 0.65 * file.stat().st_size


def test_without_a_factor_the_file_holds_the_trained_bits(tmp_path: Path) -> None:
    transformer = trained()
    export_lora(tmp_path / "x.safetensors", transformer, CARD)
    state, saved = adapter_state(transformer), load_file(tmp_path / "x.safetensors")
    assert state.keys() == saved.keys()
    assert all(torch.equal(tensor, saved[name]) for name, tensor in state.items())


def test_the_names_are_read_as_the_authors_own(learned: Any, file: Path) -> None:
    assert read_lora(file, [name for name, _ in small_transformer().named_parameters()]).from_peft


def test_the_card_is_read_back_without_torch(file: Path) -> None:
    assert read_training_card(file) == CARD


def test_the_card_is_plain_json_for_others(file: Path) -> None:
    card = json.loads(read_header(file).metadata["svi_training_card"])
    assert (card["name"], card["steps"], card["made_on"]) == ("my look", 120, "2026-02-03")


def test_a_full_disk_is_told_and_leaves_the_earlier_file(
    learned: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(b"earlier")

    def full(*_: Any) -> Iterator[bytes]:
        yield b"half of i"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export, "safetensors_pieces", full)
    with pytest.raises(DiskFull, match="disk is full"):
        export_lora(path, learned, CARD)
    assert path.read_bytes() == b"earlier"
    assert [file.name for file in tmp_path.iterdir()] == ["x.safetensors"]


def test_a_lora_that_is_not_finite_is_not_written(tmp_path: Path) -> None:
    transformer = adapted()
    adapter_parameters(transformer)[3].data[0, 0] = float("nan")
    with pytest.raises(BadInput, match="not numbers"):
        export_lora(tmp_path / "x.safetensors", transformer, CARD)
    assert not list(tmp_path.iterdir())


def test_a_transformer_without_a_lora_has_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no LoRA"):
        export_lora(tmp_path / "x.safetensors", small_transformer(), CARD)
