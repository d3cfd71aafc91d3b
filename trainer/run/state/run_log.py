"""The log of a run: every event with its time, without those of steps that a crash made undone."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from svi_studio.disk.atomic import append, atomic_write, plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.training.events import Preparing, StepTrained, TrainingChanged, TrainingEvent
from svi_studio.domain.training.log import Logged, from_log_line, log_line


class RunLog:
    """Appends events to ``path``."""

    def __init__(self, path: Path, disk: FsOps) -> None:
        self._path = path
        self._disk = disk

    def cut_after(self, step: int) -> None:
        """Forgets what is said of later steps, which are trained again, and a last line that was cut short."""
        if not self._path.exists():
            return
        lines = self._path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if _is_of(line, step)]
        if kept != lines:
            atomic_write(self._path, kept, self._disk)

    def has_step(self, step: int) -> bool:
        """Whether it tells of that step."""
        return any(isinstance(each.event, StepTrained) and each.event.step == step for each in self.logged())

    def logged(self) -> Iterator[Logged]:
        """All that it tells, in order."""
        lines = self._path.read_bytes().splitlines() if self._path.exists() else []
        yield from filter(None, map(from_log_line, lines))

    def add(self, logged: Iterable[Logged]) -> None:
        """Appends what happened earlier, at its own times. Raises DiskFull or StudioError."""
        with plain_errors(self._path):
            append(self._path, b"".join(log_line(each.event, each.time) for each in logged), self._disk, sync=False)

    def write(self, event: TrainingEvent) -> None:
        """Appends ``event``; what is only being prepared is not worth a line. Raises DiskFull or StudioError."""
        if isinstance(event, Preparing):
            return
        with plain_errors(self._path):
            append(self._path, log_line(event, time.time()), self._disk, sync=False)


def _is_of(line: bytes, step: int) -> bool:
    logged = from_log_line(line) if line.endswith(b"\n") else None
    if logged is None:
        return False
    return isinstance(logged.event, TrainingChanged) or getattr(logged.event, "step", 0) <= step
