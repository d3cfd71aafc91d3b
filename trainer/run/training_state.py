"""Everything that decides how a training goes on, written to a checkpoint and read back bit for bit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn
from torch.optim import Optimizer

from trainer.erft.batch import Batch
from trainer.run.checkpoint import Checkpoint, CheckpointDraft, to_tensors
from trainer.run.optimizer import optimizer_state, restore_optimizer
from trainer.run.random_state import random_state, restore_random_state

_LORA, _OPTIMIZER, _RANDOM, _STATE, _BANK = (
    "lora.safetensors",
    "optimizer.safetensors",
    "random.safetensors",
    "state.json",
    "bank",
)


class BatchSource(Protocol):
    """Where batches come from, in an order that can be taken up again."""

    def next(self) -> Batch:
        """The next batch of this process."""

    def state(self) -> dict[str, Any]:
        """The place in the data, as JSON."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from ``state``."""


class SavedMemory(Protocol):
    """An error bank that lies in checkpoints."""

    def save(self, folder: Path) -> None:
        """Write everything into ``folder``, which is new."""

    def load(self, folder: Path) -> None:
        """Put back what `save` wrote."""


@dataclass
class TrainingState:
    """The parts of a training that change with its steps."""

    parameters: dict[str, nn.Parameter]
    optimizer: Optimizer
    batches: BatchSource
    memory: SavedMemory | None
    step: int = 0
    seconds: float = 0.0

    def save(self, draft: CheckpointDraft, others: Sequence[dict[str, Any]] = ()) -> None:
        """Write all of it; ``others`` are the small parts of the other processes, see `own_part`."""
        draft.add_tensors(_LORA, {name: parameter.detach() for name, parameter in self.parameters.items()})
        tensors, values = to_tensors(optimizer_state(self.optimizer, list(self.parameters)))
        draft.add_tensors(_OPTIMIZER, tensors)
        random_tensors, random_values = random_state()
        draft.add_tensors(_RANDOM, random_tensors)
        state = {"step": self.step, "seconds": self.seconds, "optimizer": values, "random": random_values}
        draft.add_json(_STATE, state | {"data": self.batches.state()})
        if self.memory is not None:
            self.memory.save(draft.folder / _BANK)

    @torch.no_grad()
    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from ``checkpoint``."""
        for name, value in checkpoint.tensors(_LORA).items():
            self.parameters[name].copy_(value)
        state = checkpoint.json(_STATE)
        flat = checkpoint.tensors(_OPTIMIZER) | state["optimizer"]
        restore_optimizer(self.optimizer, list(self.parameters), flat)
        self.batches.restore(state["data"])
        if self.memory is not None:
            self.memory.load(checkpoint.folder / _BANK)
        self.step, self.seconds = state["step"], state["seconds"]
        restore_random_state(checkpoint.tensors(_RANDOM), state["random"])
