"""One training on several processes: who they are, and the few things that they have to agree on."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

import torch
from torch import Tensor, distributed, nn

from svi_studio.domain.errors import BadInput
from svi_studio.settings import PROCESSES

_PATIENCE = timedelta(days=30)  # test films may be long; a process that dies ends the others by way of its launcher
_BUCKET = 1 << 25  # gradient values that travel together


class Processes:
    """This process among ``count``. Alone, nothing here does anything."""

    def __init__(self, rank: int = 0, count: int = 1) -> None:
        self.rank = rank
        self.count = count

    @classmethod
    def join(cls, device: torch.device) -> Self:
        """Meets the others, as `torchrun` or `accelerate launch` says in the environment.

        Raises `BadInput` when the environment says that incompletely.
        """
        count = PROCESSES.number()
        if count == 1:
            return cls()
        if device.type == "cuda":
            torch.cuda.set_device(device)
        try:
            if not count:
                raise ValueError(f"{PROCESSES.name} is '{PROCESSES.text()[:40]}', and no number of processes")
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
        except ValueError as error:
            raise BadInput(
                f"The processes of this training cannot meet ({error}): start it with torchrun, or remove the variable "
                f"{PROCESSES.name} from the environment to train with one."
            ) from error
        return cls(distributed.get_rank(), distributed.get_world_size())

    @staticmethod
    def leave() -> None:
        """Part from the others at the end."""
        if distributed.is_available() and distributed.is_initialized():
            distributed.destroy_process_group()

    @property
    def is_main(self) -> bool:
        """Whether this is the process that writes and speaks."""
        return self.rank == 0

    def share_start(self, parameters: Iterable[nn.Parameter]) -> None:
        """Gives every process the first one's weights."""
        if self.count > 1:
            for parameter in parameters:
                distributed.broadcast(parameter.data, 0)

    def add_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Sum the gradients over all processes, some parameters at a time."""
        if self.count == 1:
            return
        bucket: list[Tensor] = []
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            bucket.append(parameter.grad)
            if sum(map(torch.numel, bucket)) >= _BUCKET:
                _sum_together(bucket)
                bucket = []
        _sum_together(bucket)

    def all_of(self, value: Any) -> list[Any]:
        """The small ``value`` of every process, by rank. All of them must ask."""
        if self.count == 1:
            return [value]
        values: list[Any] = [None] * self.count
        distributed.all_gather_object(values, value)
        return values

    def from_main(self, value: Any) -> Any:
        """The first process's small ``value``, in all of them."""
        return self.all_of(value)[0]


def _sum_together(tensors: list[Tensor]) -> None:
    if not tensors:
        return
    flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
    distributed.all_reduce(flat)
    for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
        tensor.copy_(part.view_as(tensor))
