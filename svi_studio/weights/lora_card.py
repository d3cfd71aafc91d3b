"""Reads what a trained LoRA says about itself from its file's header, without torch."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from svi_studio.domain.training.card import CARD_METADATA, TrainingCard
from svi_studio.weights.safetensors_header import read_header


def read_training_card(path: Path) -> TrainingCard | None:
    """The training card in the LoRA file `path`; None when it has none that this program understands.

    Raises BadWeights when the file is missing, unsafe or damaged.
    """
    return training_card(read_header(path).metadata)


def training_card(metadata: Mapping[str, str]) -> TrainingCard | None:
    """The training card in the ``metadata`` of a LoRA's header; None when it has none."""
    text = metadata.get(CARD_METADATA)
    if text is None:
        return None
    try:
        return TrainingCard.model_validate_json(text)
    except ValidationError:  # of a newer program, or of another that uses the name: the LoRA works all the same
        return None
