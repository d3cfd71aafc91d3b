"""The LoRAs that a model folder brings along for its families: where they lie, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.weights.safetensors_header import read_header


@dataclass(frozen=True)
class FamilyLoras:
    """By the card's keys: ``files`` that are there and whole, and in one sentence each ``problems`` of the others."""

    files: Mapping[str, Path]
    problems: Mapping[str, str]


def find_family_loras(model: Path, card: ModelCard) -> FamilyLoras:
    """The LoRA files that ``card`` names, in the model's folder ``model``; only their headers are read."""
    files: dict[str, Path] = {}
    problems: dict[str, str] = {}
    for key, relative in card.family_loras.items():
        try:
            files[key] = _sound_file(model, card, key.partition("@")[0], relative)
        except BadWeights as error:
            problems[key] = str(error)
    return FamilyLoras(files, problems)


def _sound_file(model: Path, card: ModelCard, family: str, relative: str) -> Path:
    """The file ``relative``, which a card can only name inside its folder ``model``; raises BadWeights if it is bad."""
    file = model / relative
    try:
        is_there = file.is_file()
    except OSError:  # a name that the disk cannot have
        is_there = False
    if not is_there:
        raise BadWeights(
            f'The model {card.name} lacks its LoRA "{relative}" for the family {family}; get the model again, '
            "or set the film's stability to 0."
        )
    read_header(file)
    return file
