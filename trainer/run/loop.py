"""The training loop: batches to losses to a changed LoRA, a checkpoint now and then, the same again after any stop."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from svi_studio.domain.errors import NotFinite, Stopped
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    PreparationStage,
    Preparing,
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
from svi_studio.domain.training.recipe import TrainingRecipe
from trainer.erft.batch import Batch
from trainer.erft.step import ErftStep, Velocity
from trainer.evaluation.validation import Validation
from trainer.run.control import TrainingControl
from trainer.run.film_break import FilmBreak
from trainer.run.state.checkpoint_keeper import CheckpointKeeper
from trainer.run.state.optimizer import build_optimizer, learning_rate, set_learning_rate
from trainer.run.state.processes import Processes
from trainer.run.state.random_state import seed_random
from trainer.run.state.run_folder import RunFolder
from trainer.run.state.run_log import RunLog
from trainer.run.state.training_state import BatchSource, SavedMemory, TrainingState
from trainer.run.step_memory import StepMemory
from trainer.run.transformer.learning_transformer import training_velocity


@dataclass(frozen=True)
class Hooks:
    """What happens beside the steps. ``export`` writes the LoRA of a step to a file.

    ``evaluate`` makes the test films of a step and returns their folder; it does nothing again that is done.
    ``validation`` measures the loss on clips that are held out, at the start and with every checkpoint.
    """

    export: Callable[[Path, int], None] | None = None
    evaluate: Callable[[int], Path] | None = None
    validation: Validation | None = None


class TrainingLoop:
    """One training, from its newest checkpoint on, or from the start.

    ``transformer`` carries the adapter: what requires a gradient is trained and saved, nothing else. ``velocity``
    replaces the way in which a Wan transformer is asked. ``clips`` is how many there are, to tell. With several
    ``processes`` each has a loop of its own.
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
        clips: int = 0,
        processes: Processes | None = None,
    ) -> None:
        self._recipe = recipe
        self._transformer = transformer
        self._step = step
        self._run = run
        self._log = RunLog(run.log, run.disk)
        self._tell_front_end = tell
        self._control = control or TrainingControl()
        self._velocity = velocity or training_velocity(transformer)
        self._hooks = hooks or Hooks()
        self._clips = clips
        self._processes = processes or Processes()
        trained = {name: value for name, value in transformer.named_parameters() if value.requires_grad}
        self._device = next(iter(trained.values())).device
        optimizer = build_optimizer(list(trained.values()), recipe.optimizer)
        if step.memory is not None and not isinstance(step.memory, SavedMemory):
            raise TypeError(
                f"{type(step.memory).__name__} cannot be saved, and a training without it would go on wrong"
            )
        self._state = TrainingState(trained, optimizer, batches, step.memory)
        self._film_break = FilmBreak(run, transformer, self._device)
        self._keeper = CheckpointKeeper(self._state, run, recipe.keep_checkpoints, self._processes)
        self._memory = None if step.memory is None else StepMemory(step.memory)
        step.memory = self._memory

    @property
    def step(self) -> int:
        """Steps done."""
        return self._state.step

    def run(self) -> bool:
        """Trains to the recipe's last step; False when it was stopped or paused before. Raises StudioError."""
        self._begin()
        while self._state.step < self._recipe.steps:
            if last_word := self._asked_to_end():
                self._save()
                self._tell(last_word(self._state.step))
                return False
            if self._processes.from_main(self._control.takes_film()):
                self._save()
                self._evaluate(is_due=True)
            self._train_one_step()
            if self._state.step % self._recipe.save_every == 0:
                self._save()
        self._save()
        self._tell(TrainingFinished(self._state.step, self._run.lora(self._recipe.lora_name)))
        return True

    def _begin(self) -> None:
        if self._processes.is_main:
            self._run.begin(self._recipe)
        seed_random(self._recipe.seed + self._processes.rank)
        self._keeper.restore()
        self._processes.share_start(self._state.parameters.values())
        if self._processes.is_main:
            self._log.cut_after(self._state.step)
        step, device = self._state.step, str(self._device)
        self._tell(TrainingStarted(self._run.folder, step, self._recipe.steps, self._clips, device))
        if not step:
            self._validate()
        if self._keeper.is_saved:
            self._show()  # a training may have ended between its checkpoint and what is made of it

    def _asked_to_end(self) -> type[TrainingStopped | TrainingPaused] | None:
        """What to say at the end that somebody asked one of the processes for; None to go on."""
        asked = self._processes.all_of((self._control.stops, self._control.ends))
        if any(stops for stops, _ends in asked):
            return TrainingStopped
        return TrainingPaused if any(ends for _stops, ends in asked) else None

    def _train_one_step(self) -> None:
        began = time.perf_counter()
        number = self._state.step + 1
        rate = learning_rate(self._recipe.optimizer, number, self._recipe.steps)
        set_learning_rate(self._state.optimizer, rate)
        loss = self._gradients(number)
        norm = self._clip()
        self._state.optimizer.step()
        self._state.optimizer.zero_grad(set_to_none=True)
        if self._memory is not None:
            self._memory.commit()
        self._state.step = number
        self._report(loss, rate, norm, time.perf_counter() - began)

    def _gradients(self, number: int) -> float:
        """Adds up the gradients of all clips of one step, in all processes; returns their mean loss."""
        share = self._recipe.accumulation * self._processes.count
        total = 0.0
        for _ in range(self._recipe.accumulation):
            batch = self._state.batches.next().to(self._device)
            loss = self._step.loss(self._velocity, batch, step=number)
            total += self._sum_if_finite(loss, batch, number)
            (loss / share).backward()
        self._processes.add_gradients(self._state.parameters.values())
        return total / share

    def _sum_if_finite(self, loss: Tensor, batch: Batch, number: int) -> float:
        """The losses of all processes, summed; raises NotFinite in all of them, with the clips that it came from."""
        losses = self._processes.all_of((loss.item(), batch.names))
        for value, names in losses:
            if not math.isfinite(value):
                raise NotFinite(
                    f"The loss of step {number} is not a number, at the clip {', '.join(names)}; look at that clip or "
                    "leave it out, or lower the learning rate, and go on from the last checkpoint."
                )
        return sum(value for value, _names in losses)

    def _clip(self) -> float:
        limit = self._recipe.optimizer.max_grad_norm
        norm = nn.utils.clip_grad_norm_(self._state.parameters.values(), limit).item()
        if not math.isfinite(norm):
            raise NotFinite(
                f"The gradients of step {self._state.step + 1} are not numbers; lower the learning rate or the "
                "recipe's precision savings, and go on from the last checkpoint."
            )
        return norm

    def _report(self, loss: float, rate: float, norm: float, seconds: float) -> None:
        step, steps = self._state.step, self._recipe.steps
        self._state.seconds += seconds
        left = (steps - step) * self._state.seconds / step
        self._tell(StepTrained(step, steps, loss, rate, norm, seconds, left))
        if self._memory is not None:
            self._tell(BankFilled(step, tuple(self._memory.fill()), self._recipe.errors.capacity))

    def _save(self) -> None:
        if self._keeper.is_saved:
            return
        self._tell(Preparing(PreparationStage.CHECKPOINT, name=str(self._state.step)))
        folder = self._keeper.save()
        self._tell(CheckpointSaved(self._state.step, folder))
        self._validate()
        self._show()

    def _validate(self) -> None:
        validation = self._hooks.validation
        if validation is not None and self._processes.is_main:
            loss = validation.loss(self._velocity, self._transformer, self._device)
            self._tell(Validated(self._state.step, loss, validation.clips, len(validation.levels)))

    def _show(self) -> None:
        """Makes of a checkpoint what people use: the LoRA as a file, and test films."""
        self._export()
        self._evaluate(is_due=self._recipe.is_filmed(self._state.step))

    def _export(self) -> None:
        if self._hooks.export is not None and self._processes.is_main:
            self._hooks.export(self._run.lora(self._recipe.lora_name), self._state.step)

    def _evaluate(self, *, is_due: bool) -> None:
        step = self._state.step
        if not is_due:
            return
        stopped: Stopped | None = None
        if self._hooks.evaluate is not None and self._processes.is_main:
            told = self._film_break.film(self._hooks.evaluate, step)
            if isinstance(told, Stopped):
                stopped = told
            else:
                if isinstance(told, SampleReady):
                    self._export()  # once more: its card says what the films say
                self._tell(told)
        if asked := self._processes.from_main(stopped):  # nobody goes on before, or waits for one that has ended
            raise asked

    def _tell(self, event: TrainingEvent) -> None:
        if self._processes.is_main:
            self._log.write(event)
            self._tell_front_end(event)
