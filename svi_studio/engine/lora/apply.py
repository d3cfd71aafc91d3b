"""Puts LoRAs into the transformers of a model: into its one, or into each of its two experts those that are for it."""

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.experts import Experts
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.fit import checked_lora
from svi_studio.engine.lora.merge import LoraIdentity, LoraReport, identity_of, lora_report, merged_loras
from svi_studio.weights.lora_in_use import LoraInUse, uses_of_expert
from svi_studio.weights.model_folder import EXPERT_PARTS, OneExpert

_Pairs = tuple[tuple[Path, float], ...]


def apply_loras(models: WanModels, uses: Sequence[LoraInUse], *, poses: bool = False) -> tuple[LoraReport, ...]:
    """Makes the transformers of `models` their base weights plus exactly these LoRAs, in this order.

    Whatever else was merged before is taken out, and nothing happens when it is the same already; an empty sequence
    gives the base weights back. An expert that is not in memory gets its LoRAs when it is loaded; the reports, of the
    high-noise expert first, say what it gets. `poses` as for `checked_lora`. Raises BadWeights or BadInput before
    anything is changed when one does not fit wholly.
    """
    if models.experts is not None:
        return _loras_of(models.experts, models.folder).use(uses, poses=poses)
    _refuse_experts(models, uses)
    return merged_loras(models.transformer, models.folder).use(_pairs(uses), poses=poses)


def check_loras(models: WanModels, uses: Sequence[LoraInUse], *, poses: bool = False) -> None:
    """Raises what `apply_loras` would raise for these by the names and shapes in the files, and changes nothing.

    That takes a moment; numbers that are not finite are found when they are merged.
    """
    if models.experts is not None:
        _loras_of(models.experts, models.folder).check(uses, poses=poses)
        return
    _refuse_experts(models, uses)
    merged_loras(models.transformer, models.folder).check(_pairs(uses), poses=poses)


class ExpertLoras:
    """What is merged into two experts, each time that one of them is ready to work."""

    def __init__(self, experts: Experts, folder: Path | None) -> None:
        self._outlines = {expert: dict(experts.outline(expert).named_parameters()) for expert in EXPERT_PARTS}
        self._folder = folder
        self._reports: dict[tuple[OneExpert, LoraIdentity], LoraReport] = {}
        self._wanted: Mapping[OneExpert, _Pairs] = MappingProxyType({})
        self._inside: weakref.WeakKeyDictionary[nn.Module, _Pairs] = weakref.WeakKeyDictionary()
        self._poses = False
        experts.ready = self._ready

    def use(self, uses: Sequence[LoraInUse], *, poses: bool) -> tuple[LoraReport, ...]:
        """See `apply_loras`."""
        reports = tuple(
            self._report(expert, use, poses=poses) for expert in EXPERT_PARTS for use in uses_of_expert(uses, expert)
        )
        self._wanted = {expert: _pairs(uses_of_expert(uses, expert)) for expert in EXPERT_PARTS}
        self._poses = poses
        return reports

    def check(self, uses: Sequence[LoraInUse], *, poses: bool) -> None:
        """See `check_loras`."""
        for expert, outline in self._outlines.items():
            for use in uses_of_expert(uses, expert):
                checked_lora(identity_of(use.path, use.weight, poses=poses).path, outline, poses=poses, values=False)

    def _report(self, expert: OneExpert, use: LoraInUse, *, poses: bool) -> LoraReport:
        identity = identity_of(use.path, use.weight, poses=poses)
        key = (expert, identity._replace(weight=1.0))
        if key not in self._reports:
            file = checked_lora(use.path, self._outlines[expert], poses=poses)
            self._reports[key] = lora_report(file, use.weight, expert)
        return replace(self._reports[key], weight=use.weight)

    def _ready(self, expert: OneExpert, network: nn.Module) -> None:
        wanted = self._wanted.get(expert, ())
        if self._inside.get(network) is wanted:  # before every step: not even the disk is asked
            return
        self._inside.pop(network, None)  # until that is done nobody knows
        merged_loras(network, self._folder, EXPERT_PARTS[expert]).use(wanted, poses=self._poses)
        self._inside[network] = wanted


def _loras_of(experts: Experts, folder: Path | None) -> ExpertLoras:
    found = _OF_EXPERTS.get(experts)
    if found is None:
        found = _OF_EXPERTS[experts] = ExpertLoras(experts, folder)
    return found


def _pairs(uses: Sequence[LoraInUse]) -> _Pairs:
    return tuple((use.path, use.weight) for use in uses)


def _refuse_experts(models: WanModels, uses: Sequence[LoraInUse]) -> None:
    for use in uses:
        if use.expert != "both":
            raise BadWeights(
                f"The LoRA {use.path} is for the {use.expert}-noise expert, and the model {models.card.name} has only "
                "one transformer: use it for the whole model, or take it out."
            )


_OF_EXPERTS: "weakref.WeakKeyDictionary[Experts, ExpertLoras]" = weakref.WeakKeyDictionary()
