"""A skeleton as a film: drawn as the Dance model sees it, for people and for other programs."""

from collections.abc import Callable
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.formats import H264
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.video_writer import open_writer

_BATCH = 16  # frames


def write_skeleton_film(path: Path, skeleton: Skeleton, check: Callable[[], None] = lambda: None) -> None:
    """Writes the drawn ``skeleton`` to ``path``, an .mp4, at its own rate; ``check`` may raise, then nothing is left.

    Raises BadInput for another ending, StudioError or DiskFull.
    """
    check_film_name(path)
    first = draw_skeleton(skeleton, [0])
    height, width = first.shape[1:3]
    with open_writer(path, width=width, height=height, fps=float(skeleton.fps), film_format=H264, quality=9) as writer:
        for start in range(0, skeleton.num_frames, _BATCH):
            check()
            frames = range(start, min(start + _BATCH, skeleton.num_frames))
            writer.write(draw_skeleton(skeleton, frames, width, height))


def check_film_name(path: Path) -> None:
    """Raises BadInput when ``path`` does not end as such a film does."""
    if path.suffix.lower() != ".mp4":
        raise BadInput(f'"{path}" does not end in .mp4: a drawn skeleton is an MP4 film.')
