"""Disks that fail under a training: they count operations, raise an error at one, or end the process there."""

import os
from collections.abc import Callable
from pathlib import Path

from trainer.run.disk import Disk

KILLED = 66


class CountingDisk(Disk):
    def __init__(self) -> None:
        self.operations: list[tuple[str, Path]] = []

    def before(self, operation: str, path: Path) -> None:
        self.operations.append((operation, path))


class FaultyDisk(CountingDisk):
    """Calls ``fault`` in place of operation ``at`` (from 0); half of a write gets through before it.

    With ``for_good`` every later operation fails too, the ones that tidy up included.
    """

    def __init__(self, at: int, fault: Callable[[], None], *, for_good: bool = False) -> None:
        super().__init__()
        self._at, self._fault, self._for_good = at, fault, for_good

    def before(self, operation: str, path: Path) -> None:
        number = len(self.operations)
        super().before(operation, path)
        if number == self._at or (self._for_good and number > self._at):
            self._fault()

    def put(self, descriptor: int, data: memoryview, path: Path) -> None:
        if len(self.operations) == self._at:
            os.write(descriptor, data[: len(data) // 2])
        super().put(descriptor, data, path)


def failing(code: int) -> Callable[[], None]:
    def fault() -> None:
        raise OSError(code, os.strerror(code))

    return fault


def die() -> None:
    os._exit(KILLED)
