"""The model that a training is for: looked at where it is here, known from the catalogue where it is not."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.wording import as_bytes
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.weights.catalogue import find_model, find_models
from svi_studio.weights.catalogue_size import CatalogueModel, catalogue_model
from svi_studio.weights.model_folder import EXPERT_PARTS, read_card, weights_files
from svi_studio.weights.model_size import part_size, read_model_size
from svi_studio.weights.trainable import check_trainable


@dataclass(frozen=True, slots=True)
class MissingModel:
    """A model that is not on this computer: the ``entry`` of the catalogue called ``title`` is fetched for it.

    ``others``: models here of the same kind, by their names, which the recipe may be used with instead. ``download``:
    about how many bytes there are to fetch; None when that is not known.
    """

    entry: str
    title: str
    others: tuple[str, ...] = ()
    download: int | None = None

    @property
    def sized(self) -> str:
        """Its title, and how much there is to download where that is known."""
        return self.title if self.download is None else f"{self.title} (about {as_bytes(self.download)} to download)"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What there is of a model: its size, and honest words about it."""

    size: ModelSize
    missing: MissingModel | None = None
    world: str = ""
    stored: str = ""


def look_at_model(recipe: TrainingRecipe) -> LookedAt:
    """The model that ``recipe`` is for, here or in the catalogue; reads headers only. Raises BadInput, BadWeights."""
    try:
        model = find_model(recipe.model)
    except BadWeights:
        known = catalogue_model(recipe.model, recipe)
        if known is None:
            raise
        return LookedAt(known.size, _missing(known))
    check_trainable(model, recipe)
    card = read_card(model)
    return LookedAt(read_model_size(model), world=world_words(card), stored=_stored_words(model, recipe))


def world_words(card: ModelCard) -> str:
    """That a model draws nothing but a small world of its own; empty for any other."""
    if card.world is None:
        return ""
    return (
        f"{card.title or card.name} draws only its own small world: a LoRA does not teach it what your videos show. It "
        "is here to try everything."
    )


def _stored_words(model: Path, recipe: TrainingRecipe) -> str:
    """What a training makes of a transformer whose file is quantised; empty for any other."""
    precision = part_size(weights_files(model, EXPERT_PARTS["high"])).precision
    if not precision.startswith(("fp8", "Q")):
        return ""
    kept = {"float32": "32 bits", "bfloat16": "16 bits", "float8": "8 bits"}[recipe.memory.base_precision]
    return (
        f"stored as {precision}, which can be trained on: each weight is read back and kept in {kept}. Film with the "
        "same files, as the LoRA is fitted to them."
    )


def model_for(recipe: TrainingRecipe) -> Path:
    """The folder of the model that ``recipe`` is for, which it can train.

    Raises BadInput or BadWeights, one sentence with the way to get it, before anything long begins.
    """
    try:
        model = find_model(recipe.model)
    except BadWeights as error:
        known = catalogue_model(recipe.model, recipe)
        if known is None:
            raise
        missing = _missing(known)
        raise BadWeights(f"The model {missing.sized} is not on this computer: {ways_to_get(missing)}.") from error
    check_trainable(model, recipe)
    return model


def missing_words(missing: MissingModel, way: str) -> str:
    """That it is not here, how much there is to download, and the ``way`` to get it, which is a sentence."""
    return f"Missing: the model {missing.sized}. {way} Until then its sizes are the catalogue's."


def ways_to_get(missing: MissingModel) -> str:
    """The command that fetches it, and the one that takes another model that is here."""
    words = f'"{command_name()} models fetch {missing.entry}" gets it'
    if missing.others:
        words += f", or add --model {shlex.quote(missing.others[0])}, which is here and of the same kind"
    return words


def _missing(known: CatalogueModel) -> MissingModel:
    def would_do(model: FoundModel) -> bool:
        own = model.architecture is not None and model.architecture.name == known.architecture.name
        return own and model.card is not None and model.card.world is None and model.problem is None

    others = tuple(model.name for model in find_models() if would_do(model))
    return MissingModel(known.name, known.title, others, known.download)
