"""A model linked to the files that people own films as the one with all its parts in its folder does."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.takes.take_files import LATENTS, LOSSLESS_VIDEO
from svi_studio.engine.loading import found_weights
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.model_part import find_part, load_part
from svi_studio.engine.loading.quantised_embedding import QuantisedEmbedding
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.video_reader import stream_frames
from tests.builders.linked_models import (
    Tensors,
    diffusers_names,
    link,
    link_to_comfy,
    llama_cpp_names,
    open_clip_names,
    own_names,
    round_weights,
    write_weights,
)
from tests.builders.small_film import Renders, plan_of, small_storyboard, write_picture
from tests.builders.tiny_models import build_held_model, build_tiny_model, build_two_experts

CPU = torch.device("cpu")
WIDE = {"attention_head_dim": 128, "ffn_dim": 256, "added_kv_proj_dim": 256, "num_layers": 2}
"""Wide enough that its matrices fill GGUF's blocks of 256 numbers."""

DEQUANTISED = MemoryPlan(keep_stored=False)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one transformer, all of whose weights are bfloat16 numbers."""
    return round_weights(build_tiny_model(tmp_path_factory.mktemp("models") / "one", **WIDE))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two experts, likewise."""
    return round_weights(build_two_experts(tmp_path_factory.mktemp("models") / "two"))


def filmed(folder: Path, models: WanModels, kind: str = "film") -> tuple[np.ndarray, torch.Tensor]:
    """The frames of a film of one clip, and its latents."""
    folder.mkdir(parents=True)
    write_picture(folder / "first.png")
    renders = Renders(folder, models)
    (take,) = renders(plan_of(small_storyboard(["a red ball"], kind), folder))
    video, latents = (renders.store.file(take.take_hash, name) for name in (LOSSLESS_VIDEO, LATENTS))
    return np.concatenate(list(stream_frames(video))), load_file(latents)["latents"]


@pytest.fixture(scope="module")
def original(one: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, torch.Tensor]:
    """The first clip, filmed by the folder."""
    return filmed(tmp_path_factory.mktemp("original") / "film", load_models(one, device="cpu"))


def quantised_layers(network: torch.nn.Module) -> int:
    return sum(isinstance(module, QuantisedLinear) for module in network.modules())


Film = tuple[np.ndarray, torch.Tensor]


def test_comfyuis_files_film_bit_for_bit_as_the_folder(tmp_path: Path, one: Path, original: Film) -> None:
    linked = link_to_comfy(one, tmp_path, prefix="model.diffusion_model.")
    frames, latents = filmed(tmp_path / "film", load_models(linked, device="cpu"))
    assert np.array_equal(frames, original[0])
    assert torch.equal(latents, original[1])


def test_comfyuis_two_experts_film_bit_for_bit_as_the_folder(tmp_path: Path, two: Path) -> None:
    expected, _ = filmed(tmp_path / "a", load_models(two, device="cpu"), "pro")
    frames, _ = filmed(tmp_path / "b", load_models(link_to_comfy(two, tmp_path), device="cpu"), "pro")
    assert np.array_equal(frames, expected)


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("form", "bound"), [("fp8-1", 0.05), *(pytest.param(form, 0.05, marks=SLOW) for form in ("fp8", "fp8-2", "fp8-3"))]
)
def test_fp8_kept_as_stored_films_as_dequantised_once_and_near_the_original(
    tmp_path: Path, one: Path, original: Film, form: str, bound: float
) -> None:
    """The bound is of the latents' root mean square; a weight in fp8 is off by up to a sixteenth of itself."""
    linked = link_to_comfy(one, tmp_path, {"transformer": form})
    frames, latents = films_alike(tmp_path, linked)
    assert not np.array_equal(frames, original[0])
    off = (latents - original[1]).square().mean().sqrt() / original[1].square().mean().sqrt()
    assert float(off) < bound


@pytest.mark.parametrize("form", ["Q4_K", pytest.param("Q8_0", marks=SLOW), pytest.param("Q6_K", marks=SLOW)])
def test_gguf_kept_as_stored_films_as_dequantised_once(tmp_path: Path, one: Path, form: str) -> None:
    linked = link_to_comfy(one, tmp_path, {"transformer": form, "text_encoder": "Q8_0"})
    assert quantised_layers(load_models(linked, device="cpu").text_encoder) > 0
    films_alike(tmp_path, linked)


def films_alike(place: Path, linked: Path) -> Film:
    """The film of a quantised model, which is the same whether its weights are kept as stored or not."""
    kept = load_models(linked, device="cpu")
    once = load_models(linked, device="cpu", plan=DEQUANTISED)
    assert (quantised_layers(kept.transformer), quantised_layers(once.transformer)) == (2 * 12, 0)
    film = filmed(place / "kept", kept)
    assert np.array_equal(film[0], filmed(place / "once", once)[0])
    return film


def with_extras(tensors: Tensors) -> Tensors:
    """What some programs leave in a text encoder's file."""
    return tensors | {"spiece_model": torch.zeros(3, dtype=torch.uint8), "lm_head.weight": torch.zeros(2, 2)}


def prefixed(prefix: str, tensors: Tensors) -> Tensors:
    return {prefix + name: tensor for name, tensor in tensors.items()}


SPELLINGS: dict[str, tuple[str, Callable[[Path], Tensors]]] = {
    "wan's vae": ("vae", lambda model: own_names(model, "vae")),
    "diffusers' vae": ("vae", lambda model: diffusers_names(model, "vae")),
    "a vae inside": ("vae", lambda model: prefixed("first_stage_model.", own_names(model, "vae"))),
    "wan's umt5": ("text_encoder", lambda model: own_names(model, "text_encoder")),
    "transformers' umt5": ("text_encoder", lambda model: diffusers_names(model, "text_encoder")),
    "comfyui's umt5": ("text_encoder", lambda model: with_extras(diffusers_names(model, "text_encoder"))),
    "llama.cpp's umt5": ("text_encoder", llama_cpp_names),
    "wan's clip": ("image_encoder", lambda model: own_names(model, "image_encoder")),
    "its visual half alone": (
        "image_encoder",
        lambda model: {
            name.removeprefix("visual."): tensor
            for name, tensor in own_names(model, "image_encoder").items()
            if name.startswith("visual.")
        },
    ),
    "comfyui's clip": (
        "image_encoder",
        lambda model: (
            prefixed(
                "vision_model.",
                {name.removeprefix("vision_model."): t for name, t in diffusers_names(model, "image_encoder").items()},
            )
            | {"visual_projection.weight": torch.zeros(2, 2), "logit_scale": torch.zeros(())}
        ),
    ),
    "open-clip's": ("image_encoder", open_clip_names),
    "diffusers' transformer": ("transformer", lambda model: diffusers_names(model, "transformer")),
    "a whole checkpoint": (
        "transformer",
        lambda model: (
            prefixed("model.diffusion_model.", own_names(model, "transformer"))
            | prefixed("first_stage_model.", own_names(model, "vae"))
            | prefixed("text_encoders.umt5xxl.transformer.", diffusers_names(model, "text_encoder"))
        ),
    ),
    "a vae in a whole checkpoint": (
        "vae",
        lambda model: (
            prefixed("model.diffusion_model.", own_names(model, "transformer"))
            | prefixed("vae.", own_names(model, "vae"))
        ),
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_part_gives_the_same_network(tmp_path: Path, one: Path, spelling: str) -> None:
    part, tensors = SPELLINGS[spelling]
    file = tmp_path / "file.safetensors"
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors(one).items()}, file)
    linked = link(link_to_comfy(one, tmp_path), part, file)
    ours = load_part(linked, part, CPU, torch.float32).state_dict()
    theirs = load_part(one, part, CPU, torch.float32).state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


def test_the_vae_of_wan_2_2_in_its_own_names(tmp_path: Path) -> None:
    held = round_weights(build_held_model(tmp_path / "held"))
    linked = link_to_comfy(held, tmp_path)
    ours, theirs = (load_part(folder, "vae", CPU, torch.float32).state_dict() for folder in (linked, held))
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


@pytest.mark.parametrize("form", ["fp16", "fp8-1", "fp8-2", "Q8_0"])
def test_llama_cpps_and_comfyuis_text_encoders_are_the_values_of_their_files(
    tmp_path: Path, one: Path, form: str
) -> None:
    tensors = llama_cpp_names(one) if form == "Q8_0" else diffusers_names(one, "text_encoder")
    file = tmp_path / ("file.gguf" if form == "Q8_0" else "file.safetensors")
    values = write_weights(file, tensors, form)
    linked = link(link_to_comfy(one, tmp_path), "text_encoder", file)
    plain = link(link_to_comfy(one, tmp_path / "plain"), "text_encoder", tmp_path / "plain.safetensors")
    save_file(values, tmp_path / "plain.safetensors")
    ids = torch.tensor([[5, 9, 77, 1]])
    expected = load_part(plain, "text_encoder", CPU, torch.float32)(ids).last_hidden_state
    for keep in (False, True):
        network = load_part(linked, "text_encoder", CPU, torch.float32, keep_stored=keep)
        assert torch.equal(network(ids).last_hidden_state, expected)
        assert any(isinstance(module, QuantisedEmbedding) for module in network.modules()) == (keep and form == "Q8_0")


def test_the_shards_of_a_network_may_lie_anywhere(tmp_path: Path, one: Path) -> None:
    tensors = own_names(one, "transformer")
    names = sorted(tensors)
    files = [tmp_path / place / "model.safetensors" for place in ("a", "b")]
    for number, file in enumerate(files):
        write_weights(file, {name: tensors[name] for name in names[number::2]}, "bf16")
    linked = link(link_to_comfy(one, tmp_path), "transformer", *files)
    ours, theirs = (load_part(folder, "transformer", CPU, torch.float32).state_dict() for folder in (linked, one))
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


@pytest.mark.parametrize("form", ["bf16", "fp8-1", "Q8_0"])
def test_what_it_will_take_in_memory_is_known_before(tmp_path: Path, one: Path, form: str) -> None:
    part = find_part(link_to_comfy(one, tmp_path, {"transformer": form}), "transformer")
    for keep in (False, True):
        network = part.load(CPU, torch.bfloat16, keep_stored=keep)
        buffers = [buffer for name, buffer in network.named_buffers() if "rope" not in name]
        held = sum(tensor.nbytes for tensor in (*network.parameters(), *buffers))
        assert held == pytest.approx(part.size(torch.bfloat16, keep_stored=keep), abs=400)


def test_a_file_that_changes_while_it_is_loaded_is_refused(
    tmp_path: Path, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = link_to_comfy(one, tmp_path)
    (file,) = (tmp_path / "ComfyUI").rglob("transformer_*.safetensors")
    read, seen = found_weights._weight, []

    def reading(*args: object) -> object:
        if not seen:
            os.utime(file, ns=(1, 1))
        seen.append(args)
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(found_weights, "_weight", reading)
    with pytest.raises(BadWeights, match=r"transformer_bf16\.safetensors was changed while it was in use"):
        load_part(linked, "transformer", CPU, torch.float32)


def test_a_drive_that_vanishes_while_it_is_read_is_one_sentence(
    tmp_path: Path, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> object:
        raise OSError(errno.EHOSTDOWN, "Host is down")

    linked = link_to_comfy(one, tmp_path)
    monkeypatch.setattr(found_weights, "_weight", gone)
    with pytest.raises(BadWeights, match=r"transformer_bf16\.safetensors could not be read \(Host is down\); check"):
        load_part(linked, "transformer", CPU, torch.float32)


def test_an_expert_that_is_read_again_must_be_the_same_file(tmp_path: Path, two: Path) -> None:
    linked = link_to_comfy(two, tmp_path)
    models = load_models(linked, device="cpu")
    assert models.experts is not None
    models.experts._free_bytes = lambda _: 0
    models.experts.get("low")
    (file,) = (tmp_path / "ComfyUI").rglob("transformer_bf16.safetensors")
    shutil.copyfile(file, tmp_path / "new")
    (tmp_path / "new").replace(file)
    with pytest.raises(BadWeights, match="was changed while it was in use"):
        models.experts.get("high")


@pytest.mark.parametrize("part", ["transformer", "vae", "text_encoder", "image_encoder"])
def test_a_linked_file_that_is_cut_or_gone_is_named(tmp_path: Path, one: Path, part: str) -> None:
    linked = link_to_comfy(one, tmp_path)
    file = Path(json.loads((linked / "svi_parts.json").read_text())["parts"][part]["files"][0])
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(BadWeights, match=rf"{part}_bf16\.safetensors is cut short"):
        load_models(linked, device="cpu")
    file.unlink()
    with pytest.raises(BadWeights, match=rf"{part}_bf16\.safetensors"):
        load_models(linked, device="cpu")


def test_a_pickle_is_never_opened(tmp_path: Path, one: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "umt5.safetensors")
    linked = link(link_to_comfy(one, tmp_path), "text_encoder", tmp_path / "umt5.safetensors")
    with pytest.raises(BadWeights, match="zip archive"):
        load_models(linked, device="cpu")


def test_the_vae_of_another_model_is_refused(tmp_path: Path, one: Path) -> None:
    held = build_held_model(tmp_path / "held")
    save_file(own_names(held, "vae"), tmp_path / "wan2.2_vae.safetensors")
    linked = link(link_to_comfy(one, tmp_path), "vae", tmp_path / "wan2.2_vae.safetensors")
    with pytest.raises(BadWeights, match=r"wan2\.2_vae\.safetensors"):
        load_models(linked, device="cpu")
