"""A clap and a flash are together in the finished film, at both of its ends, at every frame rate."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest

from svi_studio.domain.film.sound_time import exact_rate, sample_of
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.media.assemble import FilmPart, assemble_film
from svi_studio.media.formats import FFV1, H264, PRORES, FilmFormat
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.media.video_writer import open_writer
from tests.builders.odd_sounds import RATE, Sound, chirp, place_of_chirp
from tests.media.sounds.test_mix import Held

RATES = (16.0, 24.0, 24_000 / 1001, 25.0, 30_000 / 1001, 30.0)
SIZE = 32
TRIM = 5  # frames that each take has before those that are shown, as a film trims them


def film_of(folder: Path, fps: float, seconds: int, flashes: tuple[int, ...], film_format: FilmFormat = H264) -> Path:
    """A black film that flashes at these seconds, from trimmed takes, with a clap under the frame of each flash."""
    rate, frames = exact_rate(fps), round(seconds * fps)
    lit = [round(second * rate) for second in flashes]
    cuts = [*range(0, frames, 480), frames]
    parts = [_take(folder / f"{first}.mkv", fps, first, stop, lit) for first, stop in pairwise(cuts)]
    pieces = tuple(Piece(file="clap", start=frame, length=2) for frame in lit)
    track = Track(kind=InputKind.SOUND, pieces=pieces)
    clap = cast(ReadySound, Held(np.pad(chirp(), (0, RATE // 10))))
    target = folder / f"film{film_format.suffix}"
    assemble_film(parts, target, fps=fps, film_format=film_format, mix=FilmMix(track, {"clap": clap}, fps))
    return target


def _take(path: Path, fps: float, first: int, stop: int, lit: list[int]) -> FilmPart:
    count = TRIM + stop - first
    with open_writer(path, width=SIZE, height=SIZE, fps=fps, film_format=FFV1) as writer:
        for at in range(0, count, 120):
            frames = np.zeros((min(120, count - at), SIZE, SIZE, 3), np.uint8)
            for frame in lit:
                if at <= (place := frame - first + TRIM) < at + len(frames):
                    frames[place - at] = 255
            writer.write(frames)
    return FilmPart(path, count, TRIM, count)


def measured(film: Path, flashes: tuple[int, ...]) -> tuple[list[float], int]:
    """By how many samples each clap comes after its flash, by the times in the file; and the samples that it has."""
    with av.open(str(film)) as container:
        lit = [frame.time for frame in container.decode(video=0) if frame.to_ndarray(format="gray").mean() > 128]
    assert len(lit) == len(flashes)
    with av.open(str(film)) as container:
        frames = list(container.decode(audio=0))
        start = frames[0].pts * cast(Fraction, frames[0].time_base)
        sound = np.concatenate([_first_channel(frame) for frame in frames])
    late = []
    for time in lit:
        near = round((time - float(start)) * RATE)
        late.append(place_of_chirp(sound, near) - (time - float(start)) * RATE)
    return late, len(sound)


def _first_channel(frame: av.AudioFrame) -> Sound:
    sound = frame.to_ndarray()
    return sound[0].astype(np.float32) if frame.format.is_planar else sound.reshape(-1, 2)[:, 0].astype(np.float32)


@pytest.mark.parametrize("fps", [16.0, 24_000 / 1001, 30_000 / 1001])
def test_a_clap_and_a_flash_are_together_at_both_ends_of_a_minute(tmp_path: Path, fps: float) -> None:
    flashes = (1, 58)
    film = film_of(tmp_path, fps, 60, flashes)
    late, samples = measured(film, flashes)
    assert np.abs(late).max() <= 48
    assert abs(samples - sample_of(round(60 * fps), exact_rate(fps))) <= 1024


@pytest.mark.parametrize("film_format", [PRORES, FFV1], ids=lambda each: each.name)
def test_films_to_edit_and_to_keep_hold_every_sample(tmp_path: Path, film_format: FilmFormat) -> None:
    flashes = (0, 3)
    late, samples = measured(film_of(tmp_path, 24_000 / 1001, 4, flashes, film_format), flashes)
    assert np.abs(late).max() <= 48
    assert samples == sample_of(96, Fraction(24_000, 1001))


@pytest.mark.slow
@pytest.mark.parametrize("fps", RATES)
def test_they_are_together_within_a_frame_at_minute_ten(tmp_path: Path, fps: float) -> None:
    flashes = (1, 5, 300, 590, 598)
    late, _ = measured(film_of(tmp_path, fps, 600, flashes), flashes)
    assert np.abs(late).max() <= 48 < RATE / fps
