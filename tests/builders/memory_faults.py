"""Lets memory run out in the middle of one piece of work of a render, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from svi_studio.domain.render.memory_needs import Stage
from svi_studio.engine.memory.model_memory import ModelMemory

T = TypeVar("T")


class NoMoreRoom(TorchDispatchMode):
    """Raises once, at the operation number `at` (from 0) that is asked of torch while it is entered: see `raised`."""

    def __init__(self, at: int, error: Exception) -> None:
        super().__init__()
        self._left = at
        self._error = error
        self.raised = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._left -= 1
        if self._left < 0 and not self.raised:
            self.raised = True
            raise self._error
        return func(*args, **(kwargs or {}))


class FaultyMemory:
    """Stands in the way of `memory`: the piece of work number `number` (from 0) of `stage` runs out at operation `at`.

    Pieces are counted from `begin()` on. Work that is shorter runs out when it is over.
    """

    def __init__(
        self, memory: ModelMemory, stage: Stage, number: int, at: int, error: type[Exception] = torch.OutOfMemoryError
    ) -> None:
        self._surviving = memory.surviving
        self._stage, self._left, self._at, self._error = stage, number, at, error
        self._has_begun = self.has_raised = False
        memory.surviving = self  # type: ignore[method-assign, assignment]

    def begin(self) -> None:
        """From now on it counts."""
        self._has_begun = True

    def __call__(self, stage: Stage, work: Callable[[], T]) -> T:
        return self._surviving(stage, lambda: self._run(stage, work))

    def _run(self, stage: Stage, work: Callable[[], T]) -> T:
        if not self._has_begun or stage != self._stage or self.has_raised:
            return work()
        self._left -= 1
        if self._left >= 0:
            return work()
        self.has_raised = True
        error = self._error("CUDA out of memory: there is no more room")
        with NoMoreRoom(self._at, error) as mode:
            result = work()
        if not mode.raised:
            raise error
        return result
