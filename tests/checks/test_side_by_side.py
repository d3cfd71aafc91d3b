"""What runs beside the tests is shown in order, and whatever fails fails the whole."""

import sys

import pytest

from tests.checks.side_by_side import Check, all_pass


def python(name: str, program: str) -> Check:
    return Check(name, [sys.executable, "-S", "-c", program])


def says(words: str, status: int = 0) -> Check:
    return python(words, f"import sys; print('{words} says', flush=True); sys.exit({status})")


def test_the_background_is_shown_after_the_foreground_and_in_order(capfd: pytest.CaptureFixture[str]) -> None:
    assert all_pass([says("one"), says("two")], says("front"))
    lines = capfd.readouterr().out.splitlines()
    assert lines == ["== front", "front says", "== one", "one says", "== two", "two says"]


@pytest.mark.parametrize("failing", range(3))
def test_any_that_fails_fails_all_and_the_others_are_still_shown(
    capfd: pytest.CaptureFixture[str], failing: int
) -> None:
    front, one, two = (says(name, int(at == failing)) for at, name in enumerate(["front", "one", "two"]))
    assert not all_pass([one, two], front)
    assert capfd.readouterr().out.count("says") == 3


def test_where_a_process_crashed_is_said_again_at_the_end(capfd: pytest.CaptureFixture[str]) -> None:
    crash = "import faulthandler, os, sys; faulthandler.enable(sys.stdout); os.abort()"
    assert not all_pass([says("one")], python("front", crash))
    behind = capfd.readouterr().out.partition("one says")[2]
    assert "== where a process hung or crashed\nFatal Python error: Aborted" in behind
    assert 'File "<string>", line 1 in <module>' in behind


def test_what_cannot_be_started_leaves_nothing_running() -> None:
    waits = python("waits", "import time; time.sleep(3600)")
    with pytest.raises(FileNotFoundError):
        all_pass([waits, Check("nothing", ["/nowhere/ruff"])], says("front"))
