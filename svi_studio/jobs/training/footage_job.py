"""Looking through a folder of videos for a training: the trainer cuts it into clips in a process of its own."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from svi_studio.domain.training.events import FootageReady, Preparing
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.jobs.training.task import TaskEnded, TrainerTask
from svi_studio.jobs.training.wire_protocol import SCANNER
from svi_studio.jobs.worker.process_client import ProcessClient
from svi_studio.jobs.worker.program import trainer_command
from svi_studio.jobs.worker.task import EndNow, Outcome
from svi_studio.pipes.training_messages import TrainerMessage
from svi_studio.project.training.runs import WANTED

translate = QCoreApplication.translate


class FootageJob(QObject):
    """Lives in the window's thread. Each scan ends with ``finished`` (``FootageReady``), ``failed`` or ``cancelled``.

    ``progress`` brings a ``Preparing``: how many of the videos are looked through, and the name of the next.
    """

    progress = Signal(object)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        """``command`` begins every command; None = the trainer's own."""
        super().__init__(parent)
        self._command = tuple(trainer_command() if command is None else command)
        self._ready: FootageReady | None = None
        self._is_cancelled = False
        self._client = ProcessClient("footage", SCANNER, self)
        self._client.said.connect(self._hear)
        self._client.over.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Whether a scan is under way."""
        return self._client.task_key is not None

    def start(self, recipe: TrainingRecipe, run: Path, captions_by: Sequence[str] = ()) -> None:
        """Looks through ``recipe.footage`` for the training in the folder ``run``, which is made.

        ``captions_by`` names the model that then writes the captions that are missing: ``("server", URL, MODEL)``,
        ``("local", FOLDER)`` or ``("local", FOLDER, "4bit")``. Raises ValueError while a scan is under way.
        """
        wanted = run / WANTED
        words: tuple[str, ...] = ("footage", recipe.footage, "--recipe", str(wanted), "--into", str(run), "--events")
        words += ("--captions-by", *captions_by) if captions_by else ()
        self._ready, self._is_cancelled = None, False
        self._client.begin(TrainerTask((*self._command, *words), file=wanted, content=recipe_to_text(recipe)))

    def cancel(self) -> None:
        """Gives up at once; what an earlier scan found is left as it is, and captions that were written stay."""
        self._is_cancelled = True
        self._client.tell(EndNow())

    def shutdown(self) -> bool:
        """Ends it, waiting 5 s at most; returns whether the thread has ended. Nothing is emitted any more."""
        return self._client.shutdown()

    @Slot(object)
    def _hear(self, message: TrainerMessage) -> None:
        match message:
            case Preparing() if not self._is_cancelled:
                self.progress.emit(message)
            case FootageReady():
                self._ready = message

    @Slot(object)
    def _end(self, end: TaskEnded) -> None:
        if self._is_cancelled:
            self.cancelled.emit()
        elif self._ready is not None:
            self.finished.emit(self._ready)
        elif end.outcome is Outcome.FAILED:
            self.failed.emit(end.sentence)
        else:
            self.failed.emit(translate("FootageJob", "Looking through the footage ended early: try it again."))
