"""Every open list of the film's window chooses with Enter, the Enter of the number pad, and Space; lists still play."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QMenu, QMenuBar, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.window.film_window import FilmWindow
from tests.ui.shell.conftest import OpenWindow
from tests.ui.shell.test_studio import make_film

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|grabbing)")  # the screen of the tests cannot
KEYS = {"enter": Qt.Key.Key_Return, "number pad": Qt.Key.Key_Enter, "space": Qt.Key.Key_Space}


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> FilmWindow:
    opened = open_window(make_film(tmp_path))
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    return opened


def press(key: Qt.Key) -> None:
    """Press a key where the user would: an open list gets it before the window does."""
    popup = QApplication.activePopupWidget()
    target = QApplication.focusWidget() if popup is None else popup.focusWidget() or popup
    assert target is not None
    pad = Qt.KeyboardModifier.KeypadModifier if key == Qt.Key.Key_Enter else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(target, key, pad)


def bring_up(window: FilmWindow, widget: QWidget) -> None:
    """Show ``widget`` whatever tab, page or folded section it is in."""
    part: QWidget | None = widget
    while part is not None and part is not window:
        part.setVisible(True)
        part = part.parentWidget()


def choose_another(qtbot: QtBot, box: QComboBox, key: Qt.Key) -> tuple[int, int]:
    """Open ``box`` at its first line, go down one, press ``key``; returns what it showed before and after."""
    box.setCurrentIndex(0)
    box.setFocus()
    box.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    press(Qt.Key.Key_Down)
    press(key)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    return 0, box.currentIndex()


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_every_combo_box_of_the_window_chooses(qtbot: QtBot, window: FilmWindow, key: Qt.Key) -> None:
    boxes = [box for box in window.findChildren(QComboBox) if box.count() > 1]
    assert boxes
    for box in boxes:
        box.setEnabled(True)
        before = window.film.document.undo_stack.count()
        bring_up(window, box)
        while window.film.document.undo_stack.count() > before:
            window.film.document.undo_stack.undo()
        box.blockSignals(True)  # what the choice does to the film is not the question here
        first, chosen = choose_another(qtbot, box, key)
        box.blockSignals(False)
        assert chosen != first, box.accessibleName()


def test_every_menu_of_the_window_chooses_with_space(window: FilmWindow) -> None:
    ours = [menu for menu in window.findChildren(QMenu) if menu.actions()]
    assert len(ours) > 5
    strange = [menu for menu in ours if not isinstance(menu, KeyMenu)]
    qts_own = {menu for menu in strange if isinstance(menu.parent(), QToolBar | QMenuBar) or _is_of_qt(menu.parent())}
    assert [(menu.title(), menu.parent()) for menu in strange if menu not in qts_own] == []


def _is_of_qt(part: QObject | None) -> bool:
    """What Qt shows when a bar is too narrow."""
    return part is not None and part.objectName().startswith("qt_")


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_menu_chooses(qtbot: QtBot, window: FilmWindow, key: Qt.Key) -> None:
    chosen: list[str] = []
    menu = KeyMenu(window)
    for word in ("one", "two"):
        menu.addAction(word, lambda word=word: chosen.append(word))
    menu.popup(QPoint(10, 10))
    qtbot.waitUntil(menu.isVisible)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(key)
    assert chosen == ["two"]
    assert not menu.isVisible()
    assert window.film.playhead.rate == 0


def test_space_plays_in_every_list_of_the_window(qtbot: QtBot, window: FilmWindow) -> None:
    played: list[str] = []
    window.actions_table.action("play.toggle").triggered.connect(lambda: played.append("played"))
    lists = [each for each in window.findChildren(QAbstractItemView) if each.window() is window]
    assert len(lists) >= 3
    for each in lists:
        bring_up(window, each)
        each.setFocus()
        qtbot.waitUntil(lambda each=each: QApplication.focusWidget() is each)
        played.clear()
        press(Qt.Key.Key_Space)
        assert played == ["played"], each.accessibleName()
