"""What this computer has measured is known in the next film, too."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import Preferences
from svi_studio.document.states.pace_memory import PaceMemory
from tests.builders.renders import a_take


@pytest.fixture
def preferences(qtbot: QtBot, tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


def test_a_pace_is_kept_from_film_to_film_once_for_each_model_and_size(preferences: Preferences) -> None:
    first = PaceMemory(preferences)
    for take in (a_take(seconds=10.0), a_take(seconds=20.0), a_take(width=160)):
        first.remember(take)
    preferences.sync()
    again = PaceMemory(Preferences(preferences.file)).paces
    assert again == first.paces
    assert [pace.volume for pace in again] == [a_take(width=160).job.width * 48 * 21, 80 * 48 * 21]
    assert again[1].step * 50 + again[1].beside == pytest.approx(20.0)


@pytest.mark.parametrize("kept", ["nonsense", "[]", '{"paces": [{"step": "fast"}]}'])
def test_what_cannot_be_read_counts_as_nothing(preferences: Preferences, kept: str) -> None:
    preferences.set_text("measured_paces", kept)
    assert PaceMemory(preferences).paces == ()


def test_a_take_that_does_not_say_how_long_it_took_is_no_pace(preferences: Preferences) -> None:
    memory = PaceMemory(preferences)
    memory.remember(a_take(seconds=0.0, step=0.0))
    assert memory.paces == ()
