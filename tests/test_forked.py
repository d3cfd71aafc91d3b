"""What the tests' own copies of a process promise."""

import gc
import os

import pytest

from tests import forked
from tests.forked import exit_code_of, needs_fork

pytestmark = needs_fork


class Left:
    """Garbage of an earlier test, a decoder with threads for example, whose end would hang or harm a copy."""

    def __init__(self) -> None:
        self.itself, self.process = self, os.getpid()

    def __del__(self) -> None:
        if os.getpid() != self.process:
            os._exit(9)


def test_a_copy_leaves_the_garbage_of_earlier_tests_alone() -> None:
    Left()
    assert exit_code_of(gc.collect) == 0


def test_an_error_in_a_copy_is_told() -> None:
    assert exit_code_of(lambda: 1 / 0) == 1


def test_a_copy_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "LIMIT", 1)
    reading, _writing = os.pipe()
    assert exit_code_of(lambda: os.read(reading, 1)) == -14
