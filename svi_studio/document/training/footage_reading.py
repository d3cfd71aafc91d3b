"""Reads the footage of the training that is put together, in a process of its own, and has captions written for it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.training.footage_desk import FootageDesk
from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.domain.training.events import FootageReady, Preparing
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.training.footage_job import FootageJob
from svi_studio.project.training.runs import new_run_folder


class FootageReading(QObject):
    """``changed``: the footage is being read, or not any more; ``now`` and ``problem`` say how it is."""

    changed = Signal()

    def __init__(
        self,
        draft: TrainingDraft,
        footage: FootageDesk,
        turn: RenderTurn,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
        place: Path | None = None,
    ) -> None:
        """Clips of ``draft`` go to ``footage``; ``command`` and ``place`` as `TrainingDesk` has them."""
        super().__init__(parent)
        self.now: Preparing | None = None
        self.problem = ""
        self._draft, self._footage, self._turn, self._place = draft, footage, turn, place
        self._starts_when_saved = self._awaits_clips = False
        self._captions_by: tuple[str, ...] = ()
        self._job = FootageJob(self, command)
        footage.saved.connect(self._saved)
        footage.changed.connect(self._clips_came)
        footage.refused.connect(self._clips_came)
        self._job.progress.connect(self._read_on)
        self._job.finished.connect(self._read)
        self._job.failed.connect(self._end)
        self._job.cancelled.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Whether the footage is being read, or captions are being written."""
        return self._job.is_running

    def write_captions(self, captions_by: tuple[str, ...]) -> None:
        """Has a model write the captions that the draft's footage lacks; ``captions_by`` as `FootageJob.start` has it.

        A model on this computer gets the memory of renderers that rest; while one works, ``problem`` says so.
        """
        if captions_by[:1] == ("local",):
            if self._turn.is_taken:
                self._stop(self.tr("A film or a training needs the memory now: write captions when it is done."))
                return
            self._turn.memory_wanted.emit()
        self.start(captions_by)

    def start(self, captions_by: tuple[str, ...] = ()) -> None:
        """Looks through the draft's footage, in a process of its own; the clips go to its desk."""
        recipe = self._draft.recipe
        if recipe is None or not recipe.footage or self.is_running:
            return
        self._captions_by = captions_by
        if self._footage.run is None:
            self._footage.show(new_run_folder(recipe.name, self._place))
        run = self._footage.run
        self._starts_when_saved = not self._footage.is_saved
        if self._starts_when_saved:
            self._footage.save()  # captions that were typed a moment ago are kept over a new reading
        elif run is not None:
            self.now, self.problem = None, ""
            self._job.start(recipe, run, captions_by)
            self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Gives up at once; what was read before is left as it is, and captions that were written stay."""
        self._job.cancel()

    def shutdown(self) -> bool:
        """Ends it; returns whether its thread has ended."""
        return self._job.shutdown()

    @Slot()
    def _saved(self) -> None:
        if self._starts_when_saved:
            self.start(self._captions_by)

    @Slot(object)
    def _read_on(self, event: Preparing) -> None:
        self.now = event
        self.changed.emit()

    @Slot(object)
    def _read(self, _ready: FootageReady) -> None:
        self.now, self._awaits_clips = None, True
        self._footage.read_again()

    @Slot()
    def _clips_came(self) -> None:
        """Tells that the reading is over, now that the clips are there."""
        if self._awaits_clips:
            self._awaits_clips = False
            self.changed.emit()

    @Slot()
    @Slot(str)
    def _end(self, sentence: str = "") -> None:
        """Ends the reading, which was given up or failed for the reason in ``sentence``."""
        self._stop(sentence)
        if self._captions_by:
            self._footage.read_again()  # captions written so far stay

    def _stop(self, sentence: str) -> None:
        self.now, self.problem = None, sentence
        self.changed.emit()
