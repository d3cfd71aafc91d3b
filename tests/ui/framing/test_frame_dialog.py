"""The frame over a picture: dragged and resized inside it, with the mouse and with keys, and handed on as data."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from svi_studio.domain.pictures.framing import Framing
from svi_studio.ui.framing.frame_dialog import FrameDialog

FILM = (80, 48)
PICTURE = (400, 400)


@pytest.fixture
def dialog(qtbot: QtBot) -> FrameDialog:
    return opened(qtbot, Framing(picture="a.png"))


def opened(qtbot: QtBot, framing: Framing) -> FrameDialog:
    made = FrameDialog(framing, FILM)
    qtbot.addWidget(made)
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    made.show_picture(image, PICTURE)
    made.show()
    return made


def chosen(qtbot: QtBot, dialog: FrameDialog) -> Framing:
    with qtbot.waitSignal(dialog.framed) as said:
        qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    framing = said.args[0]
    assert isinstance(framing, Framing)
    return framing


def on_screen(dialog: FrameDialog, x: float, y: float) -> QPoint:
    room = dialog.view.room()
    scale = room.width() / PICTURE[0]
    return QPoint(round(room.x() + x * scale), round(room.y() + y * scale))


def drag(qtbot: QtBot, dialog: FrameDialog, start: tuple[float, float], end: tuple[float, float]) -> None:
    qtbot.mousePress(dialog.view, Qt.MouseButton.LeftButton, pos=on_screen(dialog, *start))
    qtbot.mouseMove(dialog.view, on_screen(dialog, *end))
    qtbot.mouseRelease(dialog.view, Qt.MouseButton.LeftButton, pos=on_screen(dialog, *end))


def test_the_middle_is_the_frame_until_it_is_moved_and_needs_no_words(qtbot: QtBot, dialog: FrameDialog) -> None:
    assert dialog.view.box == (0, 80, 400, 320)
    assert chosen(qtbot, dialog).is_default


def test_arrow_keys_move_the_frame_and_stop_at_the_edge(qtbot: QtBot, dialog: FrameDialog) -> None:
    qtbot.keyClick(dialog.view, Qt.Key.Key_Down)
    assert dialog.view.box == (0, 84, 400, 324)
    for _ in range(30):
        qtbot.keyClick(dialog.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chosen(qtbot, dialog).crop == (0, 160, 400, 240)


def test_plus_and_minus_resize_it_and_home_brings_it_back(qtbot: QtBot, dialog: FrameDialog) -> None:
    for _ in range(5):
        qtbot.keyClick(dialog.view, Qt.Key.Key_Minus)
    left, top, right, bottom = dialog.view.box
    assert (right - left, bottom - top) == (360, 216)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Home)
    assert dialog.view.box == (0, 80, 400, 320)


def test_it_is_dragged(qtbot: QtBot, dialog: FrameDialog) -> None:
    drag(qtbot, dialog, (200, 200), (200, 150))
    assert abs(dialog.view.box[1] - 30) <= 1
    assert dialog.view.box[3] - dialog.view.box[1] == 240


def test_a_corner_makes_it_smaller_and_the_one_across_stays(qtbot: QtBot, dialog: FrameDialog) -> None:
    drag(qtbot, dialog, (0, 80), (100, 140))
    left, top, right, bottom = dialog.view.box
    assert (right, bottom) == (400, 320)
    assert abs(left - 100) <= 3
    assert abs((right - left) / (bottom - top) - 80 / 48) < 0.02


def test_squeezing_shows_all_of_the_picture_and_moves_nothing(qtbot: QtBot, dialog: FrameDialog) -> None:
    qtbot.mouseClick(dialog.fit.yes, Qt.MouseButton.LeftButton)
    assert "All 400\u00a0×\u00a0400 pixels" in dialog.words.text()
    drag(qtbot, dialog, (200, 200), (200, 150))
    assert dialog.view.box == (0, 80, 400, 320)
    framing = chosen(qtbot, dialog)
    assert (framing.fit, framing.crop) == ("squeeze", None)


def test_it_opens_as_it_was_left(qtbot: QtBot) -> None:
    framing = Framing(picture="a.png", crop=(40, 20, 200, 120), colours="as stored")
    dialog = opened(qtbot, framing)
    assert dialog.view.box == (40, 20, 240, 140)
    assert chosen(qtbot, dialog) == framing


def test_cancel_hands_on_nothing(qtbot: QtBot, dialog: FrameDialog) -> None:
    with qtbot.assertNotEmitted(dialog.framed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.is_over


def test_a_picture_that_cannot_be_read_cannot_be_framed(qtbot: QtBot) -> None:
    dialog = FrameDialog(Framing(picture="a.png"), FILM)
    qtbot.addWidget(dialog)
    dialog.show_problem("The picture is gone.")
    assert not dialog.ok.isEnabled()
    assert dialog.words.text() == "The picture is gone."
