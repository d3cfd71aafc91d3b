"""An open film with sentences of syllables under it, whose places are known, and nothing but loudness to find them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.media.sounds import sound_marks
from tests.builders.heard import RATE, spoken
from tests.builders.open_films import open_new_film, storyboard

LENGTHS, PAUSES = [2.0, 1.5, 1.8], [0.9, 0.4]
STARTS = [0.5, 3.4, 5.3]
"""Seconds of film at which the sentences begin."""


def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syllables are no voice to a network: loudness tells."""
    monkeypatch.setattr(sound_marks, "voice_ear", lambda: None)
    monkeypatch.setattr(sound_marks, "hears_voices", lambda: False)


def sentences_file(path: Path) -> Path:
    """A WAV of these sentences."""
    sound, _ = spoken(LENGTHS, PAUSES)
    soundfile.write(path, np.clip(sound, -1, 1), RATE, subtype="PCM_24")
    return path


def open_speaking_film(folder: Path, qtbot: QtBot, clips: int = 2) -> OpenFilm:
    """The film, with its sound laid and looked through."""
    film = open_new_film(folder, storyboard(clips))
    film.sound_import.bring_in([sentences_file(folder / "Speech.wav")])
    qtbot.waitUntil(lambda: not film.sound_import.is_busy)
    film.sound_finder.want()
    qtbot.waitUntil(lambda: not film.sound_finder.is_busy)
    return film
