"""What headers tell of a model's memory is what its networks take when they are loaded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.memory_needs import MemoryNeeds
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT
from svi_studio.domain.render.memory_use import PROGRAM, host_use, processor_use
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.engine.loading.model_part import find_part
from svi_studio.weights.key_names import DIT
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.lora_memory import beside_bytes
from svi_studio.weights.memory_needs import read_memory_needs
from tests.builders.linked_models import link, link_to_comfy, own_names
from tests.builders.stored_files import write_gguf, write_scaled
from tests.builders.tiny_models import TRANSFORMER, add_inputs, build_held_model, build_tiny_model, build_two_experts

CLIP = ClipSize(64, 48, 9)
WIDE = {"attention_head_dim": 128, "ffn_dim": 1024, "num_layers": 2}  # quantised kinds come in 256 values
NO_TYPE = {"card": {"dtype": None}}


def check_against_networks(needs: MemoryNeeds, folder: Path, dtype: torch.dtype, *, scales: int = 0) -> None:
    """Every number against the outline that the engine would fill, which leaves the bytes of ``scales`` out."""
    transformer, text = find_part(folder, "transformer"), find_part(folder, "text_encoder")
    assert sum(needs.blocks) + needs.rest - scales == transformer.size(dtype, keep_stored=True)
    computed = sum(needs.blocks_computed or needs.blocks) + needs.rest
    assert computed == transformer.size(dtype, keep_stored=False)
    assert needs.text_encoder == text.size(dtype, keep_stored=True)
    assert needs.vae == find_part(folder, "vae").size(torch.float32)
    if needs.image_encoder:
        assert needs.image_encoder >= find_part(folder, "image_encoder").size(torch.float32)


@pytest.mark.parametrize(("on_card", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_diffusers_folder(tmp_path: Path, on_card: bool, dtype: torch.dtype) -> None:
    folder = build_tiny_model(tmp_path / "m", card={"dtype": None})
    needs = read_memory_needs(folder, CLIP, on_card=on_card)
    check_against_networks(needs, folder, dtype)
    assert (needs.experts, needs.precision, needs.blocks_computed) == (1, "fp32", ())


def test_two_experts_and_a_model_that_holds_latents(tmp_path: Path) -> None:
    two, held = build_two_experts(tmp_path / "a", **NO_TYPE), build_held_model(tmp_path / "b", **NO_TYPE)
    experts, one = read_memory_needs(two, CLIP), read_memory_needs(held, ClipSize(64, 64, 9))
    check_against_networks(experts, two, torch.bfloat16)
    check_against_networks(one, held, torch.bfloat16)
    assert (experts.experts, experts.image_encoder) == (2, 0)
    assert one.work.denoising > 0


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_K", "fp8"])
def test_quantised_files_stay_as_they_are_stored(tmp_path: Path, kind: str) -> None:
    folder = build_tiny_model(tmp_path / "m", **NO_TYPE, **WIDE)
    file = _linked(folder, tmp_path, kind)
    needs = read_memory_needs(folder, CLIP)
    check_against_networks(needs, folder, torch.bfloat16, scales=4 * 12 * 2 if kind == "fp8" else 0)
    assert sum(needs.blocks) < sum(needs.blocks_computed)
    assert needs.work.kept > 0
    assert needs.precision == {"fp8": "fp8-scaled"}.get(kind, kind)
    assert file.stat().st_size > sum(needs.blocks)


def test_a_quantised_text_encoder_stays_as_it_is_stored(tmp_path: Path) -> None:
    folder = build_tiny_model(tmp_path / "m", **NO_TYPE)
    plain = read_memory_needs(folder, CLIP)
    file = folder / "text_encoder" / "model.safetensors"
    state = load_file(file)
    save_file({name: each.to(torch.float8_e4m3fn) if each.ndim == 2 else each for name, each in state.items()}, file)
    needs = read_memory_needs(folder, CLIP)
    check_against_networks(needs, folder, torch.bfloat16)
    assert needs.text_encoder < plain.text_encoder
    assert needs.work.texts > plain.work.texts


def test_loras_stand_beside_quantised_weights_and_go_into_others(tmp_path: Path) -> None:
    folder = build_tiny_model(tmp_path / "m", **NO_TYPE, **WIDE)
    width = TRANSFORMER["num_attention_heads"] * WIDE["attention_head_dim"]
    lora = tmp_path / "lora.safetensors"
    down, up = "blocks.0.self_attn.q.lora_A.default.weight", "blocks.0.self_attn.q.lora_B.default.weight"
    save_file({down: torch.zeros(4, width), up: torch.zeros(width, 4)}, lora)
    uses = [LoraInUse(lora, 1.0)]
    plain, with_lora = read_memory_needs(folder, CLIP), read_memory_needs(folder, CLIP, loras=uses)
    assert with_lora == replace(plain, loras=4 * 2 * 4 * width)
    _linked(folder, tmp_path, "Q8_0")
    plain, with_lora = read_memory_needs(folder, CLIP), read_memory_needs(folder, CLIP, loras=uses)
    assert sum(with_lora.blocks) - sum(plain.blocks) == 2 * 2 * 4 * width
    assert read_memory_needs(folder, CLIP, loras=[LoraInUse(lora, 0.0)]) == plain


def test_two_matrices_of_a_lokr_each_of_two_parts_are_one_as_large_as_the_layer(tmp_path: Path) -> None:
    parts = {"w1_a": (8, 2), "w1_b": (2, 4), "w2_a": (16, 2), "w2_b": (2, 32)}
    file = tmp_path / "lokr.safetensors"
    save_file({f"lycoris_blocks_0_self_attn_q.lokr_{name}": torch.zeros(shape) for name, shape in parts.items()}, file)
    assert beside_bytes([LoraInUse(file, 1.0)], 2) == 2 * (8 * 16) * (4 * 32)


def test_lora_files_are_in_the_computers_memory_while_they_are_put_in(tmp_path: Path) -> None:
    folder = build_two_experts(tmp_path / "m")
    sizes = {"high": 1000, "low": 3000, "both": 500}
    uses = []
    for expert, size in sizes.items():
        save_file({"blocks.0.self_attn.q.diff_b": torch.zeros(size)}, tmp_path / f"{expert}.safetensors")
        uses.append(LoraInUse(tmp_path / f"{expert}.safetensors", 1.0, expert))  # type: ignore[arg-type]
    needs = read_memory_needs(folder, CLIP, loras=uses)
    assert needs.loras == 4 * (3000 + 500)
    large = replace(needs, loras=10**9)
    assert all(use(EVERYTHING_RESIDENT, large) >= 10**9 + PROGRAM for use in (host_use, processor_use))


def test_weights_count_as_quantised_when_those_of_one_expert_are(tmp_path: Path) -> None:
    folder = build_two_experts(tmp_path / "m", **NO_TYPE, **WIDE)
    plain = read_memory_needs(folder, CLIP)
    linked = link_to_comfy(folder, tmp_path, {"transformer_2": "fp8-1"})
    needs = read_memory_needs(linked, CLIP)
    assert needs.blocks_computed == plain.blocks
    assert needs.work.kept > 0


def test_a_file_that_holds_the_whole_model_counts_each_part_once(tmp_path: Path) -> None:
    own = build_tiny_model(tmp_path / "m", **NO_TYPE)
    folder = link_to_comfy(own, tmp_path)
    plain = read_memory_needs(folder, CLIP)
    prefixes = {
        "transformer": "model.diffusion_model.",
        "vae": "first_stage_model.",
        "text_encoder": "text_encoders.umt5xxl.transformer.",
    }
    whole = {
        f"{prefix}{name}": each for part, prefix in prefixes.items() for name, each in own_names(own, part).items()
    }
    save_file(
        {name: each.to(torch.bfloat16).contiguous() for name, each in whole.items()}, tmp_path / "all.safetensors"
    )
    for part in prefixes:
        link(folder, part, tmp_path / "all.safetensors")
    needs = read_memory_needs(folder, CLIP)
    check_against_networks(needs, folder, torch.bfloat16)
    assert needs == plain


def test_what_follows_a_sound_is_counted(tmp_path: Path) -> None:
    folder = add_inputs(build_tiny_model(tmp_path / "m"))
    plain = read_memory_needs(folder, CLIP)
    assert read_memory_needs(folder, CLIP, inputs=(InputKind.SOUND,)).rest > plain.rest


@pytest.mark.parametrize(
    ("part", "field"), [("transformer", "ffn_dim"), ("transformer", "num_layers"), ("vae", "base_dim")]
)
def test_a_configuration_that_says_nothing_usable_is_one_sentence(tmp_path: Path, part: str, field: str) -> None:
    folder = build_tiny_model(tmp_path / "m")
    file = folder / part / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {field: "many"}))
    with pytest.raises(BadWeights, match=f"no usable {field}"):
        read_memory_needs(folder, CLIP)


def test_a_model_whose_file_is_gone_is_one_sentence(tmp_path: Path) -> None:
    folder = build_tiny_model(tmp_path / "m")
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(BadWeights, match="download or copy"):
        read_memory_needs(folder, CLIP)


def _linked(folder: Path, beside: Path, kind: str) -> Path:
    """The transformer of ``folder`` in a file elsewhere, under the authors' names, stored as ``kind``."""
    own = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    state = {str(DIT.original(name)): value for name, value in load_file(own).items()}
    own.unlink()
    if kind == "fp8":
        file = beside / "other.safetensors"
        write_scaled(file, state, 1)
    else:
        file = beside / "other.gguf"
        write_gguf(file, state, kind)
    parts = {"version": 1, "architecture": "wan2.1-i2v", "parts": {"transformer": {"files": [str(file)]}}}
    (folder / "svi_parts.json").write_text(json.dumps(parts))
    return file
