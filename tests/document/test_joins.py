"""Jumps between takes are measured where the film is cut: at a clip that was led to the next one, at its end."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.takes import joins
from svi_studio.document.takes.joins import Joins
from svi_studio.domain.editing.edits import change_clip
from tests.builders.open_films import open_new_film, put_take, storyboard


def test_a_join_is_measured_again_when_the_film_is_cut_elsewhere(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[tuple[int, int]] = []

    def jump(one: tuple[Path, int], other: tuple[Path, int]) -> float:
        measured.append((one[1], other[1]))
        return 2.0

    monkeypatch.setattr(joins, "measured_jump", jump)
    film = open_new_film(tmp_path, storyboard(2))
    qtbot.waitUntil(lambda: film.states.job("c2") is not None)
    for clip in ("c1", "c2"):
        job = film.states.job(clip)
        assert job is not None
        put_take(film, job)
    qtbot.waitUntil(lambda: film.states.has_take("c1") and film.states.has_take("c2"))
    found = Joins(film)
    qtbot.waitUntil(lambda: found.of_clip("c1").behind == 2.0)
    film.document.edit("Led", lambda board: change_clip(board, "c1", meets_next=True))
    qtbot.waitUntil(lambda: found.of_clip("c1").behind == 2.0 and len(measured) == 2)
    frames = film.playhead.num_frames
    assert measured == [(frames - 5, 0), (frames - 1, 4)]
    film.close()
