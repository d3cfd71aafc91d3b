"""Changes a training and goes on: at once, or when the one under way has written its checkpoint."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.change import RunChange
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.jobs.training.training_service import TrainingEnded
from svi_studio.jobs.worker.task import Outcome
from svi_studio.project.training.going_on import recipe_from_its_lora, recipe_to_go_on, steps_done
from svi_studio.project.training.runs import TrainingRun

if TYPE_CHECKING:
    from svi_studio.document.training.training_desk import TrainingDesk


class ChangeDesk(QObject):
    """Belongs to the desk of all trainings."""

    def __init__(self, desk: "TrainingDesk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._waiting: tuple[Path, TrainingRecipe] | None = None
        desk.ended.connect(self._ended)

    def change(self, folder: Path, change: RunChange) -> None:
        """Goes on with the training in ``folder`` by other values; one under way saves a checkpoint first.

        Raises StudioError when it cannot be, or while a film renders or another training runs.
        """
        desk = self._desk
        run = desk.run(folder)
        if run is None:
            return
        recipe = recipe_to_go_on(self._as_it_is(run), change)
        if folder != desk.active:
            desk.take_up(folder, recipe)
            return
        self._waiting = folder, recipe
        desk.stop()

    def can_change(self, folder: Path) -> bool:
        """Whether the training in ``folder`` can be changed now.

        One under way needs the checkpoint that it goes on from; one that rests can change before its first.
        """
        run, active = self._desk.run(folder), self._desk.active
        if run is None or run.recipe is None:
            return False
        return bool(run.checkpoints) if folder == active else not run.is_held and active is None

    def begin_from(self, folder: Path) -> None:
        """Puts together a new training that goes on from the LoRA of the one in ``folder``. Raises StudioError."""
        run = self._desk.run(folder)
        if run is not None:
            self._desk.draft.show(recipe_from_its_lora(run))

    def steps_done(self, folder: Path) -> int:
        """The steps that the training in ``folder`` has done; of two experts, those of the one with more."""
        run = self._desk.run(folder)
        return 0 if run is None else steps_done(self._as_it_is(run))

    def _as_it_is(self, run: TrainingRun) -> TrainingRun:
        """``run`` without the lock of this window's own trainer, and as far as was heard of it."""
        if run.folder != self._desk.active:
            return run
        history = self._desk.history_of(run.folder)
        checkpoints = dict(run.checkpoints)
        if history is not None and history.step:
            checkpoints[history.step] = run.folder  # there will be one before anything is changed
        return replace(run, is_held=False, step=max(checkpoints, default=0), checkpoints=checkpoints)

    @Slot(object)
    def _ended(self, end: TrainingEnded) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting[0] != end.run or end.outcome is Outcome.FAILED:
            return
        try:
            self._desk.take_up(*waiting)
        except StudioError as error:
            self._desk.notice.emit(str(error))
