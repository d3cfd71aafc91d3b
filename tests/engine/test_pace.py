"""How long a render says that it still takes."""

from collections.abc import Iterator

import pytest

from svi_studio.engine.chain.pace import Pace


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def run(self, *seconds: float) -> Iterator[None]:
        for each in seconds:
            self.now += each
            yield


def test_nothing_is_promised_before_the_first_step() -> None:
    assert Pace(10, 2, Clock()).seconds_left() is None


def test_steps_and_what_is_beside_them_are_counted_apart() -> None:
    clock = Clock()
    pace = Pace(4, 2, clock)
    pace.clip_started()
    clock.now += 3  # conditioning
    pace.steps_started()
    for _ in clock.run(2, 4):
        pace.step_done()
    assert pace.seconds_per_step == pytest.approx(3)
    assert pace.seconds_left() == pytest.approx(2 * 3)
    clock.now += 5  # decoding and writing
    assert pace.clip_done() == pytest.approx(14)
    assert pace.seconds_left() == pytest.approx(2 * 3 + 8)


def test_steps_of_a_failed_attempt_are_still_to_be_done() -> None:
    clock = Clock()
    pace = Pace(2, 1, clock)
    pace.clip_started()
    for _ in range(2):
        pace.steps_started()
        for _ in clock.run(1, 1):
            pace.step_done()
    assert pace.seconds_left() == pytest.approx(0)


def test_a_pause_is_not_counted() -> None:
    clock = Clock()
    pace = Pace(2, 1, clock)

    def pause() -> bool:
        clock.now += 600
        return False

    pace.clip_started()
    pace.steps_started()
    assert pace.not_counting(pause)() is False
    clock.now += 2
    pace.step_done()
    assert pace.seconds_per_step == pytest.approx(2)
    assert pace.clip_seconds() == pytest.approx(2)
