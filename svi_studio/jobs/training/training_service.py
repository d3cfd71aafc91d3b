"""Trainings of the window: one at a time in a process of its own, that can be paused, stopped and gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.training import words
from svi_studio.jobs.training.task import TaskEnded, TrainerTask
from svi_studio.jobs.training.wire_protocol import TRAINER
from svi_studio.jobs.worker.process_client import ProcessClient
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.program import trainer_command
from svi_studio.jobs.worker.task import EndNow, Outcome
from svi_studio.pipes.training_messages import (
    FilmNow,
    PauseTraining,
    ResumeTraining,
    StopTraining,
    TrainerMessage,
    TrainerReady,
)
from svi_studio.project.training.runs import RECIPE, WANTED


@dataclass(frozen=True, slots=True)
class TrainingEnded:
    """The training in the folder ``run`` is over. ``sentence`` says why it failed.

    ``smaller_preset`` is the one to offer when the memory did not suffice.
    """

    run: Path
    outcome: Outcome
    sentence: str = ""
    smaller_preset: str | None = None


class TrainingService(QObject):
    """Lives in the window's thread and never waits, except in ``shutdown``.

    Signals: ``happened`` brings a ``TrainingEvent`` of the training in ``run``, ``greeted`` the ``TrainerReady`` of a
    trainer that has its libraries, ``ended`` a ``TrainingEnded``, ``state_changed`` a ``ProcessState``, ``notice`` a
    sentence about a trainer that is late or was lost. While a training is under way no film renders; one that is paused
    is over as far as this goes: its process has ended, and films may have the card.
    """

    happened = Signal(object)
    greeted = Signal(object)
    ended = Signal(object)
    state_changed = Signal(object)
    notice = Signal(str)

    def __init__(
        self, parent: QObject | None = None, turn: RenderTurn | None = None, command: Sequence[str] | None = None
    ) -> None:
        """``turn`` is shared with the films of this program. ``command`` begins every command; None = the trainer's."""
        super().__init__(parent)
        self._turn = turn or RenderTurn(self)
        self._command = tuple(trainer_command() if command is None else command)
        self._run: Path | None = None
        self._is_pausing = False
        self._client = ProcessClient("training", TRAINER, self)
        self._client.said.connect(self._hear)
        self._client.over.connect(self._end)
        self._client.state_changed.connect(self.state_changed)
        self._client.notice.connect(self.notice)

    @property
    def run(self) -> Path | None:
        """The folder of the training under way; None when another one can be started."""
        return self._run

    @property
    def state(self) -> ProcessState:
        """What the trainer is doing."""
        return self._client.state

    def start(self, recipe: TrainingRecipe, run: Path) -> None:
        """Trains ``recipe`` in the folder ``run``, which is made; one with checkpoints goes on from the newest.

        Raises StudioError while a film renders, and ValueError while a training is under way.
        """
        wanted = run / WANTED
        self._begin(("train", str(wanted), "--run", str(run)), run, (wanted, recipe_to_text(recipe)))

    def go_on(self, run: Path) -> None:
        """Goes on with the training in the folder ``run``, by its own recipe. Raises like ``start``."""
        self._begin(("train", str(run / RECIPE), "--run", str(run)), run)

    def film(self, run: Path) -> None:
        """Makes the test films of the newest checkpoint in the folder ``run``. Raises like ``start``."""
        self._begin(("evaluate", str(run), "--newest"), run)

    def pause(self) -> None:
        """Saves a checkpoint after the step under way and ends; ``go_on`` goes on from there. It gives the card back.

        ``ended`` brings the outcome PAUSED then.
        """
        self._is_pausing = self._run is not None
        self._client.tell(PauseTraining())

    def resume(self) -> None:
        """Takes a pause back; the training goes on at once, whether it had ended already or not."""
        self._is_pausing = False
        self._client.tell(ResumeTraining())

    def film_now(self) -> None:
        """Makes the test films of the training under way, after the step under way; then it goes on."""
        self._client.tell(FilmNow())

    def stop(self, *, at_once: bool = False) -> None:
        """Writes a checkpoint after the step under way and ends; ``at_once`` without it, from the last one on."""
        self._client.tell(EndNow() if at_once else StopTraining())

    def shutdown(self) -> bool:
        """Lets a training write its checkpoint and end, waiting 5 s at most; returns whether the thread has ended.

        Nothing is emitted any more. A training that needs longer ends by itself, and can be gone on with.
        """
        self._run = None
        ended = self._client.shutdown()
        self._turn.give_back(self)
        return ended

    def _begin(self, task: tuple[str, ...], run: Path, wanted: tuple[Path | None, bytes] = (None, b"")) -> None:
        if self._run is not None:
            raise ValueError("one training at a time")
        if not self._turn.take(self, words.training_runs()):
            raise StudioError(words.film_renders())
        self._run, self._is_pausing = run, False
        self._turn.memory_wanted.emit()
        file, content = wanted
        command = (*self._command, *task, "--events")
        self._client.begin(TrainerTask(command, file=file, content=content, may_restart=True))

    @Slot(object)
    def _hear(self, message: TrainerMessage) -> None:
        if isinstance(message, TrainerReady):
            self.greeted.emit(message)
        else:
            self.happened.emit(message)

    @Slot(object)
    def _end(self, end: TaskEnded) -> None:
        run, self._run = self._run, None
        if run is not None and end.outcome is Outcome.PAUSED and not self._is_pausing:  # the two crossed on their ways
            self.go_on(run)
            return
        self._is_pausing = False
        self._turn.give_back(self)
        if run is not None:
            self.ended.emit(TrainingEnded(run, end.outcome, end.sentence, end.smaller_preset))
