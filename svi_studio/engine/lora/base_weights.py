"""The untouched weights of a transformer, so that what was merged into it comes out again without a trace."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import torch

from svi_studio.engine.loading.streamed_weights import read_tensors
from svi_studio.weights.model_folder import weights_files
from svi_studio.weights.safetensors_header import read_header


class BaseWeights:
    """Read from the `part` of the model's own `folder` where there is one, else copied before a change."""

    def __init__(self, folder: Path | None, part: str = "transformer") -> None:
        self._folder, self._part = folder, part
        self._copies: dict[str, torch.Tensor] = {}
        self._places: dict[str, Path] = {}

    def keep(self, name: str, parameter: torch.Tensor) -> None:
        """Remembers the parameter `name` as it is, before it is changed for the first time."""
        if self._folder is None and name not in self._copies:
            self._copies[name] = parameter.detach().to("cpu", copy=True)

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, torch.Tensor]]:
        """The parameters `names` as they were, one by one, on the CPU; each file of the model is opened once.

        Raises BadWeights when one cannot be read any more.
        """
        if self._folder is None:
            yield from ((name, self._copies[name]) for name in names)
            return
        if not self._places:
            files = weights_files(self._folder, self._part)
            self._places = {tensor: path for path in files for tensor in read_header(path).tensors}
        by_file: dict[Path, dict[str, str]] = {}
        for name in names:
            by_file.setdefault(self._places[name], {})[name] = name
        for path, wanted in by_file.items():
            yield from read_tensors(path, wanted)
