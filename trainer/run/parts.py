"""The parts of a training, one after the other: one transformer's, or first the high and then the low expert's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from svi_studio.domain.training.drift import DRIFT_FILE, LORA
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    SampleFailed,
    SampleReady,
    StepTrained,
    Tell,
    TrainingEvent,
    TrainingFinished,
    TrainingPaused,
    TrainingStarted,
    TrainingStopped,
    Validated,
)
from svi_studio.domain.training.log import Logged
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from trainer.run.state.run_folder import RunFolder, step_name
from trainer.run.state.run_log import RunLog


@dataclass(frozen=True)
class Part:
    """One stretch of a training: ``recipe`` in the folder ``run``; ``tell`` hears of it as of a part of the whole.

    ``arm``: what its test films are called beside those of the base.
    """

    recipe: TrainingRecipe
    run: RunFolder
    tell: Tell
    arm: str = LORA

    @property
    def trained_before(self) -> Path | None:
        """The LoRA of the other expert, where that was trained before this one."""
        if self.recipe.expert != "low":
            return None
        return self.run.lora(with_fields(self.recipe, {"expert": "high"}).lora_name)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do, so that its transformer need not be loaded."""
        steps = self.recipe.steps
        return (
            (self.run.checkpoints / step_name(steps)).is_dir()
            and self.run.lora(self.recipe.lora_name).is_file()
            and (not self.recipe.is_filmed(steps) or (self.run.samples(steps) / DRIFT_FILE).is_file())
        )


def parts_of(recipe: TrainingRecipe, run: RunFolder, tell: Tell, *, is_main: bool = True) -> Iterator[Part]:
    """What is trained, in order. A training without experts is one part, itself.

    Each expert trains in a folder of its own within ``run``, as a training of its own; what happens there is told and
    logged in ``run`` as if all steps were counted through. ``is_main``: this process writes that log.
    """
    if not recipe.parts:
        yield Part(recipe, run, tell)
        return
    log = RunLog(run.log, run.disk) if is_main else None
    for number, expert in enumerate(recipe.parts):
        part = run.part(expert)
        told = _Told(recipe, run, tell, log, RunLog(part.log, run.disk), before=number * recipe.steps)
        yield Part(recipe.part(expert), part, told)


@dataclass(frozen=True)
class _Told:
    """Tells of a part's events as of the whole: ``before`` steps came earlier. ``own`` is the log of the part."""

    recipe: TrainingRecipe
    run: RunFolder
    tell: Tell
    log: RunLog | None
    own: RunLog
    before: int

    def __call__(self, event: TrainingEvent) -> None:
        shifted = self._shifted(event)
        if shifted is None:
            return
        if self.log is not None:
            if isinstance(shifted, TrainingStarted):
                self.log.cut_after(shifted.step)
                self._fill_in(self.log, shifted.step)
            self.log.write(shifted)
        self.tell(shifted)

    def _fill_in(self, log: RunLog, step: int) -> None:
        """Tells again what this part did up to ``step``, where another part's steps were changed after that."""
        if step == self.before or log.has_step(step):
            return
        kinds = (StepTrained, CheckpointSaved, Validated, SampleReady, SampleFailed)
        done = (each for each in self.own.logged() if isinstance(each.event, kinds))
        moved = ((each.time, self._shifted(each.event)) for each in done)
        log.add(Logged(time, event) for time, event in moved if event is not None)

    def _shifted(self, event: TrainingEvent) -> TrainingEvent | None:
        steps, before = self.recipe.all_steps, self.before
        match event:
            case TrainingStarted(step=step):
                return replace(event, folder=self.run.folder, step=step + before, steps=steps)
            case StepTrained(step=step, seconds=seconds, seconds_left=left):
                later = (steps - before - self.recipe.steps) * seconds
                all_left = None if left is None else left + later
                return replace(event, step=step + before, steps=steps, seconds_left=all_left)
            case (
                BankFilled(step=step)
                | CheckpointSaved(step=step)
                | Validated(step=step)
                | SampleReady(step=step)
                | SampleFailed(step=step)
                | TrainingPaused(step=step)
                | TrainingStopped(step=step)
            ):
                return replace(event, step=step + before)
            case TrainingFinished(step=step):
                first = self.run.lora(self.recipe.part(self.recipe.parts[0]).lora_name)
                return replace(event, step=steps, first=first) if step + before == steps else None
        return event
