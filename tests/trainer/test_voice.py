import random

import numpy as np
import pytest

from trainer.paper_theatre.stage import FPS
from trainer.paper_theatre.voice import RATE, WIDE, at_loudness, integrated_loudness, openings, random_speech


def tone(seconds: float, level: float = 1.0) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 997 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_a_full_tone_is_as_loud_as_the_recommendation_says() -> None:
    assert integrated_loudness(tone(3)) == pytest.approx(-3.01, abs=0.15)


def test_pauses_do_not_count() -> None:
    with_pause = np.concatenate([tone(3), np.zeros(4 * RATE, np.float32)])
    assert integrated_loudness(with_pause) == pytest.approx(integrated_loudness(tone(3)), abs=0.5)


@pytest.mark.parametrize("seed", range(4))
def test_a_made_up_speech_is_brought_to_its_loudness(seed: int) -> None:
    speech = at_loudness(random_speech(random.Random(seed), 5.0))
    assert integrated_loudness(speech) == pytest.approx(-23, abs=0.05)


def test_silence_stays_silence_and_the_mouth_shut() -> None:
    quiet = at_loudness(np.zeros(2 * RATE, np.float32))
    assert not quiet.any()
    assert not openings(quiet, 24).any()


def test_the_mouth_opens_in_the_frame_in_which_it_is_loud() -> None:
    sound = np.zeros(2 * RATE, np.float32)
    begin = round(10 / FPS * RATE)
    sound[begin : begin + round(RATE / FPS)] = tone(1 / FPS, 0.3)
    wide = openings(sound, 24)
    assert wide.argmax() == 10
    assert wide[10] == pytest.approx(WIDE, abs=0.6)
    assert max(wide[:8].max(), wide[13:].max()) < 0.01


def test_beyond_the_end_of_its_sound_the_mouth_is_shut() -> None:
    assert openings(tone(1, 0.2), 40)[14:].max() < 0.01


def test_a_speech_is_the_same_every_time() -> None:
    assert np.array_equal(random_speech(random.Random(3), 2.0), random_speech(random.Random(3), 2.0))
