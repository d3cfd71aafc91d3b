"""Everything that decides how a training goes on, written to a checkpoint and read back bit for bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from torch import nn
from torch.optim import Optimizer

from svi_studio.domain.errors import BadInput
from trainer.erft.batch import Batch
from trainer.run.state.checkpoint import Checkpoint, CheckpointDraft, to_tensors
from trainer.run.state.optimizer import optimizer_state, restore_optimizer
from trainer.run.state.random_state import random_state, restore_random_state

LORA_FILE, _OPTIMIZER, _STATE = "lora.safetensors", "optimizer.safetensors", "state.json"
_RANDOM, _RANDOM_VALUES, _BANK = "random.safetensors", "random.json", "bank"


class BatchSource(Protocol):
    """Where batches come from, in an order that can be taken up again."""

    def next(self) -> Batch:
        """The next batch of this process."""

    def state(self) -> dict[str, Any]:
        """The place in the data, as JSON; the same in all processes."""

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from ``state``."""


@runtime_checkable
class SavedMemory(Protocol):
    """An error bank that lies in checkpoints."""

    def save(self, folder: Path) -> Mapping[str, str]:
        """Writes everything into ``folder``; returns the SHA-256, by name, of files that are on the disk for good."""

    def load(self, folder: Path) -> None:
        """Puts back what `save` wrote."""


@dataclass
class TrainingState:
    """The parts of a training that change with its steps; ``parameters`` are the trained ones."""

    parameters: dict[str, nn.Parameter]
    optimizer: Optimizer
    batches: BatchSource
    memory: SavedMemory | None
    step: int = 0
    seconds: float = 0.0

    def save(self, draft: CheckpointDraft) -> None:
        """Writes what all processes have in common: LoRA, optimizer, data position, counters."""
        draft.add_tensors(LORA_FILE, {name: parameter.detach() for name, parameter in self.parameters.items()})
        tensors, values = to_tensors(optimizer_state(self.optimizer, list(self.parameters)))
        draft.add_tensors(_OPTIMIZER, tensors)
        state = {"step": self.step, "seconds": self.seconds, "optimizer": values, "data": self.batches.state()}
        draft.add_json(_STATE, state)

    def save_own(self, draft: CheckpointDraft, part: str) -> None:
        """Writes what a process has for itself into the folder ``part``: random generators and error bank."""
        draft.add_folder(part)
        tensors, values = random_state()
        draft.add_tensors(f"{part}/{_RANDOM}", tensors)
        draft.add_json(f"{part}/{_RANDOM_VALUES}", values)
        if self.memory is not None:
            draft.add_folder(f"{part}/{_BANK}")
            draft.add_written(f"{part}/{_BANK}", self.memory.save(draft.folder / part / _BANK))

    def restore(self, checkpoint: Checkpoint, part: str) -> None:
        """Goes on from ``checkpoint`` as the process that wrote ``part``."""
        put_in(self.parameters, checkpoint)
        state = checkpoint.json(_STATE)
        flat = checkpoint.tensors(_OPTIMIZER) | state["optimizer"]
        restore_optimizer(self.optimizer, list(self.parameters), flat)
        self.batches.restore(state["data"])
        if self.memory is not None:
            self.memory.load(checkpoint.folder / part / _BANK)
        self.step, self.seconds = state["step"], state["seconds"]
        restore_random_state(checkpoint.tensors(f"{part}/{_RANDOM}"), checkpoint.json(f"{part}/{_RANDOM_VALUES}"))


@torch.no_grad()
def put_in(parameters: Mapping[str, nn.Parameter], checkpoint: Checkpoint) -> None:
    """Gives the trained ``parameters`` the LoRA of ``checkpoint``, all of it; raises BadInput when it does not fit."""
    saved = checkpoint.tensors(LORA_FILE)
    if {name: tensor.shape for name, tensor in saved.items()} != {name: p.shape for name, p in parameters.items()}:
        raise BadInput(
            f"The LoRA in {checkpoint.folder} does not fit the model and the recipe: "
            "bring back the ones that the training began with, or start a new training."
        )
    for name, parameter in parameters.items():
        parameter.copy_(saved[name])
