"""Whose turn it is to compute: one at a time, with a reason for the others."""

import pytest
from PySide6.QtCore import QObject

from svi_studio.jobs.render.render_turn import RenderTurn


@pytest.fixture
def turn() -> RenderTurn:
    return RenderTurn()


def test_only_one_has_the_turn(turn: RenderTurn) -> None:
    one, other = QObject(), QObject()
    assert [turn.take(one), turn.take(other), turn.take(one)] == [True, False, True]


def test_others_hear_why_they_cannot_have_it(turn: RenderTurn) -> None:
    one, other = QObject(), QObject()
    turn.take(one, "It trains.")
    turn.take(other, "It renders.")
    assert turn.refusal == "It trains."


def test_what_was_given_back_can_be_taken(turn: RenderTurn) -> None:
    one, other = QObject(), QObject()
    freed: list[bool] = []
    turn.freed.connect(lambda: freed.append(True))
    turn.take(one, "It trains.")
    turn.give_back(one)
    assert (turn.refusal, turn.take(other), freed) == ("", True, [True])


def test_nobody_can_give_back_what_is_not_theirs(turn: RenderTurn) -> None:
    one, other = QObject(), QObject()
    turn.take(one)
    turn.give_back(other)
    assert not turn.take(other)
