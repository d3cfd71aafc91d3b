"""A training that fits a time budget: the learning rate follows the clock, so that it ends well on any machine."""

import json
import math
import signal
import time
from pathlib import Path
from types import FrameType

from trainer.mini.checkpoint import Progress


class Budget:
    """Counts training seconds over all runs, tells when to save and when to stop, and stops softly on Ctrl-C."""

    def __init__(self, progress: Progress, minutes: float, *, save_every: float = 120.0) -> None:
        self.progress = progress
        self._total = minutes * 60
        self._save_every = save_every
        self._began = time.monotonic() - progress.seconds
        self._saved = time.monotonic()
        self._asked_to_stop = False
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)

    @property
    def share(self) -> float:
        """How much of the budget is spent, 0 to 1."""
        return min(1.0, self.progress.seconds / self._total)

    @property
    def over(self) -> bool:
        """Whether to stop: the time is up or somebody asked."""
        return self._asked_to_stop or self.progress.seconds >= self._total

    def tick(self) -> None:
        """Counts one step."""
        self.progress.step += 1
        self.progress.seconds = time.monotonic() - self._began

    def time_to_save(self) -> bool:
        """True about every two minutes."""
        if time.monotonic() - self._saved < self._save_every:
            return False
        self._saved = time.monotonic()
        return True

    def learning_rate(self, peak: float, *, warmup_steps: int = 100, floor: float = 0.02) -> float:
        """Linear warm-up, then flat, then a cosine down to ``floor * peak`` over the last 60 % of the budget."""
        warm = min(1.0, (self.progress.step + 1) / warmup_steps)
        fall = max(0.0, (self.share - 0.4) / 0.6)
        return peak * warm * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * fall)))

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True


class Log:
    """One line of JSON a report, to a file and to the terminal."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def write(self, **figures: float | int | str) -> None:
        """Appends the figures, floats at four digits."""
        line = json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()})
        print(line, flush=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
