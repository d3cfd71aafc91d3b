"""The tune of the dancing example: in step with the dance, as the program itself hears it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from svi_studio.domain.film.track import InputKind
from svi_studio.media.sounds.marks_of_file import marks_of_file
from svi_studio.project.film.film_source import open_film
from svi_studio.resource_files import resource_path
from trainer.paper_theatre.examples import BEAT, FRAMES
from trainer.paper_theatre.stage import FINE
from trainer.paper_theatre.tune import RATE, dance_tune

SECONDS = BEAT / FINE.fps


def test_a_tune_is_as_long_as_asked_and_not_too_loud() -> None:
    tune = dance_tune(4, SECONDS, 4 * SECONDS)
    assert (tune.dtype, len(tune)) == (np.float32, round(4 * SECONDS * RATE))
    assert np.abs(tune).max() == pytest.approx(0.5, abs=0.01)
    assert np.array_equal(tune, dance_tune(4, SECONDS, 4 * SECONDS))


def test_its_beats_are_those_of_the_dance(tmp_path: Path) -> None:
    file = tmp_path / "tune.wav"
    soundfile.write(file, dance_tune(20, SECONDS, 20 * SECONDS), RATE)
    found = marks_of_file(file)
    tempo = 60 / SECONDS
    assert min(abs(found.bpm / tempo - ratio) for ratio in (Fraction(1), Fraction(2))) < 0.02
    away = [abs(sample / RATE % (SECONDS / 2)) for sample in found.beats]
    assert max(min(each, SECONDS / 2 - each) for each in away) < 0.05


def test_the_example_dances_to_it_from_its_first_frame() -> None:
    film = open_film(resource_path("storyboards", "first-dance.json"))
    tracks = {track.kind: track for track in film.storyboard.tracks}
    assert {
        kind: (each.fps, each.pieces[0].start, each.pieces[0].length) for kind, each in tracks.items()
    } == dict.fromkeys((InputKind.SOUND, InputKind.SKELETON), (FINE.fps, 0, FRAMES))
    assert tracks[InputKind.SOUND].is_heard
    assert soundfile.info(film.file(tracks[InputKind.SOUND].pieces[0].file)).duration == pytest.approx(
        FRAMES / FINE.fps
    )
