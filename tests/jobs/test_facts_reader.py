import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.errors import Stopped
from svi_studio.jobs.film import facts_reader
from svi_studio.jobs.film.facts_reader import FactsReader
from svi_studio.project.film.film_source import FilmSource
from tests.builders.film_parts import facts_of, make_project, numbered
from tests.patience import felt_time


def source(folder: Path, **settings: object) -> FilmSource:
    return FilmSource(numbered(1, **settings), folder, folder, is_bare=False)


def slow_reading(film: FilmSource, *, should_stop: Callable[[], bool]) -> object:
    """As a large model that takes minutes to hash."""
    if film.storyboard.title == "quick":
        return facts_of()
    while not should_stop():
        time.sleep(0.001)
    raise Stopped("stopped")


def test_the_bundled_model_is_read(qtbot: QtBot, tmp_path: Path) -> None:
    reader = FactsReader()
    with qtbot.waitSignal(reader.facts, timeout=20_000) as told:
        reader.read(source(make_project(tmp_path / "film", numbered(1))))
    assert told.args[0].facts.size == (80, 48)
    reader.close()


def test_a_model_that_is_not_there_is_told_in_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    reader = FactsReader()
    with qtbot.waitSignal(reader.problem, timeout=20_000) as told:
        reader.read(source(tmp_path, model="gone"))
    assert told.args[0].startswith('There is no model called "gone"')
    reader.close()


def test_closing_does_not_wait_for_a_large_model(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_reader, "read_facts", slow_reading)
    reader = FactsReader()
    reader.read(source(tmp_path))
    with felt_time() as seconds:
        assert reader.close()
        assert seconds() < 2


def test_only_the_last_question_is_answered(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_reader, "read_facts", slow_reading)
    reader = FactsReader()
    answers: list[object] = []
    reader.facts.connect(answers.append)
    reader.problem.connect(answers.append)
    reader.read(source(tmp_path))
    with qtbot.waitSignal(reader.facts):
        reader.read(source(tmp_path, title="quick"))
    assert len(answers) == 1
    reader.close()
