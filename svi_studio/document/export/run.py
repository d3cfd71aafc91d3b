"""One export from the request to the file: waits until the film is saved, runs the job, says what happens."""

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from svi_studio.document.export.export_request import Chosen, ExportRequest, arguments
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.jobs.film.export_job import ExportJob


class ExportRun(QObject):
    """Runs one export at a time. A ``start`` ends with exactly one of ``finished``, ``failed``, ``cancelled``."""

    progress = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._job: ExportJob | None = None
        self._waiting: tuple[ExportRequest, Chosen] | None = None
        film.document.save_state.connect(self._saved)

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._job is not None or self._waiting is not None

    def start(self, request: ExportRequest, chosen: Chosen) -> None:
        """Begins as soon as the last edit is on the disk, from where the export reads the film."""
        self._waiting = (request, chosen)
        if not self._film.unsaved:
            self._begin()

    def cancel(self) -> None:
        """Gives up; nothing half is left."""
        if self._waiting is not None:
            self._waiting = None
            self.cancelled.emit()
        elif self._job is not None:
            self._job.cancel()

    def shutdown(self) -> bool:
        """Gives up and waits, some seconds at most; returns whether the process is gone."""
        self._waiting = None
        gone = self._job is None or self._job.shutdown()
        self._forget()
        return gone

    @Slot(object)
    def _saved(self, state: SaveState) -> None:
        if self._waiting is None:
            return
        if state.kind is SaveKind.FAILED:
            self._waiting = None
            self.failed.emit(state.sentence)
        elif state.kind is SaveKind.SAVED and not self._film.unsaved:
            self._begin()

    def _begin(self) -> None:
        if self._waiting is None:
            return
        request, chosen = self._waiting
        self._waiting = None
        self._job = job = ExportJob(arguments(self._film, request, chosen), self)
        job.progress.connect(self.progress)
        job.finished.connect(lambda path: self._end(self.finished, path))
        job.failed.connect(lambda sentence: self._end(self.failed, sentence))
        job.cancelled.connect(lambda: self._end(self.cancelled))
        job.start()

    def _end(self, signal: SignalInstance, *told: object) -> None:
        self._forget()
        signal.emit(*told)

    def _forget(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
