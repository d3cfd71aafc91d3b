"""Banners: one for each matter, with ways out, and gone when they are dealt with."""

from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from svi_studio.ui.window.banner import BannerStack


def _stack(qtbot: QtBot) -> BannerStack:
    stack = BannerStack()
    qtbot.addWidget(stack)
    return stack


def test_an_empty_stack_takes_no_room(qtbot: QtBot) -> None:
    assert _stack(qtbot).isHidden()


def test_a_newer_banner_of_the_same_name_takes_the_place_of_the_older(qtbot: QtBot) -> None:
    stack = _stack(qtbot)
    stack.tell("saving", "danger", "The disk is full.")
    stack.tell("saving", "danger", "The disk is full still.")
    assert [banner.text for banner in stack.shown.values()] == ["The disk is full still."]


def test_a_way_out_is_called_and_the_banner_goes(qtbot: QtBot) -> None:
    stack = _stack(qtbot)
    called: list[str] = []
    banner = stack.tell("missing", "warn", "A file is missing.", [("Find it…", lambda: called.append("find"))])
    banner.findChild(QPushButton).click()
    assert called == ["find"] and stack.shown == {} and stack.isHidden()


def test_the_cross_takes_a_banner_away(qtbot: QtBot) -> None:
    stack = _stack(qtbot)
    stack.tell("recovered", "ok", "Brought back.").findChild(QToolButton).click()
    assert stack.shown == {}


def test_a_passing_banner_goes_by_itself(qtbot: QtBot) -> None:
    stack = _stack(qtbot)
    stack.tell("refused", "warn", "That is not possible.", seconds=0.05)
    qtbot.waitUntil(lambda: stack.shown == {}, timeout=2000)


def test_a_passing_banner_that_was_replaced_does_not_take_the_newer_one_with_it(qtbot: QtBot) -> None:
    stack = _stack(qtbot)
    stack.tell("refused", "warn", "First.", seconds=0.05)
    stack.tell("refused", "warn", "Second.")
    qtbot.wait(120)
    assert [banner.text for banner in stack.shown.values()] == ["Second."]


def test_markup_in_a_sentence_is_shown_as_it_is(qtbot: QtBot) -> None:
    stack = _stack(qtbot)
    banner = stack.tell("failed", "danger", "<b>evil</b>.svi is no film.")
    assert banner.text == "<b>evil</b>.svi is no film." and banner.accessibleName() == banner.text
