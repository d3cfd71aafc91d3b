"""How fast a render goes: seconds per step, and what is left of the film."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Pace:
    """Measures the steps, and what a clip costs beside them: conditioning, decoding, writing."""

    def __init__(self, steps_to_do: int, clips_to_do: int, clock: Callable[[], float] = time.monotonic) -> None:
        """For a render that still has `steps_to_do` denoising steps in `clips_to_do` clips; `clock` in seconds."""
        self._clock = clock
        self._steps_left = steps_to_do
        self._clips_left = clips_to_do
        self._beside_steps = 0.0
        self._steps: list[float] = []
        self._clip_start = self._last = clock()
        self.seconds_per_step = 0.0

    def not_counting(self, ask: Callable[[], T]) -> Callable[[], T]:
        """`ask` as it is, but the seconds that it takes count for nothing.

        A user who pauses is waited for in there; or something is done that no later clip waits for.
        """

        def asked() -> T:
            before = self._clock()
            try:
                return ask()
            finally:
                rest = self._clock() - before
                self._last += rest
                self._clip_start += rest

        return asked

    def clip_started(self) -> None:
        """A clip begins with its conditioning."""
        self._clip_start = self._clock()

    def steps_started(self) -> None:
        """The first step of an attempt at a clip begins; those of an attempt that failed are still to be done."""
        self._steps_left += len(self._steps)
        self._steps = []
        self._last = self._clock()

    def step_done(self) -> None:
        """A step ends and the next begins."""
        now = self._clock()
        self._steps.append(now - self._last)
        self._last = now
        self._steps_left -= 1
        self.seconds_per_step = statistics.fmean(self._steps)

    def clip_done(self) -> float:
        """The clip's take is on disk; returns the seconds that it took."""
        seconds = self.clip_seconds()
        self._beside_steps = seconds - sum(self._steps)
        self._steps = []
        self._clips_left -= 1
        return seconds

    def clip_seconds(self) -> float:
        """Seconds since the clip began."""
        return self._clock() - self._clip_start

    def seconds_left(self) -> float | None:
        """Seconds to the end of the last clip, as things go; None before the first step of all."""
        if not self.seconds_per_step:
            return None
        return self._steps_left * self.seconds_per_step + self._clips_left * self._beside_steps
