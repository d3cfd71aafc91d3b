"""Messages of the desktop: only while nobody looks, only wanted kinds, never a shower of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import Preferences
from svi_studio.ui.desktop import notifications
from svi_studio.ui.desktop.notifications import NoticeKind, Notifications, Tray


class RecordingTray(Tray):
    """A desktop with a message area: the one that runs the tests has none."""

    def __init__(self) -> None:
        QObject.__init__(self)
        self.said: list[tuple[str, str, bool]] = []
        self.hidden = 0

    def show_message(self, title: str, text: str, *, failed: bool) -> None:
        self.said.append((title, text, failed))

    def hide(self) -> None:
        self.hidden += 1


Look = Callable[[bool], None]


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    """Whether the user looks at the window."""

    def set_looking(looking: bool) -> None:
        state = Qt.ApplicationState.ApplicationActive if looking else Qt.ApplicationState.ApplicationInactive
        monkeypatch.setattr(QGuiApplication, "applicationState", staticmethod(lambda: state))

    set_looking(False)
    return set_looking


@pytest.fixture
def tray(qtbot: QtBot) -> RecordingTray:
    return RecordingTray()


@pytest.fixture
def notices(qtbot: QtBot, tmp_path: Path, tray: RecordingTray, look: Look) -> Notifications:
    window = QMainWindow()
    qtbot.addWidget(window)
    return Notifications(window, Preferences(tmp_path / "window.ini", window), lambda: tray)


def test_a_finished_film_is_told(notices: Notifications, tray: RecordingTray) -> None:
    notices.film_done("Foxes", "clips 3 to 7")
    assert tray.said == [("The render is done", "Foxes: clips 3 to 7", False)]


def test_a_failure_says_why(notices: Notifications, tray: RecordingTray) -> None:
    notices.failed("Foxes", "The disk is full.")
    assert tray.said == [("Foxes", "The disk is full.", True)]


def test_nothing_is_said_to_one_who_looks(notices: Notifications, tray: RecordingTray, look: Look) -> None:
    look(True)
    notices.film_done("Foxes", "all 3 clips")
    assert tray.said == []


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_each_kind_can_be_switched_off(notices: Notifications, tray: RecordingTray, kind: NoticeKind) -> None:
    flags = notices._flags
    assert isinstance(flags, Preferences)
    flags.set_flag(Notifications.flag_name(NoticeKind.CLIP_DONE), True)
    flags.set_flag(Notifications.flag_name(kind), False)
    notices.clip_done(1, 3, "Foxes")
    notices.film_done("Foxes", "clip 1")
    notices.failed("Foxes", "No.")
    notices.export_done("Foxes", "film.mp4")
    notices.training_done("Foxes")
    assert len(tray.said) == 4


def test_a_film_tells_its_end_and_not_each_clip_unless_asked_to(notices: Notifications, tray: RecordingTray) -> None:
    notices.clip_done(1, 3, "Foxes")
    notices.film_done("Foxes", "all 3 clips")
    assert [title for title, _, _ in tray.said] == ["The render is done"]


def test_quick_clips_are_no_shower_of_messages(
    notices: Notifications, tray: RecordingTray, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = notices._flags
    assert isinstance(flags, Preferences)
    flags.set_flag(Notifications.flag_name(NoticeKind.CLIP_DONE), True)
    now = iter([0.0, 5.0, 59.0, 61.0, 90.0])
    monkeypatch.setattr(notifications, "monotonic", lambda: next(now))
    for number in range(1, 6):
        notices.clip_done(number, 5, "Foxes")
    assert [title for title, _, _ in tray.said] == ["Clip 1 of 5 is done", "Clip 4 of 5 is done"]


def test_the_icon_goes_when_the_window_is_looked_at(notices: Notifications, tray: RecordingTray) -> None:
    notices.film_done("Foxes", "clip 1")
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert tray.hidden == 1


@pytest.mark.qt_log_ignore(r"does not support raise")  # the screen of the tests has no stack of windows
def test_a_click_brings_the_window_back(qtbot: QtBot, notices: Notifications, tray: RecordingTray) -> None:
    notices.film_done("Foxes", "clip 1")
    tray.clicked.emit()
    assert notices._window.isVisible()


def test_a_desktop_without_a_message_area_is_no_problem(qtbot: QtBot, tmp_path: Path, look: Look) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    Notifications(window, Preferences(tmp_path / "window.ini", window), lambda: None).film_done("Foxes", "clip 1")
