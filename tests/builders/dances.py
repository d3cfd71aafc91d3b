"""Short dances for tests: a figure that waves its arms, with gaps where a test wants them."""

import math
from fractions import Fraction
from pathlib import Path

import numpy as np

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Origin, Remark, RemarkKind, Skeleton
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.media.poses.skeleton_file import write_skeleton

SKELETON = InputKind.SKELETON
WIDTH, HEIGHT = 240, 320


def dance(frames: int = 48, fps: int = 12, gaps: tuple[tuple[int, int], ...] = (), name: str = "dance.mp4") -> Skeleton:
    """Somebody who stands and waves the right arm; nobody in the frames of ``gaps``."""
    body = np.ones((frames, 20, 3), np.float32)
    body[..., :2] = np.array(standing_figure(WIDTH, HEIGHT), np.float32)
    wave = np.sin(np.arange(frames) / fps * 2 * math.pi).astype(np.float32)
    body[:, Joint.RIGHT_WRIST, 1] -= 60 + 40 * wave
    body[:, Joint.RIGHT_WRIST, 0] -= 20
    remarks = []
    for first, stop in gaps:
        body[first:stop] = 0
        remarks += [Remark(RemarkKind.MISSING, first, stop), Remark(RemarkKind.FOUND_AGAIN, stop, stop + 1)]
    skeleton = Skeleton.of_body(Fraction(fps), WIDTH, HEIGHT, body)
    return skeleton.with_parts({}, remarks=tuple(remarks), origin=Origin(name))


def dance_file(folder: Path, skeleton: Skeleton | None = None, name: str = "dance.json") -> Path:
    """A skeleton as a file."""
    path = folder / name
    write_skeleton(path, skeleton or dance())
    return path
