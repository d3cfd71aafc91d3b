"""Keeps the edits of a film on the disk, in a thread of its own: each goes to the journal, a quiet moment saves all."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import DiskFull, StudioError, as_studio_error
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.jobs.threads.owned_thread import OwnedThread
from svi_studio.project.film.project_file import Project

RETRY_SECONDS = 3.0
QUIET_SECONDS = 30.0
MOST_IN_JOURNAL = 200
"""Edits after which all is saved also while somebody types without a pause: a long journal takes long to read."""


class EditSaver(OwnedThread):
    """Owns the open project and is the only one that writes it.

    ``keep`` hands over the newest storyboard and returns at once. When the disk refuses, the edits stay in memory and
    are tried again every ``retry_seconds`` and at the next edit. ``state_changed`` carries a SaveState.
    """

    state_changed = Signal(object)

    def __init__(
        self,
        project: Project,
        parent: QObject | None = None,
        retry_seconds: float = RETRY_SECONDS,
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        super().__init__("edit saver", parent)
        self._project = project
        self._retry_seconds = retry_seconds
        self._quiet_seconds = quiet_seconds
        self._news = threading.Condition()
        self._newest = project.storyboard
        self._kept = project.storyboard
        self._in_journal = project.recovered
        self._save_asked = False
        self._closing = False
        self._state = SaveState()

    @property
    def unsaved(self) -> bool:
        """Whether the newest storyboard is not on the disk yet: neither in the journal nor in the project file."""
        return self._newest is not self._kept

    @property
    def newest(self) -> Storyboard:
        """The storyboard that ``keep`` received last."""
        return self._newest

    @property
    def state(self) -> SaveState:
        """What ``state_changed`` said last."""
        return self._state

    def keep(self, storyboard: Storyboard) -> None:
        """Hands over the newest storyboard to be written soon. Never waits for the disk."""
        with self._news:
            self._newest = storyboard
            self._news.notify()
        self._wake()

    def save(self) -> None:
        """Writes the project file itself soon, which empties the journal."""
        with self._news:
            self._save_asked = True
            self._news.notify()
        self._wake()

    def ask_to_stop(self) -> None:
        """Ends after one last attempt to bring everything to the disk."""
        with self._news:
            self._closing = True
            self._news.notify()
        super().ask_to_stop()

    def close(self) -> bool:
        """Saves, ends the thread; returns whether the disk has everything. False = ``unsaved`` edits would be lost."""
        joined = self.stop_and_join()
        return joined and not self.unsaved

    def run(self) -> None:
        """The thread: wait for news, write, wait."""
        failed = False
        while True:
            with self._news:
                self._news.wait_for(self._has_news, self._patience(failed))
                closing, storyboard = self._closing, self._newest
                save = self._save_asked or closing or storyboard is self._kept or self._in_journal >= MOST_IN_JOURNAL
                self._save_asked = False
            failed = not self._write(storyboard, save)
            if closing:
                return

    def _wake(self) -> None:
        if not self._closing and not self.isRunning():
            self.start()

    def _has_news(self) -> bool:
        return self._closing or self._save_asked or self._newest is not self._kept

    def _patience(self, failed: bool) -> float | None:
        if failed:
            return self._retry_seconds
        return self._quiet_seconds if self._in_journal else None

    def _write(self, storyboard: Storyboard, save: bool) -> bool:
        if storyboard is self._kept and not self._in_journal:
            self._say(SaveState(SaveKind.SAVED))
            return True
        if self._state.kind != SaveKind.FAILED:  # a failure is told until it is over, not on and off with every attempt
            self._say(SaveState(SaveKind.SAVING))
        try:
            if save:
                self._project.save(storyboard)
            else:
                self._project.record(storyboard)
        except Exception as error:  # whatever it is, the edits stay in memory and the thread goes on
            self._say(SaveState(SaveKind.FAILED, _report_failure(error, self._project.folder)))
            return False
        with self._news:
            self._kept = storyboard
            self._in_journal = 0 if save else self._in_journal + 1
        if not self.unsaved:
            self._say(SaveState(SaveKind.SAVED))
        return True

    def _say(self, state: SaveState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


def _report_failure(error: Exception, folder: Path) -> str:
    told: StudioError | None = as_studio_error(error)
    if isinstance(told, DiskFull):
        return f"The disk is full at {folder}: free some space, for example by deleting takes."
    if told is not None:
        return str(told)
    logging.getLogger(__name__).error("saving failed", exc_info=error)
    return f"The film could not be saved ({type(error).__name__}): leave the window open, it is tried again."
