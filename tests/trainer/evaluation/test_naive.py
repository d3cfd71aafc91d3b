"""Naive films trick the figures of steadiness, and are seen through by motion and by what is new."""

import numpy as np
import pytest

from svi_studio.domain.training.naive import COPIES, PICTURE, TO_AND_FRO
from svi_studio.media.frames import Frames
from tests.trainer.evaluation.naive import FirstClip, naive_arms, naive_check
from trainer.evaluation.film_measure import FilmMeasure, sketch


def moving_clip(start: int = 0) -> Frames:
    """A bright square that walks over a patterned ground, [9, 32, 64, 3]."""
    y, x = np.mgrid[0:32, 0:64]
    ground = (100 + 30 * np.sin(x / 6) * np.cos(y / 4)).astype(np.uint8)
    clip = np.repeat(ground[None, ..., None], 9, axis=0).repeat(3, axis=3)
    for i, frame in enumerate(clip):
        left = 2 * i + start
        frame[8:24, left : left + 12] = 230
    return clip


FIRST = FirstClip("walk", moving_clip(), moving_clip()[:1])


@pytest.fixture(scope="module")
def results() -> dict[str, float]:
    return {result.trick: result.similarity for result in naive_check([FIRST], 6, 1)}


def test_every_trick_is_caught() -> None:
    assert all(result.caught for result in naive_check([FIRST], 6, 1))


def test_tricks_look_as_steady_as_the_first_clip_for_ever() -> None:
    for arm in naive_arms([FIRST], 6, 1):
        figures = [clip["similarity"] for clip in arm.films[0].clips]
        assert figures[-1] == pytest.approx(figures[0])


def test_a_still_film_is_the_most_alike_and_does_not_move(results: dict[str, float]) -> None:
    assert results[PICTURE] == pytest.approx(1.0, abs=1e-3)
    still = next(arm for arm in naive_arms([FIRST], 2, 1) if arm.name == PICTURE)
    assert still.films[0].clips[1]["motion"] == 0.0


def test_copies_move_but_bring_nothing_new() -> None:
    copies = next(result for result in naive_check([FIRST], 6, 1) if result.trick == COPIES)
    assert copies.motion > 1
    assert copies.novelty == 0.0


def test_copies_jump_at_their_seams_and_ping_pong_does_not() -> None:
    arms = {arm.name: arm.films[0].clips[1]["seam"] for arm in naive_arms([FIRST], 2, 1)}
    assert arms[COPIES] > 1
    assert arms[TO_AND_FRO] == 0.0


def test_the_sentence_shows_motion_beside_similarity() -> None:
    (still,) = (result for result in naive_check([FIRST], 3, 1) if result.trick == PICTURE)
    assert "motion 0.00 of 4.20 levels" in still.sentence(4.2)


def test_a_film_that_goes_on_brings_something_new() -> None:
    measure = FilmMeasure(FIRST.reference, 1)
    measure.add(moving_clip())
    assert measure.add(moving_clip(20))["novelty"] > 3


def test_a_decoders_noise_is_nothing_new() -> None:
    measure = FilmMeasure(FIRST.reference, 1)
    measure.add(moving_clip())
    noise = np.random.default_rng(0).integers(-3, 4, moving_clip().shape)
    assert measure.add((moving_clip() + noise).astype(np.uint8))["novelty"] < 1.5


def test_a_measure_goes_on_where_another_ended() -> None:
    clips = [moving_clip(start) for start in (0, 5, 9)]
    whole = FilmMeasure(FIRST.reference, 5)
    wanted = [whole.add(clip) for clip in clips][-1]
    first = FilmMeasure(FIRST.reference, 5)
    for clip in clips[:2]:
        first.add(clip)
    again = FilmMeasure(FIRST.reference, 5, tail=first.tail, sketches=first.sketches)
    assert again.add(clips[2]) == wanted


def test_a_sketch_of_a_large_picture_is_small() -> None:
    assert sketch(np.zeros((2, 480, 832, 3), np.uint8)).shape == (2, 14, 24)
