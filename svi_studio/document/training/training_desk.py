"""All trainings of the program without widgets: the one under way, the earlier ones, and the next while it is made."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from svi_studio.document.training.change_desk import ChangeDesk
from svi_studio.document.training.checkpoint_films import CheckpointFilms, read_checkpoint_films
from svi_studio.document.training.footage_desk import FootageDesk
from svi_studio.document.training.footage_reading import FootageReading
from svi_studio.document.training.run_book import RunBook
from svi_studio.document.training.run_files import RunFiles
from svi_studio.document.training.run_watch import RunWatch
from svi_studio.document.training.training_check import Checked, check, measured_before
from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.document.training.training_line import TrainingLine
from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.training.advice import FEWEST_CLIPS
from svi_studio.domain.training.events import (
    CheckpointSaved,
    TrainingEvent,
    TrainingFailed,
    TrainingStarted,
)
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.domain.training.wanted_machine import WantedMachine
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.training.training_service import TrainingEnded, TrainingService
from svi_studio.jobs.worker.task import Outcome
from svi_studio.project.training.deletion import delete_run
from svi_studio.project.training.runs import RECIPE, WANTED, TrainingRun, trainings_folder

_WATCH_MS = 5000  # while something waits for a training that another program does


class TrainingDesk(QObject):
    """``runs_changed``: other trainings are there. ``run_changed`` brings the folder of one where something happened.

    ``ended`` brings a ``TrainingEnded``, ``notice`` a sentence about a trainer that is late or was lost. ``line`` holds
    those that wait for their turn: the first begins when nothing else computes, here or in another program.
    """

    runs_changed = Signal()
    run_changed = Signal(object)
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
        self._place = place
        self._begun: dict[Path, TrainingRecipe] = {}
        self._before_filming: RunState | None = None
        self._turn = turn or RenderTurn(self)
        self._work = Background("trainings", self)
        self._watch = RunWatch(self._work, place, self)
        self._book = RunBook(self._work, self.run, self)
        self.line = TrainingLine(self._work, place, self)
        self.draft = TrainingDraft(self)
        self.footage = FootageDesk(self)
        self.service = TrainingService(self, self._turn, command)
        self.reading = FootageReading(self.draft, self.footage, self._turn, self, command=command, place=place)
        self.changes, self.files = ChangeDesk(self), RunFiles(self._work)
        self.service.happened.connect(self._happened)
        self.service.ended.connect(self._ended)
        self.service.notice.connect(self.notice)
        self._clock = QTimer(self, interval=_WATCH_MS)
        self._clock.timeout.connect(self.look)
        self._watch.looked.connect(self._looked)
        self._book.changed.connect(self.run_changed)
        self.line.changed.connect(self._line_changed)
        self.line.turn_came.connect(self._turn_came)
        self.line.notice.connect(self.notice)
        self._turn.taken.connect(self.runs_changed)
        self._turn.freed.connect(self.runs_changed)
        self._turn.freed.connect(self._begin_next, Qt.ConnectionType.QueuedConnection)  # not while the program ends
        self.draft.changed.connect(self._hold_out)

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
        """Every training: the one under way, those in line, then the newest; also what is not on the disk yet."""
        known = {run.folder: run for run in self._watch.runs}
        first = [folder for folder in dict.fromkeys((self.active, *self.line.folders)) if folder is not None]
        rest = (run for run in self._watch.runs if run.folder not in first)
        return (*(known.get(folder) or self._only_begun(folder) for folder in first), *rest)

    @property
    def waiting(self) -> tuple[Path, ...]:
        """The folders of those in line that nobody trains yet, in order."""
        held = {run.folder for run in self._watch.runs if run.is_held} | {self.active}
        return tuple(folder for folder in self.line.folders if folder not in held)

    def _only_begun(self, folder: Path) -> TrainingRun:
        return TrainingRun(folder, self._begun.get(folder), "", 0, time(), {}, {}, (), None)

    @property
    def must_wait(self) -> bool:
        """Whether something else computes, so that another training can only be put in line."""
        return self.active is not None or self._turn.is_taken or self._watch.is_any_held

    def run(self, folder: Path) -> TrainingRun | None:
        """What the disk had of the training in ``folder`` when it was last looked at."""
        return next((run for run in self.runs if run.folder == folder), None)

    def history(self, folder: Path) -> TrainingHistory | None:
        """What happened in it so far; None until it is read, which ``run_changed`` tells."""
        if (history := self._book.history(folder)) is None:
            self._book.read(folder)
        return history

    def history_of(self, folder: Path) -> TrainingHistory | None:
        """The history of the training in ``folder`` when it was read already; None else. Reads nothing."""
        return self._book.history(folder)

    def recipe(self, folder: Path) -> TrainingRecipe | None:
        """The recipe of the training in ``folder``; that of one which has just begun is not on the disk yet."""
        run = self.run(folder)
        return run.recipe if run is not None and run.recipe is not None else self._begun.get(folder)

    @Slot()
    def look(self) -> None:
        """Reads the list of trainings again, as far as something changed in it."""
        self.line.look()
        self._watch.look()

    def check(self, clips: int, then: Callable[[Checked], None]) -> None:
        """Looks at this computer and the model for the draft with ``clips`` clips; ``then`` gets what was found."""
        recipe, runs = self.draft.recipe, self.runs
        run = self.footage.run or trainings_folder()
        if recipe is not None:
            self._work.submit(lambda: check(recipe, clips, run, measured_before(recipe, runs)), then)

    def estimate(self, wanted: WantedMachine, then: Callable[[Checked], None]) -> None:
        """What the draft needs on the ``wanted`` computer, also without its model and its footage; as ``check``.

        Without footage it is counted with as many clips as the authors had at least.
        """
        recipe, runs, found = self.draft.recipe, self.runs, self.footage.footage
        clips = sum(clip.is_used for clip in found.clips) if found is not None else 0
        run = self.footage.run or trainings_folder()
        if recipe is not None:
            count = clips or FEWEST_CLIPS
            self._work.submit(lambda: check(recipe, count, run, measured_before(recipe, runs), wanted), then)

    def read_films(self, folder: Path, then: Callable[[CheckpointFilms], None]) -> None:
        """Reads the test films in ``folder``; ``then`` gets them."""
        self._work.submit(lambda: read_checkpoint_films(folder), then)

    def resume_draft(self, folder: Path) -> None:
        """Goes on with a new training that was put together before and never started, if there is one in ``folder``."""
        self._work.submit(lambda: _read_draft(folder), lambda recipe: self._show_draft(folder, recipe))

    def _show_draft(self, folder: Path, recipe: TrainingRecipe | None) -> None:
        if recipe is not None and self.footage.run is None:
            self.draft.show(recipe)
            self.footage.show(folder)

    def start(self) -> Path | None:
        """Trains the draft, or puts it in line while something else computes; returns its folder.

        None without footage that is on the disk as it is here.
        """
        recipe, run = self.draft.recipe, self.footage.run
        if recipe is None or run is None or not self.footage.is_saved:
            return None
        self._begun[run] = recipe
        if self.must_wait:
            self.line.join(run, recipe)
        else:
            self.service.start(recipe, run)
            self._begin(run)
        self.footage.show(None)  # the next training gets a folder of its own
        return run

    def go_on(self, folder: Path, *, first: bool = False) -> None:
        """Goes on with an earlier training, or puts it in line, ``first`` or last, while something else computes."""
        if self.must_wait:
            self.line.join(folder, first=first)
            return
        if folder in self.line.folders:
            self.line.leave(folder)
        self._go_on(folder)

    def resume(self, folder: Path) -> None:
        """Goes on after a pause, also after one that has not begun yet."""
        history = self._book.history(folder)
        if folder == self.active and history is not None:
            self.service.resume()
            self.line.release()
            history.state = RunState.TRAINING if self._before_filming is None else RunState.STARTING
            self.run_changed.emit(folder)
        else:
            self.go_on(folder, first=True)

    def pause(self) -> None:
        """Saves a checkpoint and gives the memory back; what waits in line is held, so that it stays free."""
        self.service.pause()
        self._leave_off(RunState.PAUSING)

    def take_up(self, folder: Path, recipe: TrainingRecipe) -> None:
        """Goes on with an earlier training by another recipe of it. Raises StudioError while something computes."""
        if self._is_busy_beside(folder):
            raise StudioError(self.tr("A film or another training computes now: change this one when that is done."))
        if folder in self.line.folders:
            self.line.leave(folder)
        self.service.start(recipe, folder)
        self._begin(folder)
        self._book.read(folder)

    def film(self, folder: Path) -> None:
        """Makes the test films of its newest checkpoint; while it trains, of a new one, and goes on then.

        What waits in line and is held stays so. Raises StudioError while something else computes.
        """
        if folder == self.active:
            self.service.film_now()
            return
        if self._is_busy_beside(folder):
            raise StudioError(self.tr("A film or another training computes now: make test films when that is done."))
        history = self._book.history(folder) or TrainingHistory()
        self.service.film(folder)
        self._before_filming = history.state
        self._open(folder)

    def _is_busy_beside(self, folder: Path) -> bool:
        """Whether this program, or another one with another training than ``folder``, computes."""
        elsewhere = any(run.is_held for run in self._watch.runs if run.folder != folder)
        return self.active is not None or self._turn.is_taken or elsewhere

    def stop(self, *, at_once: bool = False) -> None:
        """Writes a checkpoint and ends; ``at_once`` without one. What waits in line is held."""
        self.service.stop(at_once=at_once)
        self._leave_off(RunState.STOPPING)

    def delete(self, run: TrainingRun) -> None:
        """Removes an earlier training for good; ``notice`` says so when the disk refuses, or when it is trained."""
        if run.folder == self.active:
            return
        self._work.submit(lambda: delete_run(run), lambda _none: self._deleted(run.folder), self._not_deleted)

    def _deleted(self, folder: Path) -> None:
        self._book.forget(folder)
        if folder in self.line.folders:
            self.line.leave(folder)
        self.look()

    def _not_deleted(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self.notice.emit(str(told))
        self.look()

    def close(self) -> bool:
        """Ends everything; a training under way writes its checkpoint. Returns whether all threads have ended."""
        self._clock.stop()
        self.line.close()
        ended = self.service.shutdown()
        ended = self.reading.shutdown() and ended
        ended = self.footage.close() and ended
        return self._work.close() and ended

    def _go_on(self, folder: Path) -> None:
        """Raises StudioError while a film renders."""
        self.service.go_on(folder)
        self._begin(folder)
        self._book.read(folder)

    def _begin(self, folder: Path) -> None:
        self.line.release()
        self._open(folder)

    def _open(self, folder: Path) -> None:
        """Shows the work on ``folder`` from its first event on."""
        recipe = self.recipe(folder)
        if recipe is not None:
            self._begun[folder] = recipe
        self._book.begin(folder, recipe.all_steps if recipe is not None else 0)
        self.run_changed.emit(folder)

    def _leave_off(self, state: RunState) -> None:
        self.line.hold()
        history = self._book.history(self.active) if self.active is not None else None
        if history is not None:
            history.state = state
            self.run_changed.emit(self.active)

    @Slot()
    def _line_changed(self) -> None:
        if self.line.folders and not self.line.is_held:
            self._clock.start()
        else:
            self._clock.stop()
        self.runs_changed.emit()
        self.look()  # what has just been put in line is on the disk now

    @Slot()
    def _begin_next(self) -> None:
        if not self.must_wait:
            self.line.call()

    @Slot(object)
    def _turn_came(self, folder: Path) -> None:
        if not self.must_wait:  # or somebody was quicker, and it keeps its place
            self._go_on(folder)

    @Slot(object)
    def _happened(self, event: TrainingEvent) -> None:
        folder = self.active
        if folder is None:
            return
        self._book.take(event)
        self.run_changed.emit(folder)
        if isinstance(event, (TrainingStarted, CheckpointSaved)):
            self.look()

    @Slot(object)
    def _ended(self, end: TrainingEnded) -> None:
        failed = end.outcome is Outcome.FAILED
        before, self._before_filming = self._before_filming, None
        if before is not None:
            self._book.end(back_to=before)
            if failed:
                self.notice.emit(end.sentence)
            end = TrainingEnded(end.run, Outcome.STOPPED)  # its films failed, not the training
        else:
            self._book.end(TrainingFailed(end.sentence, end.smaller_preset) if failed else None)
            if end.run in self.line.folders:
                self.line.leave(end.run)
        self._watch.has_ended(self.run(end.run) or self._only_begun(end.run))
        self.run_changed.emit(end.run)
        self.ended.emit(end)
        self.look()

    @Slot(object, bool)
    def _looked(self, before: Mapping[Path, TrainingRun], is_other: bool) -> None:
        runs = self._watch.runs
        for run in runs:  # what another program does shows in the log
            old = before.get(run.folder)
            if old is not None and old != run and run.folder != self.active and self._book.history(run.folder):
                self._book.read(run.folder, again=old.is_held != run.is_held)
        for folder in before.keys() - {run.folder for run in runs} - {self.active}:
            self._book.forget(folder)
            self._begun.pop(folder, None)
        if is_other or not runs:
            self.runs_changed.emit()
        self._begin_next()


def _read_draft(folder: Path) -> TrainingRecipe | None:
    """The recipe of the draft in ``folder``; None when there is none, or when it was started."""
    if (folder / RECIPE).exists() or not (folder / WANTED).is_file():
        return None
    try:
        return read_recipe(folder / WANTED)
    except StudioError:
        return None
