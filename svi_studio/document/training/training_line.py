"""The trainings that wait for their turn, without widgets: who is next, and whether anybody may begin by itself."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.lock import Lock
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.jobs.threads.background import Background
from svi_studio.project.training.runs import trainings_folder
from svi_studio.project.training.waiting_line import (
    CALLER,
    FoundLine,
    Line,
    change_line,
    joined,
    left,
    moved,
    prepare_run,
    read_line,
)


class TrainingLine(QObject):
    """``changed``: others stand in it, or it is held or not any more. ``turn_came`` brings the folder of who is next.

    ``is_held``: nobody begins by itself. So it is when the program starts, and after a pause or a stop. One program at
    a time calls, as long as its line is not held. A training stays in line until it ends: one that was under way when
    the program was killed stands in front then.
    """

    changed = Signal()
    turn_came = Signal(object)
    notice = Signal(str)

    def __init__(self, work: Background, place: Path | None, parent: QObject | None = None) -> None:
        """``work`` does what touches the disk, in order; ``place`` holds the trainings, None = the program's own."""
        super().__init__(parent)
        self._work, self._place = work, place
        self._told = ""
        self._is_calling = False
        self._calling_is_ours = Lock((place or trainings_folder()) / CALLER)
        self.folders: Line = ()
        self.is_held = True

    def look(self) -> None:
        """Reads the line again, which other windows change too."""
        self._work.submit(lambda: read_line(self._place), self._found)

    def join(self, folder: Path, recipe: TrainingRecipe | None = None, *, first: bool = False) -> None:
        """Puts ``folder`` at the end of the line, or before all others; ``recipe`` is that of a new training.

        Who puts something in line wants it to begin: the line is not held any more.
        """
        self.is_held = False

        def change() -> Line:
            if recipe is not None:
                prepare_run(folder, recipe)
            return change_line(lambda line: joined(line, folder, first=first), self._place)

        self._work.submit(change, self._now, self._refused)

    def leave(self, folder: Path) -> None:
        """Takes ``folder`` out of the line."""
        self._change(lambda line: left(line, folder))

    def move(self, folder: Path, by: int) -> None:
        """Moves ``folder`` ``by`` places towards the end, or towards the front when negative."""
        self._change(lambda line: moved(line, folder, by))

    def hold(self) -> None:
        """Nobody begins by itself any more."""
        self._set_held(True)

    def release(self) -> None:
        """The first begins as soon as nothing else computes."""
        self._set_held(False)

    def call(self) -> None:
        """``turn_came`` tells who is first, unless another program does the calling."""
        if self.is_held or self._is_calling or not self.folders:
            return
        self._is_calling = True

        def first() -> tuple[Line, bool]:
            with plain_errors(self._calling_is_ours.file):
                is_ours = self._calling_is_ours.is_held or self._calling_is_ours.acquire()
            return read_line(self._place).folders, is_ours

        def found(now: tuple[Line, bool]) -> None:
            self._is_calling = False
            line, is_ours = now
            if self.is_held:  # meanwhile
                self._calling_is_ours.release()
            if line != self.folders:
                self._now(line)
            if line and is_ours and not self.is_held:
                self.turn_came.emit(line[0])

        self._work.submit(first, found, self._refused)

    def close(self) -> None:
        """Lets another program do the calling."""
        self._calling_is_ours.release()

    def _change(self, change: Callable[[Line], Sequence[Path]]) -> None:
        self._work.submit(lambda: change_line(change, self._place), self._now, self._refused)

    def _set_held(self, held: bool) -> None:
        if held is not self.is_held:
            self.is_held = held
            if held:
                self._calling_is_ours.release()
            self.changed.emit()

    def _found(self, found: FoundLine) -> None:
        if found.problem and found.problem != self._told:
            self.notice.emit(found.problem)
        self._told = found.problem
        if found.folders != self.folders:
            self._now(found.folders)

    def _now(self, line: Line) -> None:
        self.folders = line
        self.changed.emit()

    def _refused(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self._is_calling = False
        self.hold()
        self.notice.emit(str(told))
