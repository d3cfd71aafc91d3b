"""Puts LoRA files into a transformer, all or nothing, and takes them out again without a trace.

They are merged into its weights, and stand beside those that are kept as they are stored. Taking out reads the
untouched weights again, never subtracts. From one set of LoRAs to the next only those weights are touched that have
other ones in them then: what stays in front stays as it is, since a sum in the same order is the same to the last bit.
"""

import math
import traceback
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.architecture import Expert
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.lora.base_weights import BaseWeights
from svi_studio.engine.lora.beside import kept_layers, put_beside
from svi_studio.engine.lora.file import LoraFile
from svi_studio.engine.lora.fit import HasShape, by_block, changed_by, checked_lora
from svi_studio.engine.lora.merged_weight import merged_weight
from svi_studio.engine.memory.placing import put_weight, working_device


@dataclass(frozen=True)
class LoraReport:
    """What one LoRA file did: how many weights it changed, in how many blocks, from how many tensors, and its ranks.

    `left_out` counts tensors without a place, see `checked_lora`. `expert` is the transformer that it went into;
    `both` in a model of one.
    """

    path: Path
    weight: float
    changed: int
    blocks: int
    tensors: int
    ranks: tuple[int, ...]
    left_out: int = 0
    expert: Expert = "both"

    @property
    def sentence(self) -> str:
        """The report in words, for a log."""
        ranks = " and ".join(map(str, self.ranks)) or "none"
        where = "" if self.expert == "both" else f" of the {self.expert}-noise expert"
        left = f"; {self.left_out} tensors have no place in this model" if self.left_out else ""
        return (
            f"{self.path.name} at {self.weight:g}: {self.changed} weights{where} in {self.blocks} blocks, "
            f"from {self.tensors} tensors of rank {ranks}{left}"
        )


class LoraIdentity(NamedTuple):
    """One use of a file, and what tells whether the file is still the same; `poses` as for `checked_lora`."""

    path: Path
    size: int
    modified: int
    poses: bool
    weight: float


@dataclass(frozen=True)
class _Known:
    """What is known of a file that was checked: the parameters that it changes, and the report on it."""

    names: tuple[str, ...]
    report: LoraReport


class MergedLoras:
    """The LoRAs that are merged into one transformer.

    `folder` is the model folder that it was loaded from, `part` its place there; without a folder, the CPU keeps a copy
    of every changed weight.
    """

    def __init__(self, transformer: nn.Module, folder: Path | None, part: str = "transformer") -> None:
        self._transformer = weakref.ref(transformer)
        self._base = BaseWeights(folder, part)
        self._current: tuple[LoraIdentity, ...] | None = ()
        self._reports: tuple[LoraReport, ...] = ()
        self._known: dict[LoraIdentity, _Known] = {}
        self._merged: dict[str, tuple[LoraIdentity, ...]] = {}
        """By parameter: what is in it, in that order. `_current` is None while that may be other than was asked for."""

    def use(self, uses: Iterable[tuple[Path, float]], *, poses: bool = False) -> tuple[LoraReport, ...]:
        """Makes the transformer its base weights plus exactly `uses` (file, weight), in this order.

        Nothing happens when it is that already. Raises BadWeights or BadInput before anything is changed when one does
        not fit wholly.
        """
        wanted = tuple(identity_of(path, weight, poses=poses) for path, weight in uses)
        if wanted == self._current:
            return self._reports
        parameters, kept = self._named_parameters(), self._kept_layers()
        weights = _weights(parameters, kept)
        files = {use: _checked(use, weights) for use in dict.fromkeys(wanted) if use not in self._known}
        known = {use: self._known.get(use) or _known(files[use], use) for use in wanted}
        goal = _goal(known, wanted)
        others = [name for name in sorted({*self._merged, *goal}) if self._merged.get(name, ()) != goal.get(name, ())]
        for use in {use for name in others for use in _to_add(self._merged.get(name, ()), goal.get(name, ()))}:
            if use not in files:
                files[use] = _checked(use, weights)
        self._known = known
        try:
            self._bring(parameters, {name: goal.get(name, ()) for name in others if name not in kept}, files)
            self._put_beside(kept, {name: goal.get(name, ()) for name in others if name in kept}, files)
        except BaseException as error:  # out of memory or stopped half-way: never leave half a LoRA behind
            traceback.clear_frames(error.__traceback__)  # what failed gives its tensors back: taking out needs room too
            files.clear()
            self._take_out(parameters, kept)
            raise
        self._current, self._reports = wanted, tuple(known[use].report for use in wanted)
        return self._reports

    def check(self, uses: Iterable[tuple[Path, float]], *, poses: bool = False) -> None:
        """Raises what `use` would raise for these by their names and shapes, and changes nothing."""
        weights = _weights(self._named_parameters(), self._kept_layers())
        for path, weight in uses:
            checked_lora(identity_of(path, weight, poses=poses).path, weights, poses=poses, values=False)

    def _working_device(self) -> torch.device | None:
        """Where weights are added up, wherever they lie: the sums come out the same on one device only."""
        transformer = self._transformer()
        return working_device(transformer) if transformer is not None else None

    def _put(self, parameter: nn.Parameter, weight: torch.Tensor) -> None:
        transformer = self._transformer()
        if transformer is not None:
            put_weight(transformer, parameter, weight)

    def _named_parameters(self) -> dict[str, nn.Parameter]:
        transformer = self._transformer()
        return dict(transformer.named_parameters()) if transformer is not None else {}

    def _kept_layers(self) -> Mapping[str, QuantisedLinear]:
        transformer = self._transformer()
        return kept_layers(transformer) if transformer is not None else {}

    @torch.no_grad()
    def _bring(
        self,
        parameters: Mapping[str, nn.Parameter],
        goal: Mapping[str, tuple[LoraIdentity, ...]],
        files: Mapping[LoraIdentity, LoraFile],
    ) -> None:
        """Makes each parameter of `goal` its base plus that; it is the old one until all of that is worked out."""

        device = self._working_device()

        def become(name: str, weight: torch.Tensor) -> None:
            weight = weight.to(device or parameters[name].device, parameters[name].dtype)
            for use in _to_add(self._merged.get(name, ()), goal[name]):
                weight = merged_weight(weight, files[use], name, use.weight)
            self._merged[name] = goal[name]  # first: it is read again should writing break off
            self._put(parameters[name], weight)

        anew = [name for name in goal if not _goes_on(self._merged.get(name, ()), goal[name])]
        for name in goal:
            self._base.keep(name, parameters[name])
        for name in goal.keys() - set(anew):
            become(name, parameters[name].data)
        for name, weight in self._base.read(anew):
            become(name, weight)
        self._merged = {name: uses for name, uses in self._merged.items() if uses}

    @torch.no_grad()
    def _put_beside(
        self,
        layers: Mapping[str, QuantisedLinear],
        goal: Mapping[str, tuple[LoraIdentity, ...]],
        files: Mapping[LoraIdentity, LoraFile],
    ) -> None:
        """Makes what stands beside each layer of `goal` exactly that."""
        device = self._working_device()
        for name, uses in goal.items():
            inside = self._merged.get(name, ())
            self._merged[name] = uses
            if not _goes_on(inside, uses):
                layers[name].use_beside(())
            put_beside(layers[name], name, [(files[use], use.weight) for use in _to_add(inside, uses)], device)
        self._merged = {name: uses for name, uses in self._merged.items() if uses}

    def _take_out(self, parameters: Mapping[str, nn.Parameter], kept: Mapping[str, QuantisedLinear]) -> None:
        """Leaves the base weights; where that fails, what is left of the LoRAs stays known, for the next `use`."""
        self._current, self._reports, self._known = None, (), {}
        for name, layer in kept.items():
            layer.use_beside(())
            self._merged.pop(name, None)
        for name, weight in self._base.read(list(self._merged)):
            self._put(parameters[name], weight.to(parameters[name]))
            del self._merged[name]
        self._current = ()


def merged_loras(transformer: nn.Module, folder: Path | None, part: str = "transformer") -> MergedLoras:
    """What is merged into `transformer`, which was loaded from `part` of the model in `folder`."""
    merged = _MERGED.get(transformer)
    if merged is None:
        merged = _MERGED[transformer] = MergedLoras(transformer, folder, part)
    return merged


def identity_of(path: Path, weight: float, *, poses: bool) -> LoraIdentity:
    """Raises BadInput for a weight that cannot be used, BadWeights for a file that is not there."""
    if not math.isfinite(weight) or abs(weight) > 100:
        raise BadInput(f"The weight {weight} of the LoRA {path} cannot be used; give a number such as 1.0.")
    try:
        status = path.stat()
    except OSError as error:
        raise BadWeights(f"The LoRA file {path} is missing or cannot be read; check its path.") from error
    return LoraIdentity(path.resolve(), status.st_size, status.st_mtime_ns, poses, weight)


def lora_report(file: LoraFile, weight: float, expert: Expert = "both") -> LoraReport:
    """What `file` does at that weight in the transformer `expert`."""
    ranks = sorted({pair.rank for pair in (*file.low_rank.values(), *file.composed.values())})
    changed = changed_by(file)
    blocks = len(by_block(changed))
    left = len(file.left_out)
    return LoraReport(file.path, weight, len(changed), blocks, file.tensors - left, tuple(ranks), left, expert)


def _weights(parameters: Mapping[str, nn.Parameter], kept: Mapping[str, QuantisedLinear]) -> dict[str, HasShape]:
    """All that a LoRA can change."""
    return {**parameters, **{name: layer.weight for name, layer in kept.items()}}


def _checked(use: LoraIdentity, weights: Mapping[str, HasShape]) -> LoraFile:
    return checked_lora(use.path, weights, poses=use.poses)


def _known(file: LoraFile, use: LoraIdentity) -> _Known:
    return _Known(tuple(changed_by(file)), lora_report(file, use.weight))


def _goal(known: Mapping[LoraIdentity, _Known], wanted: Sequence[LoraIdentity]) -> dict[str, tuple[LoraIdentity, ...]]:
    """By parameter: which of `wanted` are to be in it, in that order. A weight of 0 changes nothing."""
    found: dict[str, tuple[LoraIdentity, ...]] = {}
    for use in wanted:
        for name in known[use].names if use.weight else ():
            found[name] = (*found.get(name, ()), use)
    return found


def _to_add(inside: tuple[LoraIdentity, ...], goal: tuple[LoraIdentity, ...]) -> tuple[LoraIdentity, ...]:
    """What is still to be merged: the rest, where what is `inside` is how `goal` begins, else all of it."""
    return goal[len(inside) :] if _goes_on(inside, goal) else goal


def _goes_on(inside: tuple[LoraIdentity, ...], goal: tuple[LoraIdentity, ...]) -> bool:
    """Whether what is `inside` is how `goal` begins, so that the sum only goes on."""
    return goal[: len(inside)] == inside


_MERGED: "weakref.WeakKeyDictionary[nn.Module, MergedLoras]" = weakref.WeakKeyDictionary()
