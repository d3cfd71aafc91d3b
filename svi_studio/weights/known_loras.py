"""Looks into LoRA files for speed recipes: those of a film, and those in the models folders."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.architecture import WAN_2_2_I2V_A14B
from svi_studio.domain.film.speed_recipe import KnownLora
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.lora_kind import check_lora_kind
from svi_studio.weights.lora_traits import read_lora_traits
from svi_studio.weights.name_marks import is_marked

_MOST_LOOKED_AT = 5000  # files below one folder
_FOLDERS = ("loras", "lora")


def known_lora(path: Path, file: str, name: str = "") -> KnownLora:
    """What the LoRA at ``path`` is; ``file`` is what the answer calls it, ``name`` what it was called elsewhere.

    Raises BadWeights when it is no LoRA for Wan.
    """
    check_lora_kind(path)
    traits = read_lora_traits(path, called=(name,), at=None if Path(file).is_absolute() else file)
    base = traits.base or (None if traits.expert is None else WAN_2_2_I2V_A14B)  # the only one of two experts
    return KnownLora(file, traits.distilled, traits.expert or "both", base)


def loras_in_folders() -> tuple[KnownLora, ...]:
    """The distilled LoRAs in the models folders, called by their paths; what cannot be used is left out.

    Only files are looked into whose names say that they are distilled.
    """
    return tuple(_looked_into(_named_so()))


def _looked_into(paths: Iterable[Path]) -> Iterator[KnownLora]:
    for path in paths:
        try:
            yield known_lora(path, str(path))
        except (StudioError, OSError, ValueError):  # of another model, or gone meanwhile: others may do
            continue


def _named_so() -> Iterator[Path]:
    for folder in models_folders():
        for name in _FOLDERS:
            try:
                found = sorted(islice((folder / name).rglob("*.safetensors"), _MOST_LOOKED_AT))
            except OSError:
                continue
            yield from (path for path in found if is_marked("distilled", (path.stem, path.parent.name)))
