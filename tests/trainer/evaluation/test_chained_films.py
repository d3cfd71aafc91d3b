"""The figures of Pro's test films are of what the film shows: the anchor in front of a clip counts nowhere."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.media.frames import Frames
from trainer.evaluation.boards import AnchoredBoard, TestBoard, TestClip
from trainer.evaluation.figures import clip_figures
from trainer.evaluation.filming import Filming

NUM_FRAMES = 13


def film(length: int) -> Frames:
    """A strip of noise that goes by, one column a frame: all of its motion is alike."""
    strip = np.random.default_rng(0).integers(40, 200, (16, 200, 3)).astype(np.uint8)
    return np.stack([strip[:, number : number + 24] for number in range(length)])


class PerfectRenderer:
    """Makes the next clip of the film as Pro decodes it: anchor, the last four frames again, new ones."""

    def __init__(self, whole: Frames, anchor: Frames) -> None:
        self._whole, self._anchor = whole, anchor
        self.carried: list[torch.Tensor | None] = []

    def latents(self, request: Any, **_: Any) -> torch.Tensor:
        self.carried.append(None if request.carry is None else request.carry.latents)
        count = len(self.carried)
        return torch.arange(4.0).view(1, 1, 4, 1, 1) + 10 * count

    def frames(self, _latents: torch.Tensor) -> Frames:
        number = len(self.carried) - 1
        if number == 0:
            return self._whole[:NUM_FRAMES]
        start = NUM_FRAMES + (number - 1) * (NUM_FRAMES - 5)
        return np.concatenate([self._anchor, self._whole[start - 4 : start + NUM_FRAMES - 5]])


@pytest.fixture
def filmed(tmp_path: Path) -> tuple[Filming, PerfectRenderer, Frames]:
    whole = film(NUM_FRAMES + 2 * (NUM_FRAMES - 5))
    anchor = np.full_like(whole[:1], 255)
    clip = TestClip(prompt="", negative_prompt="", seed=0, num_inference_steps=1, guidance_scale=1.0)
    board = AnchoredBoard(TestBoard(name="strip", clips=(clip,) * 3), anchor)
    filming, renderer = Filming(board, family("pro"), NUM_FRAMES, tmp_path, fps=8.0), PerfectRenderer(whole, anchor)
    for _ in range(3):
        filming.film_next(renderer, lambda: False)  # type: ignore[arg-type]
    return filming, renderer, whole


def test_a_perfect_film_has_no_seams_and_even_motion(filmed: tuple[Filming, PerfectRenderer, Frames]) -> None:
    filming, _renderer, whole = filmed
    clips = filming.film.clips
    assert [clip["seam"] for clip in clips[1:]] == [0.0, 0.0]
    even = clip_figures(whole, whole[0])["motion"]
    assert [clip["motion"] for clip in clips] == pytest.approx([even] * 3, rel=0.1)


def test_the_last_latent_is_handed_on_as_it_is(filmed: tuple[Filming, PerfectRenderer, Frames]) -> None:
    first, *later = filmed[1].carried
    assert first is None
    assert [latents.flatten().tolist() for latents in later if latents is not None] == [[13.0], [23.0]]


def test_a_film_goes_on_where_it_was(tmp_path: Path, filmed: tuple[Filming, PerfectRenderer, Frames]) -> None:
    again = Filming(AnchoredBoard(filmed[0]._board, filmed[0]._anchor), family("pro"), NUM_FRAMES, tmp_path, fps=8.0)
    assert (again.done, again.film) == (3, filmed[0].film)
