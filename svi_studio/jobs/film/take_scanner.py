"""Reads which takes a film has, from its folder, in a thread of its own and in small portions."""

import time
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.jobs.threads.owned_thread import OwnedThread
from svi_studio.project.takes.ratings import Ratings
from svi_studio.project.takes.take_catalogue import scan_takes

_PORTION = 64
_PAUSE = 0.002  # seconds in which the window's thread may run between two portions


class TakeScanner(OwnedThread):
    """``found`` carries tuples of Take, ``rated`` the stars by take hash, ``scanned`` says that this was all."""

    found = Signal(object)
    rated = Signal(object)
    scanned = Signal()

    def __init__(self, project: Path, parent: QObject | None = None) -> None:
        super().__init__("take scanner", parent)
        self._project = project

    def run(self) -> None:
        """Reads the folder, in the thread."""
        self.rated.emit(Ratings(self._project).all())
        takes = scan_takes(self._project / "takes")
        while not self.isInterruptionRequested():
            portion = tuple(islice(takes, _PORTION))
            if not portion:
                self.scanned.emit()
                return
            self.found.emit(portion)
            time.sleep(_PAUSE)
