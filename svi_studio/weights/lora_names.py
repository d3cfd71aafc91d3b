"""Writes a LoRA under the names of another program: the same matrices, read and written piece by piece, without torch.

All three forms mean the same in films of this program: what a factor makes of the LoRA is in the matrix B, and an
``alpha`` is the rank, except where a file for ComfyUI is made of one that has an alpha of its own, which stays.
"""

import json
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Final

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.weights.adapter_config import METADATA, AdapterConfig, read_adapter_config
from svi_studio.weights.key_names import DIT
from svi_studio.weights.lora_keys import LoraKey, LoraKeyReader, Role, bare_name
from svi_studio.weights.lora_traits import read_numbers
from svi_studio.weights.safetensors_header import BITS, MAX_FILE_BYTES, SafetensorsHeader, TensorEntry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

POSE_ENCODER: Final = "dwpose_embedding."
_IN_TRAINING: Final = "skeleton_network."  # where a training keeps the pose encoder
_MOST_BLOCKS: Final = 64
_SIDES: Final[dict[LoraNames, tuple[str, str]]] = {
    "authors": ("lora_A.default.weight", "lora_B.default.weight"),
    "peft": ("lora_A.weight", "lora_B.weight"),
    "comfyui": ("lora_down.weight", "lora_up.weight"),
}
_PREFIX: Final[dict[LoraNames, str]] = {"authors": "pipe.dit.", "peft": "transformer.", "comfyui": "diffusion_model."}
_DIFFERENCES: Final[dict[Role, str]] = {"diff": "diff", "diff_bias": "diff_b"}
_FORMATS: Final = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


def layer_name(module: str, names: LoraNames) -> str:
    """The layer ``module`` of diffusers' class as those ``names`` have it, with their prefix."""
    own = module if names == "peft" else DIT.original(module) or module
    return f"{_PREFIX[names]}{own}"


def side_name(module: str, side: Role, names: LoraNames) -> str:
    """The tensor of ``module`` that is its ``side``: "down" (A, [rank, in]), "up" (B, [out, rank]) or "alpha"."""
    ending = "alpha" if side == "alpha" else _SIDES[names][side == "up"]
    return f"{layer_name(module, names)}.{ending}"


@dataclass(frozen=True)
class Piece:
    """One tensor that is to be written: its entry in the source, times ``factor``; or a number of its own."""

    source: str = ""
    factor: float = 1.0
    number: float | None = None


@cache
def wan_parameters() -> tuple[str, ...]:
    """The weights of every Wan by diffusers' names, so that names are understood that write them in one word."""
    return tuple(f"{module}.weight" for module in DIT.new_modules(_MOST_BLOCKS))


def renamed(header: SafetensorsHeader, names: LoraNames, trained_factor: float | None = None) -> dict[str, Piece]:
    """What the LoRA of ``header`` is under other names: what to write, by name. Reads its alphas.

    ``trained_factor``: that of every layer of a checkpoint, which has it nowhere inside; it goes into B.

    Raises BadWeights for what those names have no place for: a DoRA, LoHa or LoKr, biases, and whole differences but in
    ComfyUI's form; and for one that is no LoRA or not whole.
    """
    reader = LoraKeyReader(wan_parameters())
    found: dict[str, dict[Role, str]] = {}
    pieces: dict[str, Piece] = {}
    for tensor in header.tensors:
        if (pose := bare_name(tensor).removeprefix(_IN_TRAINING)).startswith(POSE_ENCODER):
            pieces[pose] = Piece(tensor)
            continue
        key = reader.read(tensor)
        if key is None:
            raise BadWeights(f"{header.path} is not a LoRA of a known form: {tensor[:120]} is not understood.")
        if key.role in _DIFFERENCES and names == "comfyui":
            pieces[_difference_name(key)] = Piece(tensor)
        else:
            found.setdefault(key.parameter, {})[_plain(header, key, tensor)] = tensor
    config = AdapterConfig() if trained_factor is not None else read_adapter_config(header.path, header)
    factors = _factors(header, found, config)
    for parameter, sides in found.items():
        own = factors[parameter] if trained_factor is None else trained_factor
        keeps_alpha = names == "comfyui" and trained_factor is None
        pieces |= _layer(header, parameter.removesuffix(".weight"), sides, (own, keeps_alpha), names)
    if not found:
        raise BadWeights(f"{header.path} holds no matrices of a LoRA: choose another file.")
    return pieces


def file_pieces(header: SafetensorsHeader, pieces: Mapping[str, Piece], metadata: Mapping[str, str]) -> Iterator[bytes]:
    """The content of a safetensors file with those ``pieces`` of the file of ``header``, in their order.

    Raises BadWeights when that cannot be read, or holds values that are not numbers.
    """
    yield _header({name: _entry(header, piece) for name, piece in pieces.items()}, metadata)
    try:
        with open_plain(header.path, MAX_FILE_BYTES) as file:
            for name, piece in pieces.items():
                yield _content(header, file, name, piece)
    except (OSError, Refused) as error:
        raise BadWeights(f"The LoRA {header.path} could not be read; copy or download it again.") from error


def kept_metadata(header: SafetensorsHeader) -> dict[str, str]:
    """What the file says of itself, without the strength that its new form has inside."""
    return {name: text for name, text in header.metadata.items() if name != METADATA}


def _plain(header: SafetensorsHeader, key: LoraKey, tensor: str) -> Role:
    if key.role not in {"down", "up", "alpha"}:
        what = {"magnitude": "a DoRA", "composed": "a LoHa or LoKr"}.get(key.role, "a LoRA with whole differences")
        raise BadWeights(
            f"{header.path} is {what} (it has {tensor[:80]}), which those names have no place for: it stays as it is."
        )
    if not key.parameter.endswith(".weight"):
        raise BadWeights(f"{header.path} changes {tensor[:80]}, which those names have no place for.")
    return key.role


def _difference_name(key: LoraKey) -> str:
    module = key.parameter.removesuffix(".weight").removesuffix(".bias")
    if module.endswith("scale_shift_table"):
        return f"{layer_name(module, 'comfyui').removesuffix('.modulation')}.diff_m"
    return f"{layer_name(module, 'comfyui')}.{_DIFFERENCES[key.role]}"


def _layer(
    header: SafetensorsHeader, module: str, sides: Mapping[Role, str], strength: tuple[float, bool], names: LoraNames
) -> dict[str, Piece]:
    """One layer; ``strength``: its factor, and whether an alpha says it instead of B."""
    factor, in_alpha = strength
    rank = header.tensors[sides["down"]].shape[0]
    made = {
        side_name(module, "down", names): Piece(sides["down"]),
        side_name(module, "up", names): Piece(sides["up"], 1.0 if in_alpha else factor),
    }
    if names == "comfyui":
        made[side_name(module, "alpha", names)] = Piece(number=factor * rank if in_alpha else float(rank))
    return made


def _factors(
    header: SafetensorsHeader, found: Mapping[str, Mapping[Role, str]], config: AdapterConfig
) -> dict[str, float]:
    """How strongly each layer counts at weight 1: by its alpha, else by the file's description, else 1."""
    factors = {}
    alphas = _alphas(header, [sides["alpha"] for sides in found.values() if "alpha" in sides])
    for parameter, sides in found.items():
        if "down" not in sides or "up" not in sides:
            raise BadWeights(f"{header.path} is incomplete: {parameter} lacks one of its matrices; get the whole file.")
        down, up = header.tensors[sides["down"]].shape, header.tensors[sides["up"]].shape
        if len(down) < 2 or len(up) < 2 or down[0] != up[1] or not down[0]:
            raise BadWeights(f"{header.path} is damaged: the two matrices of {parameter} do not fit each other.")
        module = parameter.removesuffix(".weight")
        told = config.scale((module, DIT.original(module) or module), down[0])
        factors[parameter] = alphas[sides["alpha"]] / down[0] if "alpha" in sides else 1.0 if told is None else told
    return factors


def _alphas(header: SafetensorsHeader, tensors: Iterable[str]) -> dict[str, float]:
    wanted = {name: header.tensors[name] for name in tensors}
    numbers = read_numbers(header.path, header, wanted)
    if missing := next((name for name in wanted if not math.isfinite(numbers.get(name, math.nan))), None):
        raise BadWeights(f"{header.path} is damaged: {missing[:120]} should be a single number; get the file again.")
    return numbers


def _entry(header: SafetensorsHeader, piece: Piece) -> tuple[str, tuple[int, ...]]:
    if piece.number is not None:
        return "F32", ()
    entry = header.tensors[piece.source]
    return (entry.dtype if piece.factor == 1 or entry.dtype == "F64" else "F32"), entry.shape


def _content(header: SafetensorsHeader, file: BinaryIO, name: str, piece: Piece) -> bytes:
    if piece.number is not None:
        return struct.pack("<f", piece.number)
    entry = header.tensors[piece.source]
    file.seek(header.data_start + entry.start)
    raw = file.read(entry.end - entry.start)
    values = _values(raw, entry)
    if values is None and piece.factor != 1:
        raise BadWeights(f"{header.path} holds {name[:120]} as {entry.dtype}, which cannot be written anew here.")
    if values is not None and not math.isfinite(float(values.min(initial=0)) + float(values.max(initial=0))):
        raise BadWeights(f"The LoRA was not written: {name[:120]} holds values that are not numbers.")
    if values is None or piece.factor == 1:
        return raw
    scaled = values * values.dtype.type(piece.factor)
    return scaled.astype("<f8" if entry.dtype == "F64" else "<f4").tobytes()


def _values(raw: bytes, entry: TensorEntry) -> "npt.NDArray[np.floating] | None":
    """As float32 or wider; None for types of other kinds."""
    import numpy as np  # noqa: PLC0415 - the training window looks at LoRAs, and mostly writes none

    if entry.dtype == "BF16":
        return (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    form = _FORMATS.get(entry.dtype)
    if form is None:
        return None
    values = np.frombuffer(raw, form)
    return values.astype("<f4") if entry.dtype == "F16" else values


def _header(entries: Mapping[str, tuple[str, tuple[int, ...]]], metadata: Mapping[str, str]) -> bytes:
    content: dict[str, object] = {"__metadata__": {"format": "pt", **metadata}}
    position = 0
    for name, (dtype, shape) in entries.items():
        end = position + math.prod(shape) * BITS[dtype] // 8
        content[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [position, end]}
        position = end
    raw = json.dumps(content, separators=(",", ":")).encode()
    raw += b" " * (-len(raw) % 8)
    return len(raw).to_bytes(8, "little") + raw
