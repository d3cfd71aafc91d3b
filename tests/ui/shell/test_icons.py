"""Icons are there, sharp, and in the colour of the theme."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from svi_studio.resource_files import resource_path
from svi_studio.ui.actions.action_table import rows_by_id
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon, icon_pixmap, keep_icon


def _ink(shown: QIcon) -> set[str]:
    image = shown.pixmap(QSize(24, 24), 1.0).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {colour.name() for colour in pixels if colour.alpha() > 100}


def test_every_icon_that_an_action_names_is_drawn(qtbot: QtBot) -> None:
    names = {row.icon for row in rows_by_id().values() if row.icon}
    assert [name for name in names if not resource_path("icons", f"{name}.svg").is_file()] == []


def test_every_drawing_shows_something_and_stays_inside_its_box(qtbot: QtBot) -> None:
    for path in resource_path("icons").glob("*.svg"):
        image = icon_pixmap(path.stem, 24).toImage()
        edge = [image.pixelColor(x, y).alpha() for x in range(24) for y in (0, 23)]
        assert _ink(icon(path.stem)) and max(edge) == 0, path.stem


def test_an_icon_has_twice_the_pixels_on_a_dense_screen(qtbot: QtBot) -> None:
    assert icon("play").pixmap(QSize(24, 24), 2.0).size() == QSize(48, 48)


def test_a_kept_icon_takes_the_colour_of_the_new_theme(qtbot: QtBot) -> None:
    theme().set_mode("dark")
    button = QToolButton()
    qtbot.addWidget(button)
    keep_icon(button, "stop", "danger")
    theme().set_mode("light")
    assert theme().css("danger") in _ink(button.icon())


def test_a_button_that_is_gone_does_not_disturb_a_change_of_theme(qtbot: QtBot) -> None:
    button = QToolButton()
    keep_icon(button, "stop")
    button.deleteLater()
    qtbot.wait(1)
    theme().set_mode("dark")
    theme().set_mode("light")


@pytest.fixture
def sleepy_collector() -> Iterator[None]:
    """The garbage collector sleeps until the test calls `gc.enable` and then soon finds what was dropped."""
    usual = gc.get_threshold()
    gc.disable()
    gc.set_threshold(500, 0)
    yield
    gc.set_threshold(*usual)
    gc.enable()


def test_a_change_of_theme_survives_garbage_that_is_collected_meanwhile(qtbot: QtBot, sleepy_collector: None) -> None:
    actions = [QAction() for _ in range(3000)]  # more than the pairs that the interpreter keeps in store
    for action in actions:
        action.itself = action  # type: ignore[attr-defined]  # only the collector finds it
        keep_icon(action, "stop")
    gc.collect(0)  # they live still: the next collection looks at them again
    actions.clear()
    del action
    gc.enable()
    theme().changed.emit()
