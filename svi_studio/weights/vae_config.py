"""Works out the configuration of a Wan VAE from the shapes of its tensors: the one of 16 channels or of 48."""

import math
from typing import Any

from svi_studio.weights.network_config import Shapes, count

_STAGES = 4
_COLOURS = 3
_RESIDUAL = "encoder.downsamples.0.downsamples.0.residual.2.weight"

MEAN_48 = (
    -0.2289, -0.0052, -0.1323, -0.2339, -0.2799, 0.0174, 0.1838, 0.1557, -0.1382, 0.0542, 0.2813, 0.0891,
    0.1570, -0.0098, 0.0375, -0.1825, -0.2246, -0.1207, -0.0698, 0.5109, 0.2665, -0.2108, -0.2158, 0.2502,
    -0.2055, -0.0322, 0.1109, 0.1567, -0.0729, 0.0899, -0.2799, -0.1230, -0.0313, -0.1649, 0.0117, 0.0723,
    -0.2839, -0.2083, -0.0520, 0.3748, 0.0152, 0.1957, 0.1433, -0.2944, 0.3573, -0.0548, -0.1681, -0.0667,
)  # fmt: skip
STD_48 = (
    0.4765, 1.0364, 0.4514, 1.1677, 0.5313, 0.4990, 0.4818, 0.5013, 0.8158, 1.0344, 0.5894, 1.0901,
    0.6885, 0.6165, 0.8454, 0.4978, 0.5759, 0.3523, 0.7135, 0.6804, 0.5833, 1.4146, 0.8986, 0.5659,
    0.7069, 0.5338, 0.4889, 0.4917, 0.4069, 0.4999, 0.6866, 0.4093, 0.5709, 0.6065, 0.6415, 0.4944,
    0.5726, 1.2042, 0.5458, 1.6887, 0.3971, 1.0600, 0.3943, 0.5537, 0.5444, 0.4089, 0.7468, 0.7744,
)  # fmt: skip
"""Mean and deviation of each of the 48 latent channels, as the authors publish them with Wan 2.2's VAE."""


def vae_config(shapes: Shapes) -> dict[str, Any]:
    """Configuration of `AutoencoderKLWan`; mean and deviation of the latents are the published ones."""
    return _residual_config(shapes) if is_residual(shapes) else _plain_config(shapes)


def is_residual(shapes: Shapes) -> bool:
    """Whether it is Wan 2.2's VAE of 48 channels, whose stages are modules of their own."""
    return _RESIDUAL in shapes


def _plain_config(shapes: Shapes) -> dict[str, Any]:
    base = shapes["encoder.conv1.weight"][0]
    blocks = plain_blocks(shapes)
    firsts = [stage * (blocks + 1) for stage in range(_STAGES)]
    widths = [shapes[f"encoder.downsamples.{first}.residual.2.weight"][0] for first in firsts]
    return {
        "_class_name": "AutoencoderKLWan",
        "base_dim": base,
        "z_dim": shapes["conv2.weight"][0],
        "dim_mult": [width // base for width in widths],
        "num_res_blocks": blocks,
        "temperal_downsample": [
            f"encoder.downsamples.{first + blocks}.time_conv.weight" in shapes for first in firsts[:-1]
        ],
    }


def plain_blocks(shapes: Shapes) -> int:
    """The number of residual blocks a stage: the stages are numbered in one row, with a resampler between two."""
    return (count(shapes, r"encoder\.downsamples\.(\d+)\.") + 1) // _STAGES - 1


def _residual_config(shapes: Shapes) -> dict[str, Any]:
    """Pictures are folded before the first convolution, so it takes more channels than there are colours."""
    base, folded = shapes["encoder.conv1.weight"][:2]
    stages = [f"encoder.downsamples.{i}.downsamples" for i in range(count(shapes, r"encoder\.downsamples\.(\d+)\."))]
    mult = [shapes[f"{stage}.0.residual.2.weight"][0] // base for stage in stages]
    blocks, patch = residual_blocks(shapes), math.isqrt(folded // _COLOURS)
    in_time = [f"{stage}.{blocks}.time_conv.weight" in shapes for stage in stages[:-1]]
    return {
        "_class_name": "AutoencoderKLWan",
        "base_dim": base,
        "decoder_base_dim": shapes["decoder.conv1.weight"][0] // mult[-1],
        "z_dim": shapes["conv2.weight"][0],
        "dim_mult": mult,
        "num_res_blocks": blocks,
        "temperal_downsample": in_time,
        "is_residual": True,
        "in_channels": folded,
        "out_channels": shapes["decoder.head.2.weight"][0],
        "patch_size": patch,
        "scale_factor_spatial": patch * 2 ** (len(stages) - 1),
        "scale_factor_temporal": 2 ** sum(in_time),
        "latents_mean": list(MEAN_48),
        "latents_std": list(STD_48),
    }


def residual_blocks(shapes: Shapes) -> int:
    """The number of residual blocks a stage; the last stage has nothing else."""
    last = count(shapes, r"encoder\.downsamples\.(\d+)\.") - 1
    return count(shapes, rf"encoder\.downsamples\.{last}\.downsamples\.(\d+)\.residual\.")
