"""The skeleton of each clip: from the pose file beside its video, or found in the clip, and whether it will do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.poses.time_edits import resampled
from svi_studio.domain.training.footage import ClipSkeleton, FootageClip, Reason
from svi_studio.domain.value import with_fields
from svi_studio.media.poses.opening import read_poses
from svi_studio.media.poses.skeleton_file import read_skeleton, skeleton_bytes
from trainer.footage.inputs.finding import FoundInClip, seen_share
from trainer.footage.videos.shape import Shape

POSE_ENDINGS = (".npz", ".json")
SKELETONS = "footage/skeletons"

MOST_GAPS = 0.1
"""The share of a clip's frames in which nobody may be seen: with more, the model learns to make people up."""

_NOBODY_BELOW = 0.2  # of the frames
_VERSION = 1

Find = Callable[[FootageClip], FoundInClip]


def has_pose_file(video: Path) -> bool:
    """Whether a pose file with the name of the `video` lies beside it."""
    return any(video.with_suffix(ending).is_file() for ending in POSE_ENDINGS)


@dataclass(frozen=True)
class SkeletonFinder:
    """Gives clips their skeletons: `folder` has the videos, `run` keeps what was found; `find` looks into one clip."""

    folder: Path
    run: Path
    shape: Shape
    find: Find

    def complete(self, clips: Sequence[FootageClip], source: str) -> tuple[list[FootageClip], str]:
        """The clips of the video `source` with their skeletons or a reason; and what is wrong with its pose file.

        What was found before for the same piece of the same video is not looked for again. Raises DiskFull.
        """
        beside, problem = self._beside(source)
        return [self._completed(clip, beside) if clip.can_be_used else clip for clip in clips], problem

    def _beside(self, source: str) -> tuple[tuple[str, Skeleton] | None, str]:
        """The pose file with the name of the video: its place and its skeleton at the clips' rate."""
        video = self.folder / source
        for path in (video.with_suffix(ending) for ending in POSE_ENDINGS):
            if path.is_file():
                try:
                    skeleton = resampled(read_poses(path), exact_rate(self.shape.fps))
                except BadInput as error:
                    return None, f"{error} The skeleton was looked for in the video instead."
                return (path.relative_to(self.folder).as_posix(), skeleton), ""
        return None, ""

    def _completed(self, clip: FootageClip, beside: tuple[str, Skeleton] | None) -> FootageClip:
        if beside is not None:
            place, whole = beside
            return self._judged(clip, FoundInClip(self._cut(clip, whole), 1), place)
        known = self._known(clip)
        if known is not None:
            return self._judged(clip, known, "")
        try:
            found = self.find(clip)
        except BadInput as error:
            return _left_out(clip, Reason.NOBODY, str(error))
        return self._judged(clip, found, "")

    def _cut(self, clip: FootageClip, whole: Skeleton) -> Skeleton:
        """The clip's frames of the skeleton of the whole video, in pixels of its picture; nobody past its end."""
        count = self.shape.num_frames
        first = round(clip.start * self.shape.fps)
        scale = np.array((clip.width / whole.width, clip.height / whole.height, 1), np.float32)
        parts = {}
        for name, points in whole.parts.items():
            own = np.zeros((count, *points.shape[1:]), np.float32)
            there = points[first : first + count] * scale
            own[: len(there)] = there
            parts[name] = own
        return whole.with_parts(parts, width=clip.width, height=clip.height, remarks=())

    def _judged(self, clip: FootageClip, found: FoundInClip, source: str) -> FootageClip:
        share = seen_share(found.skeleton)
        if share < _NOBODY_BELOW:
            return _left_out(clip, Reason.NOBODY, f"A person is seen in {share:.0%} of its frames.")
        file, digest = self._kept(clip, found)
        clip = with_fields(
            clip,
            {"skeleton": ClipSkeleton(source=source, file=file, sha256=digest, seen=round(share, 4))},
        )
        if found.people > 1:
            return _left_out(clip, Reason.SEVERAL_PEOPLE, f"Up to {found.people} people are in sight; one can be fed.")
        if 1 - share > MOST_GAPS:
            return _left_out(clip, Reason.GAPS, f"The person is lost in {1 - share:.0%} of its frames.")
        return clip

    def _kept(self, clip: FootageClip, found: FoundInClip) -> tuple[str, str]:
        """The skeleton's file below the run, and the hash of its content; it says how many people were in sight."""
        steps = replace(found.skeleton.origin, steps=(f"{found.people} in sight",))
        content = skeleton_bytes(replace(found.skeleton, origin=steps), npz=True)
        file = f"{SKELETONS}/{self._name(clip)}.npz"
        path = self.run / file
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(path, content, sync=False)
        return file, hashlib.sha256(content).hexdigest()

    def _known(self, clip: FootageClip) -> FoundInClip | None:
        try:
            skeleton = read_skeleton(self.run / SKELETONS / f"{self._name(clip)}.npz")
        except BadInput:
            return None
        people = [step.partition(" ")[0] for step in skeleton.origin.steps]
        fits = skeleton.num_frames == self.shape.num_frames and len(people) == 1 and people[0].isdecimal()
        return FoundInClip(skeleton, int(people[0])) if fits else None

    def _name(self, clip: FootageClip) -> str:
        """By everything that decides what is found in a clip."""
        what = f"{_VERSION} {clip.id} {self.shape.fps} {clip.crop.box if clip.crop else ''} {clip.width} {clip.height}"
        return hashlib.sha256(what.encode()).hexdigest()[:24]


def _left_out(clip: FootageClip, reason: Reason, detail: str) -> FootageClip:
    """What was found first stays said, unless the clip cannot be used at all now."""
    said = {"left_out": reason, "detail": detail[:500]}
    return with_fields(clip, said) if reason is Reason.NOBODY or not clip.left_out else clip
