"""Times a film on this computer, one measurement at a time, while no film and no training computes."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, Signal

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.render.trial import TrialReport, wishes_of
from svi_studio.jobs.film.measure_job import MeasureJob


class Measuring(QObject):
    """``tried`` brings the ``TrialReport`` of each trial, ``ended`` a sentence; what was measured counts for estimates.

    Models that wait in memory go first, and until it is over nobody else computes.
    """

    tried = Signal(object)
    ended = Signal(str)

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._job: MeasureJob | None = None
        self._pictures: TemporaryDirectory[str] | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being measured."""
        return self._job is not None

    def start(self) -> None:
        """Begins; ``ended`` follows, at once where somebody else computes."""
        turn = self._film.turn
        if turn is not None and not turn.take(self, self.tr("The model is being measured: wait until that is over.")):
            self.ended.emit(turn.refusal or self.tr("A film is being rendered: wait until that is over."))
            return
        if turn is not None:
            turn.memory_wanted.emit()
        if self._pictures is None:
            self._pictures = TemporaryDirectory(prefix="svi-trials-", ignore_cleanup_errors=True)
        job = MeasureJob(Path(self._film.document.folder), Path(self._pictures.name), self)
        job.tried.connect(self._tried)
        job.finished.connect(lambda _count: self._end(self.tr("Measured. The estimates count with it from now on.")))
        job.failed.connect(self._end)
        job.cancelled.connect(lambda: self._end(self.tr("Stopped. What was measured counts.")))
        self._job = job
        job.start()

    def stop(self) -> None:
        """Gives up; ``ended`` follows within some 3 s."""
        if self._job is not None:
            self._job.cancel()

    def use(self, report: TrialReport) -> None:
        """Lays the model out as in that trial, from the next render on."""
        if report.trial is not None:
            self._film.memory.wish(wishes_of(report.trial.plan))

    def close(self) -> bool:
        """Gives up and waits, some seconds at most; returns whether the process is gone. The pictures go."""
        gone = self._job is None or self._job.shutdown()
        self._forget()
        if self._pictures is not None:
            self._pictures.cleanup()
            self._pictures = None
        return gone

    def _tried(self, report: TrialReport) -> None:
        if report.trial is not None:
            self._film.paces.keep(report.trial.pace)
        self.tried.emit(report)

    def _end(self, sentence: str) -> None:
        self._forget()
        self.ended.emit(sentence)

    def _forget(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        if self._film.turn is not None:
            self._film.turn.give_back(self)
