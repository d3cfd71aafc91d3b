"""The authors' data set, draw by draw and pixel by pixel, from one golden item."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from svi_studio.engine.denoising.pixels import to_signed
from tests.engine.golden_networks import Golden
from trainer.footage.videos.crop import CropBox, cut_out, draw_crop

SPARE_FRAMES = 5  # a clip never starts so late that fewer frames than these are left behind it


class ScriptedDice:
    """Gives the authors' results, and notes what was asked for."""

    def __init__(self, log: list[list[Any]]) -> None:
        self.results = [entry[3] for entry in log]
        self.asked: list[tuple[int, int]] = []

    def randint(self, a: int, b: int) -> int:
        self.asked.append((a, b))
        return int(self.results[len(self.asked) - 1])


@dataclass(frozen=True)
class ClipDraw:
    """One clip as drawn: frames `start` to `start + num_frames - 1`, the frame `reference` counted from `start`."""

    start: int
    reference: int
    crop: CropBox


def draw_clip(
    total_frames: int, num_frames: int, source: tuple[int, int], target: tuple[int, int], dice: ScriptedDice
) -> ClipDraw:
    """Draw a clip from a video of `total_frames` (>= `num_frames`) frames; sizes are (width, height).

    The draws and their order are the authors': stride (always 1), start, reference, crop.
    """
    dice.randint(1, 1)
    start = draw_start(total_frames, num_frames, dice)
    reference = dice.randint(0, num_frames - 1)
    return ClipDraw(start, reference, draw_crop(source, target, dice))


def draw_start(total_frames: int, num_frames: int, dice: ScriptedDice) -> int:
    """First frame of a clip: U{0 .. total - num_frames - 5}, 0 without a draw where there is no room."""
    last = total_frames - num_frames - SPARE_FRAMES
    return dice.randint(0, last) if last > 0 else 0


@pytest.fixture
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "data_item")


def drawn(golden: Golden, dice: ScriptedDice) -> ClipDraw:
    facts = golden.facts
    total, height, width, _ = golden["frames"].shape
    return draw_clip(total, facts["num_frames"], (width, height), (facts["width"], facts["height"]), dice)


def size(golden: Golden) -> tuple[int, int]:
    return golden.facts["width"], golden.facts["height"]


def clip(golden: Golden) -> Any:
    draw = drawn(golden, ScriptedDice(golden.facts["randint_log"]))
    frames = golden["frames"].numpy()[draw.start : draw.start + golden.facts["num_frames"]]
    return cut_out(frames, draw.crop, size(golden)), draw


def test_draws_what_the_authors_draw_in_their_order(golden: Golden) -> None:
    dice = ScriptedDice(golden.facts["randint_log"])
    drawn(golden, dice)
    assert dice.asked == [(low, high) for _, low, high, _ in golden.facts["randint_log"]]


def test_cuts_and_scales_the_clip_as_the_authors_do(golden: Golden) -> None:
    frames, _ = clip(golden)
    np.testing.assert_allclose(to_signed(frames).numpy(), golden["video"].numpy(), atol=1e-6)


def test_motion_frames_are_the_first_frames_of_the_clip(golden: Golden) -> None:
    frames, _ = clip(golden)
    np.testing.assert_array_equal(frames[:12], golden["first_ref_frames"].numpy())


def test_reference_is_a_frame_of_the_same_clip_with_the_same_crop(golden: Golden) -> None:
    frames, draw = clip(golden)
    np.testing.assert_array_equal(frames[draw.reference], golden["random_ref_frame"].numpy())
