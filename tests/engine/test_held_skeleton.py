"""A skeleton that ends a frame early, as whole frames of another rate can make it, stands still for that long."""

from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.engine.chain.skeleton_files import DrawnSkeletons
from svi_studio.media.frames import Frames
from svi_studio.media.poses.drawing import draw_skeleton
from tests.builders.dances import dance, dance_file
from tests.builders.drawn_videos import drawn_video


def as_it_is(frames: Frames, _width: int, _height: int) -> Frames:
    return frames


@pytest.fixture(params=["joints", "drawn"])
def skeleton(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Twelve frames, 24 a second."""
    return (
        dance_file(tmp_path, dance(12, 24))
        if request.param == "joints"
        else drawn_video(tmp_path / "drawn.mkv", draw_skeleton(dance(12, 24)), 24.0)
    )


def test_the_last_pose_stands_for_a_frame(skeleton: Path) -> None:
    seen = DrawnSkeletons().read(skeleton, "0" * 64, range(10, 13), 24.0, (240, 320), as_it_is)
    assert np.array_equal(seen[1], seen[2])
    assert not np.array_equal(seen[0], seen[1])


def test_for_longer_it_does_not(skeleton: Path) -> None:
    with pytest.raises(BadInput, match="shorten its piece"):
        DrawnSkeletons().read(skeleton, "0" * 64, range(10, 14), 24.0, (240, 320), as_it_is)
