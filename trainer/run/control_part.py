"""The control of a training: a LoRA that is trained as long without errors, before the one that is compared with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from svi_studio.domain.training.drift import CONTROL
from svi_studio.domain.training.events import (
    PreparationStage,
    Preparing,
    SampleFailed,
    StepTrained,
    Tell,
    TrainingEvent,
    TrainingPaused,
    TrainingStopped,
)
from svi_studio.domain.training.recipe import TrainingRecipe
from trainer.run.parts import Part
from trainer.run.state.run_folder import RunFolder, is_step_name


class ControlFolder(RunFolder):
    """The folder of the control, within that of its training; its LoRA lies in it, so that nobody takes it by chance.

    Its test films are made from the storyboards of the whole training.
    """

    def lora(self, name: str) -> Path:
        """The newest export of the control's LoRA."""
        return self.folder / "lora" / f"{name}.safetensors"


def control_part(recipe: TrainingRecipe, run: RunFolder, tell: Tell) -> Part:
    """The control of the training by ``recipe`` in ``run``; ``tell`` hears of it as of a preparation."""
    folder = ControlFolder(run.folder / CONTROL, run.disk, home=run.folder)
    return Part(recipe.without_errors(), folder, _Told(tell, _newest_step(run)), CONTROL)


@dataclass(frozen=True)
class _Told:
    """Tells of the control's events while the training itself stands at ``step``; the control's log has them all."""

    tell: Tell
    step: int

    def __call__(self, event: TrainingEvent) -> None:
        match event:
            case StepTrained(step=step, steps=steps):
                self.tell(Preparing(PreparationStage.CONTROL, step, steps))
            case Preparing():
                self.tell(event)
            case TrainingPaused() | TrainingStopped() | SampleFailed():
                self.tell(replace(event, step=self.step))


def _newest_step(run: RunFolder) -> int:
    if not run.checkpoints.is_dir():
        return 0
    return max((int(path.name) for path in run.checkpoints.iterdir() if is_step_name(path.name)), default=0)
