"""A film's sound is heard where its pieces lie, to the sample, as loud as they say and never too loud."""

from fractions import Fraction
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.film.sound_time import exact_rate, sample_of
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.media.sounds.limiter import CEILING
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.media.sounds.ready_sound import ReadySound
from tests.builders.odd_sounds import RATE, Sound, chirp, place_of_chirp

RATES = (16.0, 24.0, 24_000 / 1001, 25.0, 30_000 / 1001, 30.0)


class Held:
    """A sound in memory, which reads as a ready one."""

    def __init__(self, sound: Sound) -> None:
        self._sound = np.repeat(sound[:, None], 2, axis=1)
        self.samples = len(sound)

    def read(self, first: int, count: int) -> Sound:
        found = np.zeros((count, 2), np.float32)
        begin, end = max(first, 0), min(first + count, self.samples)
        if begin < end:
            found[begin - first : end - first] = self._sound[begin:end]
        return found


def mix_of(*pieces: Piece, fps: float = 25.0, muted: bool = False, **sounds: Sound) -> FilmMix:
    held = {name: cast(ReadySound, Held(sound)) for name, sound in sounds.items()}
    return FilmMix(Track(kind=InputKind.SOUND, pieces=pieces, muted=muted), held, fps)


def ones(count: int, level: float = 0.5) -> Sound:
    return np.full(count, level, np.float32)


@pytest.mark.parametrize("fps", RATES)
def test_a_clap_an_hour_into_the_film_is_at_the_sample_of_its_frame(fps: float) -> None:
    frame = round(3600 * fps) + 1
    mix = mix_of(Piece(file="clap", start=frame, length=10), fps=fps, clap=np.pad(chirp(), (0, 4800)))
    place = round(frame * RATE / exact_rate(fps))
    heard = mix.read(place - 4800, 9600)[:, 0]
    assert place_of_chirp(heard, 4800) == 4800
    assert not heard[:4800].any()


def test_a_piece_plays_its_file_from_its_offset_and_ends_with_it() -> None:
    mix = mix_of(Piece(file="a", start=2, length=100, offset=25), fps=25.0, a=np.linspace(0, 0.5, RATE * 2, dtype="f4"))
    heard = mix.read(0, RATE * 3)[:, 0]
    assert not heard[: 2 * 1920].any()
    assert heard[2 * 1920 + 1000] == pytest.approx(0.25 * (RATE + 1000) / RATE, abs=1e-4)
    assert not heard[2 * 1920 + RATE :].any()


def test_gain_and_fades_are_heard_and_a_muted_track_is_not() -> None:
    piece = Piece(file="a", start=0, length=100, gain=0.5, fade_in=10, fade_out=20)
    heard = mix_of(piece, a=ones(RATE * 4)).read(0, RATE * 4)[:, 0]
    assert heard[0] == 0
    assert heard[5 * 1920] == pytest.approx(0.25 * np.sin(np.pi / 4), abs=1e-4)
    assert heard[50 * 1920] == 0.25
    assert heard[90 * 1920] == pytest.approx(0.25 * np.sin(np.pi / 4), abs=1e-3)
    assert heard[-1] == pytest.approx(0, abs=1e-3)
    assert not mix_of(piece, muted=True, a=ones(RATE * 4)).read(0, RATE).any()


def test_what_is_not_ready_yet_is_silent() -> None:
    assert not mix_of(Piece(file="b", start=0, length=100), a=ones(RATE)).read(0, RATE).any()


@pytest.mark.parametrize("fps", RATES)
def test_a_sound_that_is_split_plays_as_if_it_was_not(fps: float) -> None:
    dice = np.random.default_rng(3)
    sound = dice.uniform(-0.5, 0.5, RATE * 4).astype(np.float32)
    whole = mix_of(Piece(file="a", start=7, length=60), fps=fps, a=sound)
    halves = (Piece(file="a", start=7, length=13), Piece(file="a", start=20, length=47, offset=13))
    assert np.array_equal(whole.read(0, RATE * 4), mix_of(*halves, fps=fps, a=sound).read(0, RATE * 4))


def test_a_sound_that_is_cut_open_does_not_click_but_its_own_beginning_stays_hard() -> None:
    cut_open = mix_of(Piece(file="a", start=0, length=10, offset=5), a=ones(RATE)).read(0, 10 * 1920)[:, 0]
    assert cut_open[0] == 0
    assert np.abs(np.diff(cut_open)).max() < 0.02
    assert cut_open[-1] < 0.02
    whole = mix_of(Piece(file="a", start=0, length=25), a=ones(RATE)).read(0, RATE)[:, 0]
    assert np.all(whole == 0.5)


def test_a_mix_that_is_too_loud_is_turned_down_and_stays_in_its_place() -> None:
    sound = (0.3 * np.sin(np.arange(RATE * 2) * 0.03)).astype(np.float32)
    sound[RATE : RATE + 480] += 3 * chirp()
    heard = mix_of(Piece(file="a", start=0, length=50), a=sound).read(0, RATE * 2)[:, 0]
    assert heard.max() == pytest.approx(CEILING, abs=1e-6)
    assert place_of_chirp(heard, RATE) == RATE
    assert np.array_equal(heard[: RATE - 480], sound[: RATE - 480])  # 10 ms before the first peak
    assert np.array_equal(heard[RATE + 480 + 2880 :], sound[RATE + 480 + 2880 :])
    assert np.abs(np.diff(heard[RATE - 480 : RATE] / np.where(sound == 0, 1, sound)[RATE - 480 : RATE])).max() < 0.02


@given(st.lists(st.integers(1, 9000), min_size=1, max_size=8))
def test_the_same_samples_come_however_they_are_asked_for(sizes: list[int]) -> None:
    dice = np.random.default_rng(5)
    loud = dice.uniform(-1.4, 1.4, RATE).astype(np.float32)
    pieces = (Piece(file="a", start=0, length=10, fade_in=4), Piece(file="a", start=10, length=12, offset=3, gain=1.5))
    mix = mix_of(*pieces, a=loud)
    whole, parts, at = mix.read(0, sum(sizes)), [], 0
    for size in sizes:
        parts.append(mix.read(at, size))
        at += size
    assert np.abs(whole).max() <= CEILING
    assert np.array_equal(np.concatenate(parts), whole)


def test_blocks_are_exactly_as_long_as_the_film() -> None:
    mix = mix_of(Piece(file="a", start=0, length=10), fps=24_000 / 1001, a=ones(RATE))
    stop = sample_of(1000, Fraction(24_000, 1001))
    assert sum(len(block) for block in mix.blocks(0, stop)) == stop == 2_002_000
