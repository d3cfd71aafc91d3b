"""Merges LoRA files into a transformer, all or nothing, and takes them out again without a trace.

A merge is the authors' own: `W += weight * (B @ A)`, with A and B first cast to the type of W, so that a bfloat16
transformer comes out bit for bit as in their program. Taking out reads the untouched weights again, never subtracts.
"""

import math
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.engine.loading.streamed_weights import read_tensors
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.file import LoraFile, LowRank
from svi_studio.engine.lora.fit import by_block, changed_by, checked_lora
from svi_studio.engine.lora.forms import with_magnitude
from svi_studio.weights.model_folder import weights_files
from svi_studio.weights.safetensors_header import read_header


@dataclass(frozen=True)
class LoraReport:
    """What one LoRA file did: how many weights it changed, in how many blocks, from how many tensors, and its ranks."""

    path: Path
    weight: float
    changed: int
    blocks: int
    tensors: int
    ranks: tuple[int, ...]


def apply_loras(
    models: WanModels, uses: Sequence[tuple[Path, float]], *, poses: bool = False
) -> tuple[LoraReport, ...]:
    """Makes the transformer of `models` its base weights plus exactly these LoRAs (file, weight), in this order.

    Whatever was merged before is taken out first, and nothing happens when it is the same already; an empty sequence
    gives the base weights back. `poses` as for `checked_lora`. Raises BadWeights or BadInput before anything is changed
    when one does not fit wholly.
    """
    merged = _MERGED.get(models.transformer)
    if merged is None:
        merged = _MERGED[models.transformer] = MergedLoras(models.transformer, models.folder)
    return merged.use(uses, poses=poses)


class MergedLoras:
    """The LoRAs that are merged into one transformer.

    `folder` is the model folder that it was loaded from; without one, the CPU keeps a copy of every changed weight.
    """

    def __init__(self, transformer: nn.Module, folder: Path | None) -> None:
        self._transformer = weakref.ref(transformer)
        self._base = _BaseWeights(folder)
        self._current: tuple[object, ...] = ()
        self._reports: tuple[LoraReport, ...] = ()
        self._changed: set[str] = set()

    def use(self, uses: Sequence[tuple[Path, float]], *, poses: bool = False) -> tuple[LoraReport, ...]:
        """Merges exactly `uses`, see `apply_loras`."""
        wanted = tuple(_identity(path, weight) for path, weight in uses)
        if wanted == self._current:
            return self._reports
        parameters = self._named_parameters()
        files = [(checked_lora(path, parameters, poses=poses), weight) for path, weight in uses]
        self._take_out(parameters)
        try:
            self._reports = tuple(self._merge(parameters, file, weight) for file, weight in files)
        except BaseException:  # out of memory or stopped half-way: never leave half a LoRA behind
            self._take_out(parameters)
            raise
        self._current = wanted
        return self._reports

    def _named_parameters(self) -> dict[str, nn.Parameter]:
        transformer = self._transformer()
        return dict(transformer.named_parameters()) if transformer is not None else {}

    def _take_out(self, parameters: dict[str, nn.Parameter]) -> None:
        for name in sorted(self._changed):
            parameters[name].data = self._base.get(name).to(parameters[name])
        self._changed.clear()
        self._current, self._reports = (), ()

    @torch.no_grad()
    def _merge(self, parameters: dict[str, nn.Parameter], file: LoraFile, weight: float) -> LoraReport:
        names = changed_by(file) if weight else set()
        for name in sorted(names):
            self._base.keep(name, parameters[name])
            self._changed.add(name)
            parameters[name].data = merged_weight(parameters[name].data, file, name, weight)
        return _report(file, weight)


def merged_weight(base: torch.Tensor, file: LoraFile, name: str, weight: float) -> torch.Tensor:
    """`base` (the parameter `name`) plus `weight` times what `file` holds for it, all in the type of `base`."""
    if name in file.composed or name in file.magnitudes:
        return _recomposed(base, file, name, weight)
    result = base
    if pair := file.low_rank.get(name):
        result = result + _scaled(low_rank_product(pair, base), weight * pair.scale)
    if (difference := file.differences.get(name)) is not None:
        result = result + _scaled(difference.to(base).reshape(base.shape), weight)
    return result


def _recomposed(base: torch.Tensor, file: LoraFile, name: str, weight: float) -> torch.Tensor:
    """DoRA, LoHa and LoKr, in float32, because norms and products of products lose too much in half precision."""
    full = base.float()
    changed = full
    if (form := file.composed.get(name)) is not None:
        changed = changed + form.scale * form.change(full)
    if (pair := file.low_rank.get(name)) is not None:
        changed = changed + pair.scale * low_rank_product(pair, full)
    if (magnitude := file.magnitudes.get(name)) is not None:
        changed = with_magnitude(full, changed, magnitude)
    changed = full + weight * (changed - full)
    if (difference := file.differences.get(name)) is not None:
        changed = changed + weight * difference.to(full).reshape(full.shape)
    return changed.to(base.dtype)


def low_rank_product(pair: LowRank, base: torch.Tensor) -> torch.Tensor:
    """`B @ A` in the type, on the device and in the shape of `base`."""
    return (pair.up.to(base).flatten(1) @ pair.down.to(base).flatten(1)).reshape(base.shape)


def _scaled(change: torch.Tensor, factor: float) -> torch.Tensor:
    return change if factor == 1 else factor * change


def _report(file: LoraFile, weight: float) -> LoraReport:
    ranks = sorted({pair.rank for pair in (*file.low_rank.values(), *file.composed.values())})
    changed = changed_by(file)
    blocks = len(by_block(changed))
    return LoraReport(file.path, weight, len(changed), blocks, file.tensors, tuple(ranks))


def _identity(path: Path, weight: float) -> tuple[object, ...]:
    if not math.isfinite(weight) or abs(weight) > 100:
        raise BadInput(f"The weight {weight} of the LoRA {path} cannot be used; give a number such as 1.0.")
    try:
        status = path.stat()
    except OSError as error:
        raise BadWeights(f"The LoRA file {path} is missing or cannot be read; check its path.") from error
    return (path.resolve(), status.st_size, status.st_mtime_ns, weight)


class _BaseWeights:
    """The untouched weights: from the model's own files where there are any, else from copies made before a change."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._copies: dict[str, torch.Tensor] = {}
        self._places: dict[str, Path] = {}

    def keep(self, name: str, parameter: torch.Tensor) -> None:
        if self._folder is None and name not in self._copies:
            self._copies[name] = parameter.detach().to("cpu", copy=True)

    def get(self, name: str) -> torch.Tensor:
        if self._folder is None:
            return self._copies[name]
        if not self._places:
            files = weights_files(self._folder, "transformer")
            self._places = {tensor: path for path in files for tensor in read_header(path).tensors}
        ((_, tensor),) = read_tensors(self._places[name], {name: name})
        return tensor


_MERGED: "weakref.WeakKeyDictionary[nn.Module, MergedLoras]" = weakref.WeakKeyDictionary()
