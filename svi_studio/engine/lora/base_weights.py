"""The untouched weights of a transformer, so that what was merged into it comes out again without a trace."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import torch

from svi_studio.engine.loading.found_weights import FoundWeights
from svi_studio.engine.loading.model_part import find_part


class BaseWeights:
    """Read from the `part` of the model's own `folder` where there is one, else copied before a change."""

    def __init__(self, folder: Path | None, part: str = "transformer") -> None:
        self._folder, self._part = folder, part
        self._copies: dict[str, torch.Tensor] = {}
        self._found: FoundWeights | None = None

    def keep(self, name: str, parameter: torch.Tensor) -> None:
        """Remembers the parameter `name` as it is, before it is changed for the first time."""
        if self._folder is None:
            if name not in self._copies:
                self._copies[name] = parameter.detach().to("cpu", copy=True)
        elif self._found is None:
            self._found = find_part(self._folder, self._part).found

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, torch.Tensor]]:
        """The parameters `names` as they were, one by one, on the CPU; each file of the model is opened once.

        Raises BadWeights when one cannot be read any more, or was changed meanwhile.
        """
        if self._found is None:
            yield from ((name, self._copies[name]) for name in names)
            return
        for name, weight in self._found.read(names):
            yield name, weight if isinstance(weight, torch.Tensor) else weight.dequantised()
