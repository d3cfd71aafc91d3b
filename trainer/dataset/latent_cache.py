"""Encoded clips and captions on disk: each encoded once, found again by what it was made from."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from svi_studio.disk.atomic import atomic_write, plain_errors, remove_leftovers
from svi_studio.domain.errors import DiskFull, StudioError, from_os_error

if TYPE_CHECKING:
    from torch import Tensor

    from trainer.dataset.clip_source import ClipSource, SkeletonSource, SoundSource

FORMAT = 1
"""Changes whenever the same clip would be encoded to something else."""

VIDEO, PICTURE, TEXT, SOUND, SKELETON = "video", "picture", "text", "sound", "skeleton"
DEGRADED = "degraded"

NOTHING: Mapping[str, Any] = MappingProxyType({})


def condition_name(kind: str) -> str:
    """The name of the condition's latents of that kind in the file of a clip."""
    return f"condition.{kind}"


class LatentCache:
    """Files in one folder, a clip's variant or a caption each, named by the SHA-256 of everything that decides them.

    Trainings with the same clips, sizes and encoders share them. A file is there whole or not at all.
    """

    def __init__(
        self,
        folder: Path,
        *,
        pictures: Mapping[str, Any],
        texts: Mapping[str, Any],
        sounds: Mapping[str, Any] = NOTHING,
        skeletons: Mapping[str, Any] = NOTHING,
    ) -> None:
        """What latents, text features, sound features and drawings depend on besides the clip and its caption."""
        self.folder = folder
        self._pictures = pictures
        self._texts = texts
        self._sounds = sounds
        self._skeletons = skeletons

    def clip_file(self, clip: ClipSource, variant: int) -> Path:
        """Where one variant of a clip belongs: its latents, its conditions' latents, its picture tokens."""
        return self._file("clip", {**self._pictures, "clip": clip.content, "variant": variant})

    def text_file(self, caption: str) -> Path:
        """Where the features of a caption belong."""
        return self._file("text", {**self._texts, "caption": caption})

    def sound_file(self, sound: SoundSource) -> Path:
        """Where the features of a clip's sound belong: its frames and two on either side."""
        return self._file("sound", {**self._sounds, "sound": sound.content, "first": sound.first})

    def skeleton_file(self, skeleton: SkeletonSource) -> Path:
        """Where the drawings of a clip's skeleton belong."""
        return self._file("skeleton", {**self._skeletons, "skeleton": skeleton.content})

    def write(self, path: Path, tensors: Mapping[str, Tensor]) -> None:
        """Writes `tensors` to `path`, whole and on the disk itself. On DiskFull or StudioError nothing is left."""
        with plain_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        atomic_write(path, save(dict(tensors)))

    def tidy(self) -> None:
        """Removes what a process that was killed left half written; call it while nobody else writes here."""
        with suppress(StudioError):  # what stays is in nobody's way
            remove_leftovers(self.folder)

    def check_room(self, size: int) -> None:
        """Raises DiskFull when the disk has no room for `size` more bytes; so hours are not spent for nothing."""
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise from_os_error(error, self.folder) from error
        if free < size:
            raise DiskFull(
                f"The encoded clips need {size / 1e9:,.1f} GB more in {self.folder}, and {free / 1e9:,.1f} GB are "
                "free: make room, or lower variants in the recipe; those that are done stay."
            )

    def is_whole(self, path: Path) -> bool:
        """Whether `path` is there with all its tensors; a damaged file counts as missing."""
        try:
            with safe_open(path, "pt"):
                return True
        except (OSError, SafetensorError):
            return False

    def read(self, path: Path, *names: str) -> dict[str, Tensor]:
        """The tensors `names` that `path` has; the others are not read. Raises StudioError when it has gone."""
        try:
            with safe_open(path, "pt") as file:
                return {name: file.get_tensor(name) for name in names if name in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError) as error:
            raise StudioError(
                f"The stored clip {path} is missing or damaged: go on with the training, and it is encoded again."
            ) from error

    def _file(self, sort: str, facts: Mapping[str, Any]) -> Path:
        content = json.dumps({"format": FORMAT, "sort": sort, **facts}, sort_keys=True)
        return self.folder / f"{sort}-{hashlib.sha256(content.encode()).hexdigest()}.safetensors"
