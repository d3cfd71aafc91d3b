"""Whether a model has what a family is trained with beside pictures and words; told before anything long begins."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.weights.input_networks import check_input_networks
from svi_studio.weights.model_folder import INPUT_FILES, SOUND_ENCODER, read_card

_FILES = {
    InputKind.SOUND: f"{INPUT_FILES[InputKind.SOUND]} and {SOUND_ENCODER}/",
    InputKind.SKELETON: INPUT_FILES[InputKind.SKELETON],
}


def check_trainable(folder: Path, family: str) -> None:
    """Raises BadInput or BadWeights, one sentence, when the model in ``folder`` lacks what ``family`` needs."""
    card, kinds = read_card(folder), needed_inputs(family)
    for kind in kinds:
        if kind not in card.inputs:
            raise BadInput(
                f"The model {card.name} follows no {kind}, and {family.capitalize()} is trained with one: choose a "
                f'model that has {_FILES[kind]} in its folder and "{kind}" among the "inputs" of its card.'
            )
    check_input_networks(folder, card, kinds)
