"""Times a film on this computer: the command line tries it in a process of its own, and this tells of each trial."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from svi_studio.domain.render.trial import TrialReport
from svi_studio.jobs.film.command_job import CommandJob
from svi_studio.jobs.worker.program import program_command


class MeasureJob(CommandJob):
    """``tried`` brings the ``TrialReport`` of each trial as it is over, ``finished`` how many there were."""

    tried = Signal(object)

    def __init__(
        self, film: Path, pictures: Path, parent: QObject | None = None, command: Sequence[str] | None = None
    ) -> None:
        """``film``: its folder; a picture of each trial is put into ``pictures``. ``command`` is for tests."""
        own = program_command("measure", str(film), "-o", str(pictures), "--json")
        super().__init__(own if command is None else command, parent)
        self._count = 0

    def hear(self, line: bytes) -> None:
        """A trial, or what a library printed."""
        try:
            report = TrialReport.model_validate_json(line)
        except ValidationError:
            return
        self._count += 1
        if not self._is_over and not self._is_cancelled:
            self.tried.emit(report)

    def result(self) -> int | None:
        """How many trials there were."""
        return self._count or None
