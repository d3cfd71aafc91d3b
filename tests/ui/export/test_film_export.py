"""Exporting from a window: the status line says how far it is, and closing the window asks first."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from svi_studio.document.export.export_request import Extent
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.ui.desktop.notifications import Notifications
from svi_studio.ui.export.film_export import FilmExport
from svi_studio.ui.window.status_line import StatusLine
from tests.ui.export.conftest import EXPORT_MS


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    made.setStatusBar(StatusLine(made))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def rendered_for() -> list[tuple[int, ...]]:
    return []


@pytest.fixture
def export(
    film: OpenFilm, preferences: Preferences, window: QMainWindow, rendered_for: list[tuple[int, ...]]
) -> Iterator[FilmExport]:
    status = window.statusBar()
    assert isinstance(status, StatusLine)
    notices = Notifications(window, preferences, lambda: None)
    made = FilmExport(film, preferences, window, status=status, notifications=notices, render=rendered_for.append)
    yield made
    made.shutdown()


def begin(export: FilmExport, film: OpenFilm) -> None:
    film.selection.select(["c1", "c2"])
    export.open()
    assert export.dialog is not None
    export.dialog.choices.extents[Extent.SELECTED].click()
    export.dialog.export_button.click()
    assert export.is_busy


def test_the_status_line_follows_and_says_when_it_is_done(
    qtbot: QtBot, export: FilmExport, film: OpenFilm, window: QMainWindow
) -> None:
    begin(export, film)
    status = window.statusBar()
    assert isinstance(status, StatusLine) and export.dialog is not None
    qtbot.waitUntil(lambda: status.text("export") == "Exporting clip 2 of 2", timeout=EXPORT_MS)
    qtbot.waitSignal(export.dialog.run.finished, timeout=EXPORT_MS).wait()
    assert (status.text("export"), status.currentMessage()) == ("", "Foxes a tale.mp4 is done.")


def test_the_clips_that_are_missing_are_queued(
    qtbot: QtBot, export: FilmExport, rendered_for: list[tuple[int, ...]]
) -> None:
    export.open()
    assert export.dialog is not None
    export.dialog.render_missing.click()
    assert rendered_for == [(2,)]


def test_an_export_ends_with_its_film(export: FilmExport, film: OpenFilm) -> None:
    begin(export, film)
    assert export.is_busy
    film.close()
    assert not export.is_busy


def test_the_dialog_goes_with_the_film(export: FilmExport, film: OpenFilm) -> None:
    export.open()
    assert export.dialog is not None
    film.close()
    assert not export.dialog.isVisible()


def test_a_take_that_an_export_found_damaged_counts_no_more(qtbot: QtBot, export: FilmExport, film: OpenFilm) -> None:
    job = film.states.job("c1")
    assert job is not None
    film.takes.file(job.take_hash, LOSSLESS_VIDEO).write_bytes(b"damaged")
    begin(export, film)
    qtbot.waitUntil(lambda: not film.takes.has(job.take_hash), timeout=EXPORT_MS)
    assert film.takes.has_lost("c1")
