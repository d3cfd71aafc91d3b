"""Whether a model can be trained by a recipe; told before anything long begins."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.filming import cannot_film
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.input_networks import check_input_networks
from svi_studio.weights.model_folder import INPUT_FILES, SOUND_ENCODER, read_card

_FILES = {
    InputKind.SOUND: f"{INPUT_FILES[InputKind.SOUND]} and {SOUND_ENCODER}/",
    InputKind.SKELETON: INPUT_FILES[InputKind.SKELETON],
}


def check_trainable(folder: Path, recipe: TrainingRecipe) -> None:
    """Raises BadInput or BadWeights, one sentence, when ``recipe`` is not for the model in ``folder``.

    It must be of a kind that films the recipe's family, have as many experts as the recipe trains, and have what its
    family needs beside pictures and words.
    """
    card, kinds = read_card(folder), needed_inputs(recipe.family)
    check_kind(card, read_architecture(folder, card), recipe)
    for kind in kinds:
        if kind not in card.inputs:
            raise BadInput(
                f"The model {card.name} follows no {kind}, and {recipe.family.capitalize()} is trained with one: "
                f'choose a model that has {_FILES[kind]} in its folder and "{kind}" among the "inputs" of its card.'
            )
    check_input_networks(folder, card, kinds)


def check_kind(card: ModelCard, architecture: Architecture, recipe: TrainingRecipe) -> None:
    """Raises BadInput, one sentence, when ``recipe`` is for another kind of model than that of ``card``."""
    if sentence := cannot_film(recipe.family, card, architecture):
        raise BadInput(sentence)
    _check_experts(card, architecture, recipe)


def _check_experts(card: ModelCard, architecture: Architecture, recipe: TrainingRecipe) -> None:
    if architecture.two_experts and not recipe.parts and recipe.expert == "both":
        raise BadInput(
            f"The model {card.name} has two experts, and this recipe trains one transformer: choose a recipe for two, "
            'one that has "experts".'
        )
    if recipe.parts and not architecture.two_experts:
        raise BadInput(
            f"The model {card.name} has one transformer, and this recipe trains two experts: choose a recipe for one, "
            'without "experts", or another model.'
        )
