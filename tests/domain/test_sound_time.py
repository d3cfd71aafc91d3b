"""Film frames and samples at 48 kHz, at the rates that films have."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.film.fades import fade_gain
from svi_studio.domain.film.sound_time import exact_rate, file_start, frame_of, frames_of_sound, sample_of
from svi_studio.domain.film.track import Piece

RATES = (16.0, 24.0, 23.976, 24_000 / 1001, 25.0, 29.97, 30.0, 8.0, 12.0, 59.94)


def test_the_rates_of_television_are_exact() -> None:
    assert exact_rate(24_000 / 1001) == Fraction(24_000, 1001)
    assert exact_rate(30_000 / 1001) == Fraction(30_000, 1001)
    assert exact_rate(25.0) == 25


@pytest.mark.parametrize(("fps", "samples"), [(16, 3000), (24, 2000), (25, 1920), (30, 1600), (24_000 / 1001, 2002)])
def test_a_frame_is_whole_samples_at_the_usual_rates(fps: float, samples: int) -> None:
    assert [sample_of(frame, exact_rate(fps)) for frame in (-1, 0, 1, 90_000)] == [
        -samples,
        0,
        samples,
        90_000 * samples,
    ]


@pytest.mark.parametrize("fps", RATES)
@given(frame=st.integers(-1000, 10**7))
def test_each_sample_belongs_to_the_frame_that_is_shown(fps: float, frame: int) -> None:
    rate = exact_rate(fps)
    first, after = sample_of(frame, rate), sample_of(frame + 1, rate)
    assert frame_of(first, rate) == frame_of(after - 1, rate) == frame
    assert frame_of(after, rate) == frame + 1


@pytest.mark.parametrize("fps", RATES)
@given(samples=st.integers(1, 10**9))
def test_a_sound_fits_under_its_frames_and_not_under_fewer(fps: float, samples: int) -> None:
    rate = exact_rate(fps)
    frames = frames_of_sound(samples, rate)
    assert sample_of(frames - 1, rate) < samples <= sample_of(frames, rate)


@given(start=st.integers(0, 10**6), offset=st.integers(0, 10**6), cut=st.integers(1, 99))
def test_splitting_a_piece_moves_nothing(start: int, offset: int, cut: int) -> None:
    rate = exact_rate(29.97)
    piece = Piece(file="a", start=start, length=100, offset=offset)
    assert file_start(piece.between(start + cut, piece.stop), rate) == file_start(piece, rate)


def test_a_fade_goes_from_silence_to_the_whole_sound() -> None:
    assert (fade_gain(-1), fade_gain(0), fade_gain(1), fade_gain(2)) == (0, 0, 1, 1)
    assert fade_gain(0.5) ** 2 + fade_gain(0.5) ** 2 == pytest.approx(1)
