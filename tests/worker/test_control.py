"""The wishes of the user reach the thread that renders."""

import threading
from collections.abc import Callable

import pytest

from svi_studio.worker.control import Control


def nothing() -> None:
    pass


def test_nothing_is_asked_at_first() -> None:
    control = Control()
    control.wait_while_paused(nothing)
    assert not control.stops(between_clips=True)
    assert not control.skips(0)


@pytest.mark.parametrize("wish", [Control.resume, Control.stop, lambda control: control.skip(3)])
def test_a_pause_ends_with_whatever_is_wished_next(wish: Callable[[Control], object]) -> None:
    control = Control()
    control.pause()
    wished = []

    def wish_it() -> None:
        wished.append(True)
        wish(control)

    control.wait_while_paused(lambda: threading.Timer(0.01, wish_it).start())
    assert wished


def test_a_pause_is_told() -> None:
    told: list[str] = []
    control = Control()
    control.pause()
    control.wait_while_paused(lambda: (told.append("paused"), threading.Timer(0.01, control.resume).start()))
    assert told == ["paused"]


def test_a_stop_after_the_clip_lets_the_clip_go_on() -> None:
    control = Control()
    control.stop(after_clip=True)
    assert not control.stops()
    assert control.stops(between_clips=True)


def test_a_new_request_begins_without_the_old_wishes() -> None:
    control = Control()
    control.stop()
    control.skip(1)
    control.begin(skipped=[2])
    assert not control.stops(between_clips=True)
    assert (control.skips(1), control.skips(2)) == (False, True)
