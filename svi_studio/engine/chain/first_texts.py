"""All texts of a film are encoded before its transformer is loaded: the two are never in memory together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svi_studio.engine.denoising.prompt import PromptEncoder
from svi_studio.engine.loading.model_folder import dtype_of_model
from svi_studio.engine.loading.model_load import ModelLoad

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.engine.memory.card import Card
    from svi_studio.engine.memory.model_memory import Smaller


def encode_first(
    model: Path, card: Card, texts: Collection[str], plan: MemoryPlan, smaller: Smaller | None
) -> MemoryPlan:
    """Encodes those of `texts` that are not kept on disk, with the text encoder of the folder `model` and nothing else.

    Returns the plan to go on by: a smaller one where memory ran out. Raises BadWeights, MemoryError.
    """
    encoder = ModelLoad(model, card, dtype_of_model(model, card.device), plan).text_encoder_alone(smaller)
    PromptEncoder(encoder).prepare(texts)
    return plan if encoder.memory is None else encoder.memory.plan
