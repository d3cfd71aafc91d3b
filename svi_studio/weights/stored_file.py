"""One view of a weights file, safetensors or GGUF: how each weight is stored, and where; without torch."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.gguf_header import GgufHeader, is_gguf, read_gguf_header
from svi_studio.weights.gguf_types import READABLE
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header
from svi_studio.weights.scaled_fp8 import FP8, PLAIN, beside_weights, scales_of

PREFIXES = ("model.diffusion_model.", "diffusion_model.")
"""What programs put before the names of a transformer's tensors."""

_NAMES = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "F8_E4M3": "fp8", "F8_E5M2": "fp8"}


@dataclass(frozen=True)
class StoredTensor:
    """One weight of a file: `format` as the file's kind spells it (`BF16`, `F8_E4M3`, `Q4_K`), its shape, its bytes.

    `start` and `end` count from the file's beginning. `scale` is what its numbers are to be multiplied with.
    """

    format: str
    shape: tuple[int, ...]
    start: int
    end: int
    scale: "StoredTensor | None" = None

    @property
    def quantised(self) -> bool:
        """Whether its numbers are fewer bits than torch computes with."""
        return self.format in FP8 or self.format.startswith("Q")

    @property
    def is_weight(self) -> bool:
        """Whether its numbers can be weights of a network here: whole numbers and bits, such as indices, cannot."""
        return self.format in PLAIN or self.quantised


@dataclass(frozen=True)
class StoredFile:
    """The weights of one file by their names without a prefix; `metadata` holds the texts that it says of itself."""

    path: Path
    tensors: Mapping[str, StoredTensor]
    metadata: Mapping[str, str]

    @property
    def precision(self) -> str:
        """How most of its numbers are stored: bf16, fp16, fp32, fp8, fp8-scaled, or a kind of GGUF."""
        return precision_of([self])


def precision_of(files: Iterable[StoredFile]) -> str:
    """How most of the numbers of one network in ``files`` are stored; ``empty`` without any."""
    sizes: Counter[str] = Counter()
    for tensor in (tensor for file in files for tensor in file.tensors.values()):
        name = _NAMES.get(tensor.format, tensor.format)
        sizes[f"{name}-scaled" if tensor.scale else name] += math.prod(tensor.shape)
    return sizes.most_common(1)[0][0] if sizes else "empty"


def read_stored_file(path: Path) -> StoredFile:
    """What the weights file `path` holds, told by its content, whatever its name; reads headers and a few bytes.

    Raises BadWeights, one sentence, when it is damaged, unsafe, or stored in a way that cannot be read here.
    """
    if is_gguf(path):
        return _of_gguf(read_gguf_header(path))
    return _of_safetensors(read_header(path))


def bare_names(path: Path, names: Iterable[str]) -> dict[str, str]:
    """By name: the same without the prefix; raises BadWeights when two become one."""
    bare = {name: _bare(name) for name in names}
    if len(set(bare.values())) != len(bare):
        twice, _ = Counter(bare.values()).most_common(1)[0]
        raise BadWeights(f"{path} holds the tensor {twice[:120]} twice, with and without a prefix; get another file.")
    return bare


def _bare(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)), name)


def _of_safetensors(header: SafetensorsHeader) -> StoredFile:
    scales = scales_of(header)
    places = {
        name: StoredTensor(entry.dtype, entry.shape, header.data_start + entry.start, header.data_start + entry.end)
        for name, entry in header.tensors.items()
    }
    weights = [name for name in places if not beside_weights(name)]
    bare = bare_names(header.path, weights)
    return StoredFile(
        header.path,
        {bare[name]: _with_scale(places, name, scales.get(name)) for name in weights},
        header.metadata,
    )


def _with_scale(places: Mapping[str, StoredTensor], name: str, scale: str | None) -> StoredTensor:
    own = places[name]
    return StoredTensor(own.format, own.shape, own.start, own.end, places[scale] if scale else None)


def _of_gguf(header: GgufHeader) -> StoredFile:
    for name, entry in header.tensors.items():
        if entry.kind not in READABLE:
            raise BadWeights(
                f"{header.path} stores {name[:120]} as {entry.kind}, which cannot be read here: use a file of a kind "
                "like Q8_0, Q6_K, Q5_K_M, Q4_K_M or Q4_0."
            )
    bare = bare_names(header.path, header.tensors)
    return StoredFile(
        header.path,
        {bare[name]: StoredTensor(e.kind, e.shape, e.start, e.end) for name, e in header.tensors.items()},
        {key: value for key, value in header.metadata.items() if isinstance(value, str)},
    )
