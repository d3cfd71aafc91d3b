"""What a thread without Qt objects does: in order, after a while, unless it is called off."""

import sys

import pytest

from svi_studio.jobs.threads import agenda as module
from svi_studio.jobs.threads.agenda import Agenda, Countdown


class Clock:
    """A time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def agenda() -> Agenda:
    return Agenda()


def test_what_is_posted_is_done_in_order(agenda: Agenda, done: list[str]) -> None:
    for word in "abc":
        agenda.post(lambda word=word: done.append(word))  # type: ignore[misc]
    agenda.stop()
    agenda.run()
    assert done == ["a", "b", "c"]


def test_a_countdown_that_is_due_comes_after_what_was_posted(agenda: Agenda, done: list[str], clock: Clock) -> None:
    def late() -> None:
        done.append("late")
        agenda.stop()

    Countdown(agenda, late).start(500)
    agenda.post(lambda: done.append("before"))
    clock.now += 0.5
    agenda.run()
    assert done == ["before", "late"]


def test_many_that_post_do_not_keep_a_countdown_from_its_end(agenda: Agenda, done: list[str], clock: Clock) -> None:
    def again() -> None:
        done.append("again")
        clock.now += 0.1
        if len(done) < 50:
            agenda.post(again)

    Countdown(agenda, agenda.stop).start(500)
    again()
    agenda.run()
    assert 5 <= len(done) <= 8


def test_countdowns_end_in_the_order_of_their_times(agenda: Agenda, done: list[str]) -> None:
    Countdown(agenda, agenda.stop).start(30)
    Countdown(agenda, lambda: done.append("second")).start(20)
    Countdown(agenda, lambda: done.append("first")).start(10)
    agenda.run()
    assert done == ["first", "second"]


def test_what_is_called_off_does_not_come_even_when_it_was_due(agenda: Agenda, done: list[str], clock: Clock) -> None:
    countdown = Countdown(agenda, lambda: done.append("called off"))
    countdown.start(500)
    agenda.post(countdown.call_off)
    clock.now += 1
    Countdown(agenda, agenda.stop).start(0)
    agenda.run()
    assert done == []


def test_what_is_started_anew_waits_anew(agenda: Agenda, done: list[str], clock: Clock) -> None:
    countdown = Countdown(agenda, lambda: done.append("too early"))
    countdown.start(500)
    agenda.post(lambda: countdown.start(500))
    clock.now += 1
    Countdown(agenda, agenda.stop).start(0)
    agenda.run()
    assert done == []


def test_a_fault_is_told_and_the_next_is_done(agenda: Agenda, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append(kind))
    agenda.post(lambda: 1 / 0)
    agenda.post(lambda: done.append("next"))
    agenda.stop()
    agenda.run()
    assert told == [ZeroDivisionError] and done == ["next"]
