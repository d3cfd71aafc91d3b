"""Reads what a LoRA file says of itself from its header, its names and a few single numbers; without torch."""

import re
import struct
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.film.architecture import WAN_2_1_I2V
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.training.card import TrainingCard
from svi_studio.weights.adapter_config import read_adapter_config
from svi_studio.weights.input_channels import input_channels
from svi_studio.weights.lora_card import training_card
from svi_studio.weights.model_folder import OneExpert, linked_files, weights_files
from svi_studio.weights.name_marks import base_in, expert_in, family_in, is_from_words, is_marked, names_of
from svi_studio.weights.picture_layers import looks_at_pictures
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, SafetensorsHeader, TensorEntry, read_header
from svi_studio.weights.stored_file import read_stored_file

_LAYER = re.compile(
    r"(?P<module>.+?)\.(?:(?P<down>(?:lora_A|lora_down|lora\.down)(?:\.\w+)?\.weight)|(?P<alpha>alpha)|"
    r"(?P<diff>diff|diff_b|diff_m)|(?P<dora>dora_scale|lora_magnitude_vector.*)|(?P<hada>hada_w1_b)(?:\.default)?|"
    r"(?P<kron>lokr_w[12](?:_[ab])?)(?:\.default)?|(?:lora_B|lora_up|lora\.up|hada_w\d_[ab]).*)"
)
_PREFIXES = re.compile(r"(?:(?:pipe|dit|diffusion_model|base_model|transformer|model|module)\.)+")
_CONTENT_NAME = re.compile(r"[0-9a-f]{64}")
_MOST_NAME, _MOST_RANKS = 300, 64
_NUMBERS = {"F64": "<d", "F32": "<f", "F16": "<e", "I64": "<q", "I32": "<i", "I16": "<h", "U8": "<B", "I8": "<b"}


def read_lora_traits(
    path: Path, *, called: Iterable[str] = (), at: str | None = None, header: SafetensorsHeader | None = None
) -> LoraTraits:
    """The traits of the LoRA file at ``path``; ``called`` is what people call it, which counts more than its name.

    ``at``: the path that its names are taken from instead, as a film writes it. A name that is a hash says nothing, and
    neither does the folder that such files lie in. ``header``: the file's, where it was read already.
    Raises BadWeights for a file that is no whole safetensors file.
    """
    header = header or read_header(path)
    layers = _Layers(header)
    place = PurePosixPath(path.absolute().as_posix() if at is None else at)
    names = (*filter(None, called), *names_of(place, header.metadata))
    if _CONTENT_NAME.fullmatch(place.stem):
        names = (*filter(None, called), *names_of(PurePosixPath("unnamed"), header.metadata))
    card = training_card(header.metadata)
    return LoraTraits(
        kind=layers.kind,
        modules=len(layers.modules),
        ranks=tuple(sorted(set(layers.ranks.values())))[:_MOST_RANKS],
        factors=layers.factors(path),
        differences=layers.differences,
        for_pictures=tuple(sorted(name for name in layers.modules if looks_at_pictures(name))),
        expert=_trained_for(card) or expert_in(names),
        base=base_in(names) or (WAN_2_1_I2V if any(map(looks_at_pictures, layers.modules)) else None),
        distilled=is_marked("distilled", names),
        svi=is_marked("svi", names),
        family=family_in(names) if card is None else card.family,
        recycles=None if card is None else card.error_recycling,
        from_words=is_from_words(names),
        channels=input_channels(header.tensors),
    )


def is_distilled_model(folder: Path, names: Iterable[str]) -> bool:
    """Whether the model in ``folder``, which people also call by ``names``, says that it was made for few steps.

    Raises BadWeights when its weights are missing or damaged.
    """
    told = [
        word
        for file in weights_files(folder, "transformer")[:1]
        for word in names_of(PurePosixPath("unnamed"), read_stored_file(file).metadata)
    ]
    told += [file.stem for file in linked_files(folder, "transformer")[:1]]
    return is_marked("distilled", (*names, folder.name, *told))


def _trained_for(card: TrainingCard | None) -> OneExpert | None:
    """What this program's own training wrote into the file."""
    return None if card is None or card.expert == "both" else card.expert


class _Layers:
    """The layers of one file by their bare names."""

    def __init__(self, header: SafetensorsHeader) -> None:
        self._header = header
        self.modules: set[str] = set()
        self.ranks: dict[str, int] = {}
        self.differences = 0
        self._alphas: dict[str, TensorEntry] = {}
        found = set[str]()
        for name, entry in header.tensors.items():
            if (match := _LAYER.fullmatch(name[:_MOST_NAME])) is None:
                continue
            module = _PREFIXES.sub("", match["module"], count=1)
            self.modules.add(module)
            found |= {part for part in ("dora", "hada", "kron") if match[part]}
            self.differences += match["diff"] is not None
            if (match["down"] or match["hada"]) and entry.shape:
                self.ranks[module] = entry.shape[0]
            if match["alpha"]:
                self._alphas[module] = entry
        kinds: dict[str, Literal["DoRA", "LoHa", "LoKr"]] = {"dora": "DoRA", "hada": "LoHa", "kron": "LoKr"}
        self.kind: Literal["LoRA", "DoRA", "LoHa", "LoKr"] = next(
            (kind for part, kind in kinds.items() if part in found), "LoRA"
        )

    def factors(self, path: Path) -> tuple[float, ...]:
        """How strongly its layers count at weight 1, each factor once: by its alpha, else by peft's notes, else 1."""
        config = read_adapter_config(path, self._header)
        told = {name: config.scale((name,), rank) for name, rank in self.ranks.items() if name not in self._alphas}
        found = {1.0 if scale is None else scale for scale in told.values()}
        own = {name: entry for name, entry in self._alphas.items() if name in self.ranks}
        numbers = read_numbers(path, self._header, own)
        found |= {number / max(self.ranks[name], 1) for name, number in numbers.items() if isfinite(number)}
        return tuple(sorted(found))[:_MOST_RANKS]


def read_numbers(path: Path, header: SafetensorsHeader, entries: Mapping[str, TensorEntry]) -> dict[str, float]:
    """The values of tensors that hold one number each; others are left out."""
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            read = {name: _number(file, header.data_start, entry) for name, entry in entries.items()}
    except (OSError, Refused) as error:
        raise BadWeights(f"The LoRA {path} could not be read; copy or download it again.") from error
    return {name: number for name, number in read.items() if number is not None}


def _number(file: BinaryIO, start: int, entry: TensorEntry) -> float | None:
    file.seek(start + entry.start)
    content = file.read(min(entry.end - entry.start, 8))
    if entry.dtype == "BF16" and len(content) == 2:
        return float(struct.unpack("<f", b"\0\0" + content)[0])
    form = _NUMBERS.get(entry.dtype)
    return float(struct.unpack(form, content)[0]) if form and len(content) == struct.calcsize(form) else None
