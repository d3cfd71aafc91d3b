"""Reads how large the model in a folder is, from its configurations and the headers of its weights; without torch."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.encoder_operations import WAN_2_1_ENCODER, EncoderShape
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.weights.model_folder import (
    EXPERT_PARTS,
    OPTIONAL_PARTS,
    SOUND_ENCODER,
    input_files,
    read_json,
    sound_encoder_files,
    weights_files,
)
from svi_studio.weights.safetensors_header import read_header
from svi_studio.weights.stored_file import StoredFile, precision_of, read_stored_file

_NO_NUMBERS = frozenset({"U8", "I8", "BOOL", "U16", "I16", "U32", "I32", "U64", "I64"})
"""Types of tensors that are no weights, such as the bytes of a tokenizer."""


@dataclass(frozen=True)
class PartSize:
    """One part of a model: its weights as so many ``values`` and as ``bytes`` in its files, most in ``precision``."""

    values: int
    bytes: int
    precision: str


def read_model_size(folder: Path) -> ModelSize:
    """The sizes of the model in ``folder``. Raises BadWeights when a part is missing or says nothing about itself."""
    config_file = folder / "transformer" / "config.json"
    config, vae = read_json(config_file), read_json(folder / "vae" / "config.json")
    heads, head = _whole(config, "num_attention_heads", config_file), _whole(config, "attention_head_dim", config_file)
    return ModelSize(
        transformer=_parameters(folder, "transformer"),
        text_encoder=_parameters(folder, "text_encoder"),
        image_encoder=_parameters(folder, "image_encoder"),
        vae=_parameters(folder, "vae"),
        blocks=_whole(config, "num_layers", config_file),
        width=heads * head,
        feed_forward=_whole(config, "ffn_dim", config_file),
        text_width=_whole(config, "text_dim", config_file),
        picture_width=_whole(config, "image_dim", config_file, default=0),
        channels=_whole(config, "out_channels", config_file, default=16),
        spatial=_whole(vae, "scale_factor_spatial", folder / "vae" / "config.json", default=8),
        picture_tokens=_picture_tokens(folder),
        hearing=_values(input_files(folder, InputKind.SOUND)),
        sound_encoder=_values(sound_encoder_files(folder)),
        sound_width=_sound_width(folder),
        temporal=_whole(vae, "scale_factor_temporal", folder / "vae" / "config.json", default=4),
        experts=1 + (folder / EXPERT_PARTS["low"]).is_dir(),
        vae_widths=_vae_widths(vae, folder / "vae" / "config.json"),
        residual=vae.get("is_residual") is True,
        text_table=_largest_tensor(folder, "text_encoder"),
        encoder=_encoder(vae, folder / "vae" / "config.json"),
    )


def _vae_widths(vae: dict[str, Any], file: Path) -> tuple[int, int]:
    """Base channels of the encoder, and of the decoder where that has others."""
    encoder = _whole(vae, "base_dim", file, default=96)
    return encoder, _whole(vae, "decoder_base_dim", file, default=encoder)


def _encoder(vae: dict[str, Any], file: Path) -> EncoderShape:
    usual = WAN_2_1_ENCODER
    multiples = vae.get("dim_mult", list(usual.multiples))
    halves = vae.get("temperal_downsample", list(usual.halves_time))
    if not isinstance(multiples, list) or not multiples or not isinstance(halves, list):
        raise BadWeights(f"{file} gives no usable dim_mult: download or copy the model again.")
    if len(halves) < len(multiples) - 1:
        raise BadWeights(f"{file} gives no usable temperal_downsample: download or copy the model again.")
    return EncoderShape(
        width=_whole(vae, "base_dim", file, default=usual.width),
        multiples=tuple(_whole({"dim_mult": each}, "dim_mult", file) for each in multiples),
        blocks=_whole(vae, "num_res_blocks", file, default=usual.blocks),
        halves_time=tuple(each is True for each in halves),
        fold=_whole(vae, "patch_size", file, default=usual.fold),
        channels=_whole(vae, "z_dim", file, default=usual.channels),
    )


def _largest_tensor(folder: Path, part: str) -> int:
    """Values of the largest tensor of one part."""
    stored = (read_stored_file(file) for file in weights_files(folder, part))
    return max((math.prod(tensor.shape) for file in stored for tensor in file.tensors.values()), default=0)


def _picture_tokens(folder: Path) -> int:
    """Patches of the image encoder's picture and one token for the whole; 0 without an image encoder."""
    file = folder / "image_encoder" / "config.json"
    if not file.is_file():
        return 0
    config = read_json(file)
    side = _whole(config, "image_size", file, default=224) // _whole(config, "patch_size", file, default=14)
    return side**2 + 1


def _sound_width(folder: Path) -> int:
    """Values that the sound's encoder makes of a frame, in all its layers; 0 without one."""
    file = folder / SOUND_ENCODER / "config.json"
    if not file.is_file():
        return 0
    config = read_json(file)
    return _whole(config, "hidden_size", file) * _whole(config, "num_hidden_layers", file)


def _values(files: Iterable[Path]) -> int:
    """Values of all tensors in files that a model can do without; 0 without any."""
    return sum(math.prod(entry.shape) for file in files for entry in read_header(file).tensors.values())


def part_size(files: Iterable[Path]) -> PartSize:
    """The size of one network in ``files``; raises BadWeights when one is missing, damaged or cannot be read."""
    stored = [read_stored_file(file) for file in files]
    counted = [_counted(file) for file in stored]
    return PartSize(sum(values for values, _ in counted), sum(size for _, size in counted), precision_of(stored))


def _counted(file: StoredFile) -> tuple[int, int]:
    weights = [tensor for tensor in file.tensors.values() if tensor.format not in _NO_NUMBERS]
    return sum(math.prod(each.shape) for each in weights), sum(each.end - each.start for each in weights)


def _parameters(folder: Path, part: str) -> int:
    """Values of all tensors of one part; 0 for a part that the model can do without and has not."""
    if part in OPTIONAL_PARTS and not (folder / part).is_dir():
        return 0
    return part_size(weights_files(folder, part)).values


def _whole(config: dict[str, Any], name: str, file: Path, default: int | None = None) -> int:
    value = config.get(name)
    if value is None and default is not None:
        return default
    if type(value) is not int or not 0 < value <= 1_000_000:
        raise BadWeights(f"{file} gives no usable {name}: download or copy the model again.")
    return value
