"""All trainings of the program without widgets: the one under way, the earlier ones, and the next while it is made."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import time

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.training.checkpoint_films import CheckpointFilms, read_checkpoint_films
from svi_studio.document.training.footage_desk import FootageDesk
from svi_studio.document.training.training_check import Checked, check, measured_before
from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.training.events import (
    CheckpointSaved,
    FootageReady,
    Preparing,
    TrainingEvent,
    TrainingFailed,
    TrainingStarted,
    TrainingStopped,
)
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.training.footage_job import FootageJob
from svi_studio.jobs.training.training_service import TrainingEnded, TrainingService
from svi_studio.jobs.worker.task import Outcome
from svi_studio.project.training.deletion import delete_run
from svi_studio.project.training.runs import (
    PARTS,
    RECIPE,
    SAMPLES,
    WANTED,
    TrainingRun,
    find_runs,
    new_run_folder,
    read_log,
    trainings_folder,
)


class TrainingDesk(QObject):
    """``runs_changed``: other trainings are there. ``run_changed`` brings the folder of one where something happened.

    ``reading_changed``: the footage is being read, or not any more; ``reading`` and ``reading_problem`` say how it is.
    ``ended`` brings a ``TrainingEnded``, ``notice`` a sentence about a trainer that is late or was lost.
    """

    runs_changed = Signal()
    run_changed = Signal(object)
    reading_changed = Signal()
    ended = Signal(object)
    notice = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        turn: RenderTurn | None = None,
        command: Sequence[str] | None = None,
        place: Path | None = None,
    ) -> None:
        """``command`` begins the trainer's commands and ``place`` holds the trainings; None = the program's own."""
        super().__init__(parent)
        self._runs: tuple[TrainingRun, ...] = ()
        self.reading: Preparing | None = None
        self.reading_problem = ""
        self._place = place
        self._histories: dict[Path, TrainingHistory] = {}
        self._live: list[TrainingEvent] = []
        self._begun: dict[Path, TrainingRecipe] = {}
        self._read_when_saved = self._awaits_clips = False
        self._captions_by: tuple[str, ...] = ()
        self._before_filming: RunState | None = None
        self._turn = turn
        self._work = Background("trainings", self)
        self.draft = TrainingDraft(self)
        self.footage = FootageDesk(self)
        self.service = TrainingService(self, turn, command)
        self.reader = FootageJob(self, command)
        self.service.happened.connect(self._happened)
        self.service.ended.connect(self._ended)
        self.service.notice.connect(self.notice)
        self.footage.saved.connect(self._footage_saved)
        self.footage.changed.connect(self._clips_came)
        self.footage.refused.connect(self._clips_came)
        self.draft.changed.connect(self._hold_out)
        self.reader.progress.connect(self._read_on)
        self.reader.finished.connect(self._read)
        self.reader.failed.connect(self._end_reading)
        self.reader.cancelled.connect(self._end_reading)

    @Slot()
    def _hold_out(self) -> None:
        """The clips of the draft are marked as its recipe has it."""
        recipe = self.draft.recipe
        self.footage.hold_out(recipe.data.held_out if recipe is not None else 0.0)

    @property
    def active(self) -> Path | None:
        """The folder of the training under way."""
        return self.service.run

    @property
    def runs(self) -> tuple[TrainingRun, ...]:
        """Every training, the newest first; also one that has just begun and is not on the disk yet."""
        active = self.active
        if active is None or any(run.folder == active for run in self._runs):
            return self._runs
        begun = TrainingRun(active, self._begun.get(active), "", 0, time(), {}, {}, (), None)
        return (begun, *self._runs)

    def run(self, folder: Path) -> TrainingRun | None:
        """What the disk had of the training in ``folder`` when it was last looked at."""
        return next((run for run in self.runs if run.folder == folder), None)

    def history(self, folder: Path) -> TrainingHistory | None:
        """What happened in it so far; None until it is read, which ``run_changed`` tells."""
        if folder not in self._histories:
            self._load(folder)
        return self._histories.get(folder)

    def history_of(self, folder: Path) -> TrainingHistory | None:
        """The history of the training in ``folder`` when it was read already; None else. Reads nothing."""
        return self._histories.get(folder)

    def recipe(self, folder: Path) -> TrainingRecipe | None:
        """The recipe of the training in ``folder``; that of one which has just begun is not on the disk yet."""
        run = self.run(folder)
        return run.recipe if run is not None and run.recipe is not None else self._begun.get(folder)

    @Slot()
    def look(self) -> None:
        """Reads the list of trainings again."""
        self._work.submit(lambda: find_runs(self._place), self._found)

    def check(self, clips: int, then: Callable[[Checked], None]) -> None:
        """Looks at this computer and the model for the draft with ``clips`` clips; ``then`` gets what was found."""
        recipe, runs = self.draft.recipe, self.runs
        run = self.footage.run or trainings_folder()
        if recipe is not None:
            self._work.submit(lambda: check(recipe, clips, run, measured_before(recipe, runs)), then)

    def read_films(self, folder: Path, then: Callable[[CheckpointFilms], None]) -> None:
        """Reads the test films in ``folder``; ``then`` gets them."""
        self._work.submit(lambda: read_checkpoint_films(folder), then)

    def write_captions(self, captions_by: tuple[str, ...]) -> None:
        """Has a model write the captions that the draft's footage lacks; ``captions_by`` as `FootageJob.start` has it.

        A model on this computer gets the memory of renderers that rest; while one works, ``reading_problem`` says so.
        """
        if captions_by[:1] == ("local",) and self._turn is not None:
            if self._turn.is_taken:
                self._not_read(self.tr("A film or a training needs the memory now: write captions when it is done."))
                return
            self._turn.memory_wanted.emit()
        self.read_footage(captions_by)

    def read_footage(self, captions_by: tuple[str, ...] = ()) -> None:
        """Looks through the draft's footage, in a process of its own; the clips go to ``footage``."""
        recipe = self.draft.recipe
        if recipe is None or not recipe.footage or self.reader.is_running:
            return
        self._captions_by = captions_by
        if self.footage.run is None:
            self.footage.show(new_run_folder(recipe.name, self._place))
        run = self.footage.run
        self._read_when_saved = not self.footage.is_saved
        if self._read_when_saved:
            self.footage.save()  # captions that were typed a moment ago are kept over a new reading
        elif run is not None:
            self.reading, self.reading_problem = None, ""
            self.reader.start(recipe, run, captions_by)
            self.reading_changed.emit()

    @Slot()
    def _footage_saved(self) -> None:
        if self._read_when_saved:
            self.read_footage(self._captions_by)

    def resume_draft(self, folder: Path) -> None:
        """Goes on with a new training that was put together before and never started, if there is one in ``folder``."""
        self._work.submit(lambda: _read_draft(folder), lambda recipe: self._show_draft(folder, recipe))

    def _show_draft(self, folder: Path, recipe: TrainingRecipe | None) -> None:
        if recipe is not None and self.footage.run is None:
            self.draft.show(recipe)
            self.footage.show(folder)

    def start(self) -> Path | None:
        """Trains the draft; returns its folder, None without footage that is on the disk as it is here.

        Raises StudioError while a film renders.
        """
        recipe, run = self.draft.recipe, self.footage.run
        if recipe is None or run is None or not self.footage.is_saved:
            return None
        self.service.start(recipe, run)
        self.footage.show(None)  # the next training gets a folder of its own
        self._begin(run, TrainingHistory(), recipe)
        return run

    def go_on(self, folder: Path) -> None:
        """Goes on with an earlier training. Raises StudioError while a film renders."""
        self.service.go_on(folder)
        run = self.run(folder)
        self._begin(folder, self._histories.get(folder) or TrainingHistory(), run.recipe if run else None)
        self._load(folder)

    def film(self, folder: Path) -> None:
        """Makes the test films of its newest checkpoint; while it trains, of a new one, and goes on then.

        Raises StudioError while a film renders.
        """
        if folder == self.active:
            self.service.film_now()
            return
        history = self._histories.get(folder) or TrainingHistory()
        self.service.film(folder)
        self._before_filming = history.state
        self._begin(folder, history, self.recipe(folder))

    def stop(self, *, at_once: bool = False) -> None:
        """Writes a checkpoint and ends; ``at_once`` without one."""
        folder = self.active
        self.service.stop(at_once=at_once)
        if folder is not None:
            self._histories[folder].state = RunState.STOPPING
            self.run_changed.emit(folder)

    def delete(self, run: TrainingRun) -> None:
        """Removes an earlier training for good; ``notice`` says so when the disk refuses."""
        if run.folder == self.active:
            return
        self._histories.pop(run.folder, None)
        self._work.submit(lambda: delete_run(run), lambda _none: self.look(), self._not_deleted)

    def _not_deleted(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self.notice.emit(str(told))
        self.look()

    def close(self) -> bool:
        """Ends everything; a training under way writes its checkpoint. Returns whether all threads have ended."""
        ended = self.service.shutdown()
        ended = self.reader.shutdown() and ended
        ended = self.footage.close() and ended
        return self._work.close() and ended

    def _begin(self, folder: Path, history: TrainingHistory, recipe: TrainingRecipe | None) -> None:
        history.state, history.sentence = RunState.STARTING, ""
        if recipe is not None:
            self._begun[folder] = recipe
        history.steps = history.steps or (recipe.all_steps if recipe is not None else 0)
        self._live = []
        self._histories[folder] = history
        self.run_changed.emit(folder)

    def _load(self, folder: Path) -> None:
        def loaded(events: tuple[TrainingEvent, ...]) -> None:
            self._show_log(folder, events)

        self._work.submit(lambda: tuple(logged.event for logged in read_log(folder)), loaded)

    def _show_log(self, folder: Path, events: tuple[TrainingEvent, ...]) -> None:
        """What the log says, and for the training under way what was heard since it began."""
        known = self._histories.get(folder)
        history = TrainingHistory(events)
        if folder == self.active:
            history.state = RunState.STARTING
            for event in self._live:
                history.take(event)
            if known is not None and known.state is RunState.STOPPING:
                history.state = RunState.STOPPING
        else:
            history.settle()
        run = self.run(folder)
        if run is not None and run.is_held and folder != self.active and history.state is RunState.STOPPED:
            history.state = RunState.ELSEWHERE
        if not history.steps and run is not None and run.recipe is not None:
            history.steps = run.recipe.all_steps
        history.samples = {step: _moved(path, folder) for step, path in history.samples.items()}
        self._histories[folder] = history
        self.run_changed.emit(folder)

    @Slot(object)
    def _happened(self, event: TrainingEvent) -> None:
        folder = self.active
        if folder is None:
            return
        self._live.append(event)
        history = self._histories[folder]
        stopping = history.state is RunState.STOPPING
        history.take(event)
        if stopping and history.is_under_way:
            history.state = RunState.STOPPING
        self.run_changed.emit(folder)
        if isinstance(event, (TrainingStarted, CheckpointSaved)):
            self.look()

    @Slot(object)
    def _ended(self, end: TrainingEnded) -> None:
        history = self._histories[end.run]
        before, self._before_filming = self._before_filming, None
        if before is not None:
            history.state, history.preparing = before, None
            if end.outcome is Outcome.FAILED:
                self.notice.emit(end.sentence)
        elif end.outcome is Outcome.FAILED:
            history.take(TrainingFailed(end.sentence, end.smaller_preset))
        elif history.is_under_way:
            history.take(TrainingStopped(history.step))
        self._live = []
        self.run_changed.emit(end.run)
        self.ended.emit(end)
        self.look()

    @Slot(object)
    def _read_on(self, event: Preparing) -> None:
        self.reading = event
        self.reading_changed.emit()

    @Slot(object)
    def _read(self, _ready: FootageReady) -> None:
        self.reading, self._awaits_clips = None, True
        self.footage.read_again()

    @Slot()
    def _clips_came(self) -> None:
        """Tells that the reading is over, now that the clips are there."""
        if self._awaits_clips:
            self._awaits_clips = False
            self.reading_changed.emit()

    @Slot()
    @Slot(str)
    def _end_reading(self, sentence: str = "") -> None:
        """Ends the reading, which was given up or failed for the reason in ``sentence``."""
        self._not_read(sentence)
        if self._captions_by:
            self.footage.read_again()  # captions written so far stay

    def _not_read(self, sentence: str) -> None:
        self.reading, self.reading_problem = None, sentence
        self.reading_changed.emit()

    def _found(self, runs: tuple[TrainingRun, ...]) -> None:
        before = {run.folder: run for run in self._runs}
        self._runs = runs
        for run in runs:  # what another window does shows in its log
            old = before.get(run.folder)
            if run.folder in self._histories and run.folder != self.active and old is not None and old != run:
                self._load(run.folder)
        self.runs_changed.emit()


def _moved(samples: Path, folder: Path) -> Path:
    """Where test films lie now, after what their log says of them; an expert's lie in a folder of its own."""
    part = samples.parent.parent.name
    return (folder / part if part in PARTS else folder) / SAMPLES / samples.name


def _read_draft(folder: Path) -> TrainingRecipe | None:
    """The recipe of the draft in ``folder``; None when there is none, or when it was started."""
    if (folder / RECIPE).exists() or not (folder / WANTED).is_file():
        return None
    try:
        return read_recipe(folder / WANTED)
    except StudioError:
        return None
