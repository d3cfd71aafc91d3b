"""The log of a run: every event with its time, without those of steps that a crash made undone."""

import time
from pathlib import Path

from svi_studio.disk.atomic import append, atomic_write, plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.training.events import Preparing, TrainingEvent
from svi_studio.domain.training.log import from_log_line, log_line


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

    def write(self, event: TrainingEvent) -> None:
        """Appends ``event``; what is only being prepared is not worth a line. Raises DiskFull or StudioError."""
        if isinstance(event, Preparing):
            return
        with plain_errors(self._path):
            append(self._path, log_line(event, time.time()), self._disk, sync=False)


def _is_of(line: bytes, step: int) -> bool:
    logged = from_log_line(line) if line.endswith(b"\n") else None
    return logged is not None and getattr(logged.event, "step", 0) <= step
