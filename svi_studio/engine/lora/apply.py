"""Puts LoRAs into the transformers of a model: into its one, or into each of its two experts those that are for it."""

from collections.abc import Sequence

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.merge import LoraReport, merged_loras
from svi_studio.weights.lora_in_use import LoraInUse


def apply_loras(models: WanModels, uses: Sequence[LoraInUse], *, poses: bool = False) -> tuple[LoraReport, ...]:
    """Makes the transformers of `models` their base weights plus exactly these LoRAs, in this order.

    Whatever else was merged before is taken out, and nothing happens when it is the same already; an empty sequence
    gives the base weights back. `poses` as for `checked_lora`. Raises BadWeights or BadInput before anything is changed
    when one does not fit wholly.
    """
    _refuse_experts(models, uses)
    pairs = [(use.path, use.weight) for use in uses]
    return merged_loras(models.transformer, models.folder).use(pairs, poses=poses)


def check_loras(models: WanModels, uses: Sequence[LoraInUse], *, poses: bool = False) -> None:
    """Raises what `apply_loras` would raise for these, and changes nothing."""
    _refuse_experts(models, uses)
    merged = merged_loras(models.transformer, models.folder)
    merged.check([(use.path, use.weight) for use in uses], poses=poses)


def _refuse_experts(models: WanModels, uses: Sequence[LoraInUse]) -> None:
    for use in uses:
        if use.expert != "both":
            raise BadWeights(
                f"The LoRA {use.path} is for the {use.expert}-noise expert, and the model {models.card.name} has only "
                "one transformer: use it for the whole model, or take it out."
            )
