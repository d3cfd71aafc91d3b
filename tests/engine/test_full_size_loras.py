"""The LoRAs in circulation at full size, by their headers: every tensor has its place, and counts as strongly as meant.

A file is as long as the real one and holds nothing but its header and its alphas; the disk keeps holes for the rest.
"""

import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.lora.fit import changed_by, checked_lora
from svi_studio.engine.lora.merge import lora_report
from svi_studio.weights.lora_traits import read_lora_traits

WAN: dict[str, Any] = {
    "num_attention_heads": 40, "attention_head_dim": 128, "in_channels": 36, "out_channels": 16, "text_dim": 4096,
    "freq_dim": 256, "ffn_dim": 13824, "num_layers": 40,
}  # fmt: skip
OF_2_1 = {"image_dim": 1280, "added_kv_proj_dim": 5120}
DIM, FFN, BLOCKS = 5120, 13824, 40
ATTENTION = [f"{kind}.{letter}" for kind in ("self_attn", "cross_attn") for letter in "qkvo"]
LAYERS = {**dict.fromkeys(ATTENTION, (DIM, DIM)), "ffn.0": (FFN, DIM), "ffn.2": (DIM, FFN)}
MODULES = {f"blocks.{block}.{layer}": shape for block in range(BLOCKS) for layer, shape in LAYERS.items()}
PICTURES = {f"blocks.{block}.cross_attn.{name}": (DIM, DIM) for block in range(BLOCKS) for name in ("k_img", "v_img")}
SIZES = {"F32": 4, "F16": 2, "BF16": 2, "I64": 8}

Tensors = dict[str, tuple[str, tuple[int, ...]]]


@pytest.fixture(scope="module")
def of_2_1() -> dict[str, nn.Parameter]:
    return dict(build_network("transformer", WAN | OF_2_1).named_parameters())


@pytest.fixture(scope="module")
def of_2_2() -> dict[str, nn.Parameter]:
    """Either expert of the A14B."""
    return dict(build_network("transformer", WAN).named_parameters())


def svi_original(modules: dict[str, tuple[int, int]], rank: int = 128) -> Tensors:
    """As the authors write them: no prefix, peft's adapter name, no alpha."""
    return {
        f"{name}.lora_{side}.default.weight": ("F32", (rank, shape[1]) if side == "A" else (shape[0], rank))
        for name, shape in modules.items()
        for side in "AB"
    }


def down_up(modules: dict[str, tuple[int, int]], rank: int, *, alpha: str | None, dtype: str = "BF16") -> Tensors:
    """ComfyUI's form, with an alpha of that type in every layer, or none."""
    found: Tensors = {}
    for name, shape in modules.items():
        found[f"diffusion_model.{name}.lora_down.weight"] = (dtype, (rank, shape[1]))
        found[f"diffusion_model.{name}.lora_up.weight"] = (dtype, (shape[0], rank))
        if alpha is not None:
            found[f"diffusion_model.{name}.alpha"] = (alpha, ())
    return found


def differences(channels: int = 36) -> Tensors:
    """What the distilled LoRA for Wan 2.1 holds beside its pairs; the one for films from words has 16 ``channels``."""
    found: Tensors = {"diffusion_model.patch_embedding.diff": ("BF16", (DIM, channels, 1, 2, 2))}
    for block in range(BLOCKS):
        for layer, shape in LAYERS.items():
            found[f"diffusion_model.blocks.{block}.{layer}.diff_b"] = ("BF16", (shape[0],))
        for norm in ("self_attn.norm_q", "self_attn.norm_k", "cross_attn.norm_q", "cross_attn.norm_k", "norm3"):
            found[f"diffusion_model.blocks.{block}.{norm}.diff"] = ("BF16", (DIM,))
        found[f"diffusion_model.blocks.{block}.cross_attn.norm_k_img.diff"] = ("BF16", (DIM,))
    return found


def write(path: Path, tensors: Tensors, alpha: float = 0) -> Path:
    """A sparse file of the full length in which only the alphas are written."""
    header, at, places = {}, 0, []
    for name, (dtype, shape) in tensors.items():
        size = math.prod(shape) * SIZES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + size]}
        places += [(at, dtype)] if name.endswith(".alpha") else []
        at += size
    raw = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(raw).to_bytes(8, "little") + raw)
        start = file.tell()
        for place, dtype in places:
            file.seek(start + place)
            file.write(struct.pack({"I64": "<q", "F32": "<f"}[dtype], int(alpha) if dtype == "I64" else alpha))
        file.truncate(start + at)
    return path


CASES = {
    "SVI_Wan2.2-I2V-A14B_high_noise_lora_v2.0_pro": (svi_original(MODULES), 0, 1.0, 800),
    "SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora_rank_128_fp16": (
        down_up(MODULES, 128, alpha="F32", dtype="F16"), 128, 1.0, 1200,
    ),
    "wan2.2_i2v_A14b_high_noise_lora_rank64_lightx2v_4step_1022": (
        down_up(MODULES, 64, alpha="I64"), 8, 0.125, 1200,
    ),
    "wan2.2_i2v_lightx2v_4steps_lora_v1_low_noise": (down_up(MODULES, 64, alpha=None), 0, 1.0, 800),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_loras_for_the_two_experts_are_understood_wholly(
    tmp_path: Path, of_2_2: dict[str, nn.Parameter], name: str
) -> None:
    tensors, alpha, factor, count = CASES[name]
    path = write(tmp_path / f"{name}.safetensors", tensors, alpha)
    file = checked_lora(path, of_2_2, values=False)
    report = lora_report(file, 1.0)
    assert (report.changed, report.blocks, report.tensors, report.left_out) == (400, 40, count, 0)
    assert {pair.scale for pair in file.low_rank.values()} == {factor}
    assert all(pair.rank == (128 if "SVI" in name else 64) for pair in file.low_rank.values())
    traits = read_lora_traits(path)
    assert (traits.modules, traits.factors, traits.base) == (400, (factor,), WAN_2_2_I2V_A14B)
    assert traits.expert == ("high" if "high" in name.lower() else "low")


def test_both_files_of_svi_pro_are_eight_hundred_modules(tmp_path: Path, of_2_2: dict[str, nn.Parameter]) -> None:
    files = [
        checked_lora(write(tmp_path / f"{expert}.safetensors", svi_original(MODULES)), of_2_2, values=False)
        for expert in ("high", "low")
    ]
    assert sum(len(changed_by(file)) for file in files) == 800


def test_the_distilled_lora_for_wan_2_1_fits_there_wholly_and_on_2_2_but_for_its_pictures(
    tmp_path: Path, of_2_1: dict[str, nn.Parameter], of_2_2: dict[str, nn.Parameter]
) -> None:
    tensors = down_up(MODULES | PICTURES, 64, alpha=None) | differences()
    path = write(tmp_path / "lightx2v_I2V_14B_480p_cfg_step_distill_rank64_bf16.safetensors", tensors)
    whole, part = (lora_report(checked_lora(path, each, values=False), 1.0) for each in (of_2_1, of_2_2))
    assert (whole.changed, whole.tensors, whole.left_out) == (480 + 641, len(tensors), 0)
    assert (part.changed, part.tensors, part.left_out) == (400 + 601, len(tensors) - 200, 200)
    traits = read_lora_traits(path)
    assert (traits.base, traits.expert, traits.distilled) == (WAN_2_1_I2V, None, True)
    assert len(traits.for_pictures) == 120


@pytest.mark.parametrize(
    "patches",
    [
        {"diffusion_model.patch_embedding.diff": ("BF16", (DIM, 16, 1, 2, 2))},
        {
            "diffusion_model.patch_embedding.lora_down.weight": ("BF16", (64, 16, 1, 2, 2)),
            "diffusion_model.patch_embedding.lora_up.weight": ("BF16", (DIM, 64, 1, 1, 1)),
        },
    ],
)
def test_a_lora_for_films_from_words_fits_but_for_the_channels_that_it_takes_in(
    tmp_path: Path, of_2_1: dict[str, nn.Parameter], patches: Tensors
) -> None:
    tensors = down_up(MODULES, 64, alpha=None) | patches | {"diffusion_model.patch_embedding.diff_b": ("BF16", (DIM,))}
    path = write(tmp_path / "Wan21_T2V_14B_lightx2v_cfg_step_distill_lora_rank64.safetensors", tensors)
    file = checked_lora(path, of_2_1, values=False)
    report = lora_report(file, 1.0)
    assert (report.changed, report.tensors, report.left_out) == (401, 801, len(patches))
    assert {name for name in changed_by(file) if "patch" in name} == {"patch_embedding.bias"}
    assert (read_lora_traits(path).channels, read_lora_traits(path).from_words) == (16, True)


def test_a_lora_of_nothing_but_other_channels_is_refused(tmp_path: Path, of_2_1: dict[str, nn.Parameter]) -> None:
    path = write(tmp_path / "x.safetensors", {"patch_embedding.diff": ("BF16", (DIM, 16, 1, 2, 2))})
    with pytest.raises(BadWeights, match=r"only what this model has not: .* or how a video of other channels comes in"):
        checked_lora(path, of_2_1, values=False)


def test_svi_for_wan_2_1_fits_wan_2_1(tmp_path: Path, of_2_1: dict[str, nn.Parameter]) -> None:
    path = write(tmp_path / "SVI_Wan2.1-I2V-14B_lora_v2.0.safetensors", svi_original(MODULES))
    assert lora_report(checked_lora(path, of_2_1, values=False), 1.0).changed == 400


def test_a_file_of_the_authors_that_lacks_a_block_is_refused(tmp_path: Path, of_2_2: dict[str, nn.Parameter]) -> None:
    short = {name: shape for name, shape in MODULES.items() if not name.startswith("blocks.39.")}
    path = write(tmp_path / "short.safetensors", svi_original(short))
    with pytest.raises(BadWeights, match=r"covers 39 of this model's 40 blocks wholly \(block 39 is not\)"):
        checked_lora(path, of_2_2, values=False)
