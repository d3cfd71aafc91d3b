"""The trainings on the disk as they are now: looked at in a thread, as often as asked, one look at a time."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.jobs.threads.background import Background
from svi_studio.project.training.run_finder import RunFinder
from svi_studio.project.training.runs import TrainingRun


class RunWatch(QObject):
    """``looked`` comes after every look: what the look before had found, by folder; whether ``runs`` are others now."""

    looked = Signal(object, bool)

    def __init__(self, work: Background, place: Path | None, parent: QObject | None = None) -> None:
        """``work`` does what touches the disk; ``place`` holds the trainings, None = the program's own."""
        super().__init__(parent)
        self._work, self._place = work, place
        self._finder = RunFinder()
        self._is_looking = self._must_look_again = False
        self._found_before: dict[Path, TrainingRun] = {}
        self.runs: tuple[TrainingRun, ...] = ()

    @property
    def is_any_held(self) -> bool:
        """Whether a process works on any of them, whoever started it."""
        return any(run.is_held for run in self.runs)

    def look(self) -> None:
        """Looks again, as far as something changed; while a look goes on, the next one waits for its end."""
        self._must_look_again = self._is_looking  # a slow disk must not let looks pile up
        if not self._is_looking:
            self._is_looking = True
            self._work.submit(lambda: self._finder.find(self._place), self._found)

    def has_ended(self, run: TrainingRun) -> None:
        """Nobody works on ``run`` any more, which the next look will find too."""
        self.runs = (replace(run, is_held=False), *(each for each in self.runs if each.folder != run.folder))

    def _found(self, runs: tuple[TrainingRun, ...]) -> None:
        self._is_looking = False
        before, self._found_before = self._found_before, {run.folder: run for run in runs}
        is_other, self.runs = runs != self.runs, runs
        self.looked.emit(before, is_other)
        if self._must_look_again:
            self.look()
