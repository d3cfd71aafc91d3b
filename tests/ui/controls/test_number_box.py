from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.number_box import NumberBox


def shown(qtbot: QtBot, numbers: NumberRange, optional: bool = True) -> NumberBox:
    box = NumberBox(numbers, optional)
    qtbot.addWidget(box)
    with qtbot.waitActive(box):
        box.show()
    return box


def type_in(qtbot: QtBot, box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def wheel(box: QWidget) -> None:
    centre = QPointF(box.rect().center())
    event = QWheelEvent(
        centre,
        box.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)


def test_a_number_is_told_when_it_is_finished(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(1, 1000))
    heard: list[object] = []
    box.edited.connect(heard.append)
    type_in(qtbot, box, "25")
    assert heard == [25]


def test_an_empty_box_is_no_number(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(1, 1000))
    box.show_value(25)
    box.setFocus()
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    with qtbot.waitSignal(box.edited) as told:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told.args == [None]


def test_a_number_that_must_be_there_comes_back(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(0, 10), optional=False)
    box.show_value(3)
    box.setFocus()
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.value, box.lineEdit().text()) == (3, "3")


def test_the_first_step_starts_from_the_inherited_number(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(1, 1000))
    box.show_inherited(20, "20, from the model")
    box.stepBy(1)
    assert box.value == 21


@pytest.mark.parametrize(("typed", "taken"), [("23", 21), ("24", 25), ("3", 5), ("9999", 1025)])
def test_frames_go_to_the_nearest_possible_number(qtbot: QtBot, typed: str, taken: int) -> None:
    box = shown(qtbot, NumberRange(5, 1025, 4, on_grid=True))
    type_in(qtbot, box, typed)
    assert box.value == taken


@pytest.mark.parametrize("typed", ["2.5", "2,5", " 2.5 "])
def test_a_comma_and_a_point_both_work(qtbot: QtBot, typed: str) -> None:
    box = shown(qtbot, NumberRange(0.0, 100.0, 0.5, decimals=2))
    type_in(qtbot, box, typed)
    assert box.value == 2.5


def test_seeds_of_many_digits_stay_exact(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(0, 2**53 - 1))
    type_in(qtbot, box, str(2**53 - 1))
    assert box.value == 2**53 - 1


def test_scrolling_past_a_box_does_not_change_it(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    other, box = NumberBox(NumberRange(0, 9)), NumberBox(NumberRange(0, 9))
    layout = QVBoxLayout(page)
    layout.addWidget(other)
    layout.addWidget(box)
    box.show_value(5)
    with qtbot.waitActive(page):
        page.show()
    other.setFocus()
    wheel(box)
    assert box.value == 5
    box.setFocus()
    wheel(box)
    assert box.value == 6


def test_escape_takes_back_what_was_half_typed(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(0, 99))
    box.show_value(7)
    box.setFocus()
    qtbot.keyClicks(box, "1")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.lineEdit().text() == "7"


def test_what_is_being_typed_survives_news_of_the_same_number(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(0, 99))
    box.show_value(7)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "4")
    box.show_value(7)
    assert box.lineEdit().text() == "4"


def test_letters_are_not_taken(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(0, 99))
    type_in(qtbot, box, "a1b2")
    assert box.value == 12


def test_a_box_that_is_only_read_does_not_step(qtbot: QtBot) -> None:
    box = shown(qtbot, NumberRange(0, 99))
    box.show_value(7)
    box.setReadOnly(True)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value == 7


def test_the_nearest_number_of_a_range_never_leaves_it() -> None:
    sides = NumberRange(16, 8192, 16, on_grid=True)
    assert [sides.nearest(Decimal(value)) for value in (-5, 480, 487, 490, 10**9)] == [16, 480, 480, 496, 8192]
