"""Which tensors of a safetensors file are quantised, and where their scales are: three generations of ComfyUI's fp8.

The value of a weight is `float(weight) * scale`. First generation: a marker tensor `scaled_fp8` and `X.scale_weight`.
Second: the note `_quantization_metadata` and `X.weight_scale`. Third: a tensor `X.comfy_quant` that holds JSON. Other
quantisations are named and refused, because their numbers read as plain ones are noise.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, SafetensorsHeader, TensorEntry

FP8 = frozenset({"F8_E4M3", "F8_E5M2"})
PLAIN = frozenset({"F64", "F32", "F16", "BF16"})
WEIGHT_TYPES = FP8 | PLAIN
"""The types of a safetensors file that a weight can have; those of ``PLAIN`` torch computes with as they are."""

MARKER = "scaled_fp8"
NOTE = "_quantization_metadata"
DESCRIPTION = ".comfy_quant"
SCALES = (".scale_weight", ".weight_scale")
_READABLE = frozenset({"float8_e4m3fn", "float8_e5m2"})
_BESIDE = (".scale_weight", ".weight_scale", ".scale_input", ".input_scale", DESCRIPTION)
_MAX_DESCRIPTION = 4096
_OTHERS = (
    (re.compile(r"\.weight\._(data|scale)$"), "quanto"),
    (re.compile(r"\.quant_state\.bitsandbytes|\.absmax$"), "bitsandbytes"),
    (re.compile(r"\.wscales$|\.smooth_factor$"), "Nunchaku (SVDQuant)"),
    (re.compile(r"\.qweight$|\.qzeros$"), "GPTQ or AWQ"),
    (re.compile(r"\.weight_scale_2$"), "nvfp4"),
    (re.compile(r"\.pre_quant_scale$"), "fp8 with scales for its inputs (AWQ)"),
)


def beside_weights(name: str) -> bool:
    """Whether the tensor `name` says something about a weight, and is none itself."""
    return name.endswith(_BESIDE) or name.rpartition(".")[2] == MARKER


def scales_of(header: SafetensorsHeader) -> dict[str, str]:
    """By weight: the name of the tensor with its scale; empty for a file of plain numbers.

    Raises BadWeights, one sentence, for another quantisation, and for a weight that should have a scale and has none.
    """
    formats = _formats(header)
    for module, kind in formats.items():
        if kind not in _READABLE:
            raise _unreadable(header, kind, module)
    _refuse_others(header)
    marked = any(name.rpartition(".")[2] == MARKER for name in header.tensors)
    found: dict[str, str] = {}
    for name, entry in header.tensors.items():
        if not name.endswith(".weight"):
            continue
        module = name.removesuffix(".weight")
        scale = next((module + end for end in SCALES if module + end in header.tensors), None)
        if scale is not None:
            _check_scale(header, scale, entry)
            found[name] = scale
        elif entry.dtype in FP8 and (module in formats or marked):
            raise BadWeights(
                f"{header.path} says that its fp8 weights have scales, and {name[:120]} has none, so it would give "
                "noise: get the whole file again."
            )
    return found


def _refuse_others(header: SafetensorsHeader) -> None:
    for name in header.tensors:
        for pattern, what in _OTHERS:
            if pattern.search(name):
                raise _unreadable(header, what, name)
    for name, entry in header.tensors.items():
        if name.endswith(".weight") and entry.dtype in ("I8", "U8"):
            what = "int8" if entry.dtype == "I8" else "packed 4-bit or 8-bit numbers"
            raise _unreadable(header, what, name)


def _formats(header: SafetensorsHeader) -> dict[str, str]:
    """By module: what the second and third generation say about it."""
    found: dict[str, str] = {}
    if NOTE in header.metadata:
        layers = _object(header, header.metadata[NOTE]).get("layers")
        if not isinstance(layers, dict):
            raise _unclear(header)
        found |= {module: _format(header, told) for module, told in layers.items()}
    for name, entry in header.tensors.items():
        if name.endswith(DESCRIPTION):
            told = _object(header, _bytes(header, entry))
            found[name.removesuffix(DESCRIPTION)] = _format(header, told)
    return found


def _format(header: SafetensorsHeader, told: Any) -> str:
    if not isinstance(told, Mapping) or not isinstance(told.get("format"), str):
        raise _unclear(header)
    return str(told["format"])[:80]


def _object(header: SafetensorsHeader, raw: str | bytes) -> dict[str, Any]:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _unclear(header) from error
    if not isinstance(content, dict):
        raise _unclear(header)
    return content


def _bytes(header: SafetensorsHeader, entry: TensorEntry) -> bytes:
    if entry.dtype != "U8" or entry.end - entry.start > _MAX_DESCRIPTION:
        raise _unclear(header)
    try:
        with open_plain(header.path, MAX_FILE_BYTES) as file:
            file.seek(header.data_start + entry.start)
            return file.read(entry.end - entry.start)
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(
            f"The weights file {header.path} could not be read ({error.strerror}); check the disk."
        ) from error


def fits(scale: TensorEntry, weight: TensorEntry) -> bool:
    """Whether it is one number for the whole weight, or one for each of its rows, in a type that is read."""
    rows = weight.shape[0] if weight.shape else 1
    return scale.dtype in ("F32", "F16", "BF16") and scale.shape in ((), (1,), (1, 1), (rows,), (rows, 1))


def has_odd_scales(header: SafetensorsHeader) -> bool:
    """Whether a weight of the file has a scale that is not read here."""
    ends = tuple((name, end) for name in header.tensors for end in SCALES if name.endswith(end))
    pairs = ((header.tensors[name], header.tensors.get(name.removesuffix(end) + ".weight")) for name, end in ends)
    return any(weight is not None and not fits(scale, weight) for scale, weight in pairs)


def _check_scale(header: SafetensorsHeader, name: str, weight: TensorEntry) -> None:
    if not fits(header.tensors[name], weight):
        raise BadWeights(
            f"{header.path} has the scale {name[:120]} in a form that cannot be read here: "
            "use the model's bf16, fp16 or GGUF version."
        )


def _unreadable(header: SafetensorsHeader, what: str, where: str) -> BadWeights:
    return BadWeights(
        f"{header.path} is quantised as {what} (at {where[:120]}), which cannot be read here: "
        "use its bf16, fp16, fp8 or GGUF version."
    )


def _unclear(header: SafetensorsHeader) -> BadWeights:
    return BadWeights(f"{header.path} does not say clearly how it is quantised; download or copy it again.")
