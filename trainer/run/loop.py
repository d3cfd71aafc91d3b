"""The training loop: batches to losses to a changed LoRA, a checkpoint now and then, the same again after any stop."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from svi_studio.domain.errors import NotFinite, from_os_error
from svi_studio.domain.training_events import (
    BankFilled,
    CheckpointSaved,
    Preparing,
    SampleReady,
    Stage,
    StepTrained,
    TrainingEvent,
    TrainingFinished,
    TrainingPaused,
    TrainingResumed,
    TrainingStarted,
    TrainingStopped,
)
from svi_studio.domain.training_recipe import TrainingRecipe
from trainer.erft.batch import Batch
from trainer.erft.step import ErftStep, Velocity
from trainer.run.checkpoint import Checkpoints
from trainer.run.control import TrainingControl
from trainer.run.optimizer import build_optimizer, learning_rate, set_learning_rate
from trainer.run.run_folder import RunFolder
from trainer.run.training_state import BatchSource, TrainingState
from trainer.run.velocity import transformer_velocity

Tell = Callable[[TrainingEvent], None]


@dataclass(frozen=True)
class Hooks:
    """What happens beside the steps. ``export`` writes the LoRA file; ``evaluate`` makes the test films of a step."""

    export: Callable[[Path, int], None] | None = None
    evaluate: Callable[[int, Path], None] | None = None


class TrainingLoop:
    """One training, from its newest checkpoint on, or from the start.

    ``transformer`` carries the adapter: what requires a gradient is trained and saved, nothing else. ``velocity``
    replaces the way in which a Wan transformer is asked.
    """

    def __init__(
        self,
        recipe: TrainingRecipe,
        transformer: nn.Module,
        batches: BatchSource,
        step: ErftStep,
        run: RunFolder,
        *,
        tell: Tell = lambda _event: None,
        control: TrainingControl | None = None,
        velocity: Velocity | None = None,
        hooks: Hooks | None = None,
    ) -> None:
        self._recipe = recipe
        self._step = step
        self._run = run
        self._tell = tell
        self._control = control or TrainingControl()
        self._velocity = velocity or transformer_velocity(transformer)
        self._hooks = hooks or Hooks()
        trained = {name: value for name, value in transformer.named_parameters() if value.requires_grad}
        optimizer = build_optimizer(list(trained.values()), recipe.optimizer)
        self._state = TrainingState(trained, optimizer, batches, step.memory)
        self._checkpoints = Checkpoints(run.checkpoints, recipe.keep_checkpoints, run.disk)
        self._device = next(iter(trained.values())).device
        self._saved_at: int | None = None

    @property
    def step(self) -> int:
        """Steps done."""
        return self._state.step

    def run(self) -> bool:
        """Train to the recipe's last step; False when it was stopped before. Raises StudioError."""
        self._run.begin(self._recipe)
        self._go_on()
        self._tell(TrainingStarted(self._run.folder, self._state.step, self._recipe.steps, device=str(self._device)))
        while self._state.step < self._recipe.steps:
            self._obey_pause()
            if self._control.stops:
                self._save()
                self._tell(TrainingStopped(self._state.step))
                return False
            self._train_one_step()
            if self._state.step % self._recipe.save_every == 0:
                self._save()
        self._save()
        self._tell(TrainingFinished(self._state.step, self._run.lora(self._recipe.name)))
        return True

    def _go_on(self) -> None:
        checkpoint = self._checkpoints.newest()
        self._checkpoints.tidy()
        if checkpoint is not None:
            self._state.restore(checkpoint)
            self._saved_at = self._state.step

    def _train_one_step(self) -> None:
        began = time.perf_counter()
        number = self._state.step + 1
        rate = learning_rate(self._recipe.optimizer, number, self._recipe.steps)
        set_learning_rate(self._state.optimizer, rate)
        loss = self._gradients(number)
        norm = self._clip()
        self._state.optimizer.step()
        self._state.optimizer.zero_grad(set_to_none=True)
        self._state.step = number
        seconds = time.perf_counter() - began
        self._state.seconds += seconds
        left = (self._recipe.steps - number) * self._state.seconds / number
        self._tell(StepTrained(number, self._recipe.steps, loss, rate, norm, seconds, left))
        if self._step.memory is not None:
            self._tell(BankFilled(number, tuple(self._step.memory.fill()), self._recipe.errors.capacity))

    def _gradients(self, number: int) -> float:
        """Add up the gradients of all batches of one step; returns their mean loss."""
        total = 0.0
        for _ in range(self._recipe.accumulation):
            batch = self._state.batches.next().to(self._device)
            loss = self._step.loss(self._velocity, batch, step=number)
            total += self._finite(loss, batch, number)
            (loss / self._recipe.accumulation).backward()
        return total / self._recipe.accumulation

    def _finite(self, loss: Tensor, batch: Batch, number: int) -> float:
        value = loss.item()
        if not math.isfinite(value):
            raise NotFinite(
                f"The loss of step {number} is not a number, at the clip {', '.join(batch.names)}; look at that clip "
                "or leave it out, or lower the learning rate, and go on from the last checkpoint."
            )
        return value

    def _clip(self) -> float:
        norm = nn.utils.clip_grad_norm_(self._state.parameters.values(), self._recipe.optimizer.max_grad_norm)
        return norm.item()

    def _obey_pause(self) -> None:
        step = self._state.step
        if self._control.wait_while_paused(lambda: self._tell(TrainingPaused(step))) and not self._control.stops:
            self._tell(TrainingResumed(step))

    def _save(self) -> None:
        if self._saved_at == self._state.step:
            return
        self._tell(Preparing(Stage.CHECKPOINT, name=str(self._state.step)))
        draft = self._checkpoints.begin()
        try:
            self._state.save(draft)
            folder = self._checkpoints.commit(draft, self._state.step)
        except OSError as error:
            self._checkpoints.discard(draft)
            raise from_os_error(error, draft.folder) from error
        self._saved_at = self._state.step
        self._tell(CheckpointSaved(self._state.step, folder))
        if self._hooks.export is not None:
            self._hooks.export(self._run.lora(self._recipe.name), self._state.step)
        self._evaluate()

    def _evaluate(self) -> None:
        every, step = self._recipe.evaluation.every, self._state.step
        if self._hooks.evaluate is None or not every or step % every:
            return
        folder = self._run.samples(step)
        with torch.random.fork_rng():
            self._hooks.evaluate(step, folder)
        self._tell(SampleReady(step, folder))
