"""Looks into LoRA files for speed recipes: those of a film, and those in the models folders."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, Expert
from svi_studio.domain.film.speed_recipe import KnownLora
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.lora_kind import check_lora_kind

_MOST_LOOKED_AT = 5000  # files below one folder
_FOLDERS = ("loras", "lora")
_DISTILLED = re.compile(r"lightx2v|lightning|distill|[48]_?steps?\b|causvid|accvid|fastwan|turbo", re.IGNORECASE)
_HIGH = re.compile(r"(?:^|[^a-z])high(?:[^a-z]|$)|highnoise", re.IGNORECASE)
_LOW = re.compile(r"(?:^|[^a-z])low(?:[^a-z]|$)|lownoise", re.IGNORECASE)


def known_lora(path: Path, file: str, name: str = "") -> KnownLora:
    """What the LoRA at ``path`` is; ``file`` is what the answer calls it, ``name`` what people do.

    Raises BadWeights when it is no LoRA for Wan.
    """
    header = check_lora_kind(path)
    words = " ".join([name or path.stem, path.parent.name if not name else "", *header.metadata.values()][:8])[:2000]
    expert: Expert = "high" if _HIGH.search(words) else "low" if _LOW.search(words) else "both"
    architecture = WAN_2_2_I2V_A14B if expert != "both" else WAN_2_1_I2V if "2.1" in words or "21" in words else None
    return KnownLora(file, _DISTILLED.search(words) is not None, expert, architecture)


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
            yield from (path for path in found if _DISTILLED.search(f"{path.parent.name} {path.stem}"))
