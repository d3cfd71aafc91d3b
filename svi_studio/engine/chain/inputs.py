"""Reads what a clip is made from beside its picture: the features of its sound, the drawings of its skeleton."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.advance import HEARD_AROUND
from svi_studio.domain.film.family import family
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.chain.skeleton_files import DrawnSkeletons
from svi_studio.engine.chain.unchanged import check_unchanged
from svi_studio.engine.conditions.drawings import RESIZES
from svi_studio.engine.conditions.sound_cache import Features, SoundCache
from svi_studio.media.inside import resolve_inside

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from svi_studio.domain.takes.job import ClipInput, ClipJob
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.media.frames import Frames


class ClipInputs:
    """The inputs of the clips of one film, whose files lie in its `folder`."""

    def __init__(self, models: WanModels, folder: Path, should_stop: Callable[[], bool]) -> None:
        self._folder = folder
        self._sounds = SoundCache(models.folder or folder, models.device, should_stop)
        self._skeletons = DrawnSkeletons()
        self._checked: set[tuple[str, str]] = set()

    def read(self, job: ClipJob) -> Mapping[str, Tensor]:
        """By the names of `ClipRequest.inputs`, what `job` is made from; nothing for a family without inputs.

        Raises BadInput for a file that cannot be read or was changed, BadProject for one outside of the film's folder.
        """
        found: dict[str, Tensor] = {}
        needs = family(job.family).needs
        if InputKind.SOUND in needs:
            found["sound"] = torch.from_numpy(self._heard(job))
        if InputKind.SKELETON in needs:
            drawings = np.ascontiguousarray(self._drawn(job).transpose(3, 0, 1, 2))
            found["skeleton"] = torch.from_numpy(drawings)  # [3, N, H, W]
        return found

    def listen(self, job: ClipJob, heard: Callable[[float], None]) -> None:
        """Listens to the sounds of `job` that the model does not know yet, so that `read` takes no time for it.

        `heard` and what is raised are those of `SoundCache.features`.
        """
        for each, path in self._of_kind(job, InputKind.SOUND):
            self._sounds.features(path, each.sha256, each.fps, heard)

    def _of_kind(self, job: ClipJob, kind: InputKind) -> list[tuple[ClipInput, Path]]:
        return [(each, self._file(each)) for each in job.inputs if each.kind is kind]

    def _file(self, each: ClipInput) -> Path:
        path = resolve_inside(self._folder, each.file)
        if (each.file, each.sha256) not in self._checked:
            check_unchanged(path, each.sha256, each.kind)
            self._checked.add((each.file, each.sha256))
        return path

    def _heard(self, job: ClipJob) -> Features:
        """Features `[2 + N + 2, L, C]`, two frames on either side included; silence where there is no sound."""
        silence = self._sounds.silence()
        heard = np.repeat(silence[None], job.num_frames + 2 * HEARD_AROUND, axis=0)
        for each, path in self._of_kind(job, InputKind.SOUND):
            features = self._sounds.features(path, each.sha256, each.fps)
            part = features[each.first_frame : each.first_frame + each.num_frames]
            if each.first_frame + len(part) == len(features) and len(part) < each.num_frames:
                part = np.concatenate([part, features[-1:]])  # a last frame that the sound fills only in part
            place = each.at + HEARD_AROUND
            heard[place : place + len(part)] = part
        return heard

    def _drawn(self, job: ClipJob) -> Frames:
        """Drawings `[N, H, W, 3]` at the clip's size; in a gap the last one stays, or the first is there already."""
        drawn = np.zeros((job.num_frames, job.height, job.width, 3), np.uint8)
        known = np.zeros(job.num_frames, np.bool_)
        fit = RESIZES[job.skeleton_resize]
        for each, path in self._of_kind(job, InputKind.SKELETON):
            numbers = range(each.first_frame, each.first_frame + each.num_frames)
            drawings = self._skeletons.read(path, each.sha256, numbers, each.fps, (job.width, job.height), fit)
            drawn[each.at : each.at + each.num_frames] = drawings
            known[each.at : each.at + each.num_frames] = True
        if not known.any():
            raise BadInput(f"Clip {job.index + 1} has no skeleton under it: lay one there or choose another family.")
        return drawn[nearest_known(known)]


def nearest_known(known: Sequence[bool] | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    """For each place the last one up to it that is known, else the first of all; at least one is known."""
    places = np.flatnonzero(known)
    before = np.searchsorted(places, np.arange(len(known)), side="right") - 1
    return [int(place) for place in places[np.maximum(before, 0)]]
