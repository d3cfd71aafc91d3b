"""The footage of one training while it is looked over: read in a thread, edited here, saved a moment later."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage
from svi_studio.domain.training.held_out import choose_held_out
from svi_studio.jobs.threads.background import Background
from svi_studio.media.footage_file import read_footage, write_footage

_PAUSE_MS = 400


class FootageDesk(QObject):
    """``changed`` comes when other footage or other captions are there; ``refused`` with a sentence.

    Edits are pure functions from footage to footage. ``saved`` comes when the disk has the newest one.
    """

    changed = Signal()
    saved = Signal()
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self._footage: Footage | None = None
        self._kept: Footage | None = None
        self._share = 0.0
        self._held_out: frozenset[str] = frozenset()
        self._held_of: Footage | None = None
        self._work = Background("footage", self)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.save)

    @property
    def run(self) -> Path | None:
        """The folder of the training."""
        return self._run

    @property
    def footage(self) -> Footage | None:
        """The footage as it is now; None before any was read."""
        return self._footage

    @property
    def held_out(self) -> frozenset[str]:
        """The ids of the clips that a training of this footage holds out, as things stand."""
        if self._held_of is not self._footage:
            clips = [clip for clip in self._footage.clips if clip.is_used] if self._footage is not None else []
            self._held_out = frozenset(choose_held_out(clips, self._share).held_out)
            self._held_of = self._footage
        return self._held_out

    def hold_out(self, share: float) -> None:
        """From now on this share of the clips, 0 to 1, is held out."""
        if share != self._share:
            self._share, self._held_of, self._held_out = share, None, frozenset()
            self.changed.emit()

    def show(self, run: Path | None) -> None:
        """Shows the footage of the training in the folder ``run``; None = of none. Reading it takes a moment."""
        self.save()
        self._run, self._footage, self._kept = run, None, None
        self.changed.emit()
        if run is not None:
            self.read_again()

    @Slot()
    def read_again(self) -> None:
        """Reads the footage again, after a scan has written it."""
        run = self._run
        if run is None:
            return
        self._soon.stop()
        self._work.submit(lambda: _read(run), lambda footage: self._show(run, footage), self._failed)

    def edit(self, change: Callable[[Footage], Footage]) -> bool:
        """Replaces the footage by ``change(footage)``; returns whether that was another one."""
        if self._footage is None:
            return False
        try:
            after = change(self._footage)
        except StudioError as error:
            self.refused.emit(str(error))
            return False
        if after == self._footage:
            return False
        self._footage = after
        self._soon.start()
        self.changed.emit()
        return True

    @property
    def is_saved(self) -> bool:
        """Whether the disk has the newest captions and choices."""
        return self._footage is self._kept

    @Slot()
    def save(self) -> None:
        """Writes what is not written yet, in the thread; ``saved`` follows."""
        self._soon.stop()
        run, footage = self._run, self._footage
        if run is None or footage is None or footage is self._kept:
            return
        self._work.submit(
            lambda: write_footage(run, footage), lambda _none: self._note_saved(run, footage), self._failed
        )

    def close(self) -> bool:
        """Writes what is not written yet and ends the thread; returns whether it has ended."""
        self._soon.stop()
        ended = self._work.close()
        if self._run is not None and self._footage is not None and not self.is_saved:
            try:
                write_footage(self._run, self._footage)
            except StudioError:
                return False
        return ended

    def _note_saved(self, run: Path, footage: Footage) -> None:
        if run == self._run:
            self._kept = footage
            if footage is self._footage:
                self.saved.emit()

    def _show(self, run: Path, footage: Footage | None) -> None:
        if run == self._run:
            self._footage = self._kept = footage
            self.changed.emit()

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self.refused.emit(str(told))


def _read(run: Path) -> Footage | None:
    """The footage of the training in ``run``; None before it was scanned. Raises StudioError."""
    return read_footage(run) if (run / FOOTAGE_FILE).exists() else None
