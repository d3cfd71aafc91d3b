"""How well the puppet of the bundled model follows: its world is known exactly, so that a film of it can be read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Points
from trainer.evaluation.measures import joint_figures, loudness, sync_figures, wanted_body
from trainer.paper_theatre.find_puppet import find_puppet
from trainer.paper_theatre.read_puppet import in_sight, mouth_seen, pose_seen
from trainer.paper_theatre.stage import HEIGHT, staging_of

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames
    from trainer.evaluation.boards import TestClip
    from trainer.evaluation.following import Measure
    from trainer.paper_theatre.script import Still

_ENDS = {1: (Joint.RIGHT_WRIST, Joint.LEFT_WRIST, Joint.RIGHT_ANKLE, Joint.LEFT_ANKLE)}
_ENDS[-1] = (Joint.LEFT_WRIST, Joint.RIGHT_WRIST, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
"""Which joints the ends of the puppet's own left and right limbs are: it faces the viewer, and may be mirrored."""

_EVERY = 5  # frames: reading a pose takes half a second


def puppet_sync(folder: Path) -> Measure:
    """The puppet's mouth, read from its pixels, against the loudness of its sound."""

    def measure(clip: TestClip, frames: Frames, anchor: Frames) -> dict[str, float]:
        stage = stage_of(anchor)
        if stage is None:
            return {}
        mouth = mouth_seen(frames, stage, staging=staging_of(frames.shape[2]))
        return sync_figures(mouth, loudness(clip.inputs, folder, len(frames)))

    return measure


def puppet_joints(folder: Path) -> Measure:
    """Where the puppet's hands and feet are seen, against the skeleton that it was to follow."""

    def measure(clip: TestClip, frames: Frames, anchor: Frames) -> dict[str, float]:
        stage = stage_of(anchor)
        if stage is None:
            return {}
        wanted = wanted_body(clip.inputs, folder, len(frames), HEIGHT)[::_EVERY]
        return joint_figures(read_body(frames[::_EVERY], stage), wanted)

    return measure


def read_body(frames: Frames, stage: Still) -> Points:
    """Hands and feet of the puppet in `frames` as joints `[N, 20, 3]`, in units of the stage.

    Those that are hidden or unknown are missing.
    """
    body = np.zeros((len(frames), len(Joint), 3), np.float32)
    near: tuple[float, float] = (0, 0)
    staging = staging_of(frames.shape[2])
    for number, frame in enumerate(frames):
        seen = pose_seen(frame, stage, near, staging)
        near = (seen.right, seen.up)
        for joint, place, shows in zip(_ENDS[stage.facing], seen.ends(stage), in_sight(seen.pose), strict=True):
            body[number, joint] = (*place, float(shows))
    return body


def stage_of(anchor: Frames) -> Still | None:
    """The stage that a film of `anchor [1, H, W, 3]` begins on; None for a picture of something else."""
    return _stage(anchor[0].tobytes(), anchor.shape[1:])


@lru_cache(maxsize=8)
def _stage(content: bytes, shape: tuple[int, ...]) -> Still | None:
    return find_puppet(np.frombuffer(content, np.uint8).reshape(shape))
