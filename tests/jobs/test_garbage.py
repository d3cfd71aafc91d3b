"""Qt objects that only the garbage collector finds end in the window's thread, whatever other threads do."""

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.jobs.threads.garbage import GarbageCollector


class Dropped:
    """Garbage that only the collector finds; it tells in which thread it ends."""

    def __init__(self, ended_in: list[int]) -> None:
        self.itself, self.ended_in = self, ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.get_ident())


def make_objects() -> list[object]:
    """As a thread does that decodes or reads: enough objects for a search by Python."""
    return [[] for _ in range(5000)]


def let_another_thread_work() -> None:
    thread = threading.Thread(target=make_objects)
    thread.start()
    thread.join()


@pytest.fixture
def usual_python() -> Iterator[None]:
    """Python's own search, often."""
    was_on, usual = gc.isenabled(), gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.enable()
    yield
    gc.set_threshold(*usual)
    (gc.enable if was_on else gc.disable)()


@pytest.fixture
def collector(usual_python: None, qtbot: QtBot) -> Iterator[GarbageCollector]:
    collector = GarbageCollector()
    collector.install()
    yield collector
    collector.remove()


def test_left_alone_python_destroys_in_another_thread(usual_python: None) -> None:
    gc.collect()
    ended_in: list[int] = []
    Dropped(ended_in)
    let_another_thread_work()
    assert len(ended_in) == 1 and ended_in != [threading.get_ident()]


def test_another_thread_destroys_nothing(collector: GarbageCollector) -> None:
    ended_in: list[int] = []
    Dropped(ended_in)
    let_another_thread_work()
    assert ended_in == []


def test_the_window_soon_destroys_what_was_dropped(collector: GarbageCollector, qtbot: QtBot) -> None:
    ended_in: list[int] = []
    Dropped(ended_in)
    kept = []

    def has_ended() -> bool:
        kept.append(make_objects())  # again and again: Python counts down for what ends, and other windows end here too
        return bool(ended_in)

    qtbot.waitUntil(has_ended, timeout=5000)
    assert ended_in == [threading.get_ident()]


def test_old_garbage_goes_when_its_turn_comes(collector: GarbageCollector) -> None:
    ended_in: list[int] = []
    dropped = Dropped(ended_in)
    gc.collect(0)
    gc.collect(1)
    del dropped
    gc.set_threshold(700, 10, 0)
    collector.search_if_due()
    assert ended_in == [threading.get_ident()]


def test_nothing_is_searched_before_it_is_due(collector: GarbageCollector) -> None:
    gc.set_threshold(100_000, 1000, 1000)
    gc.collect()
    ended_in: list[int] = []
    Dropped(ended_in)
    collector.search_if_due()
    assert ended_in == []


def test_python_searches_again_once_the_window_has_closed(collector: GarbageCollector) -> None:
    collector.remove()
    assert gc.isenabled()
