"""Whether a training can go on from a LoRA file, by its header alone: told before anything is read or loaded."""

from collections.abc import Collection, Iterator
from pathlib import Path

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.architecture import ARCHITECTURES, Expert
from svi_studio.domain.text.wording import plural
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.key_names import DIT
from svi_studio.weights.lora_card import training_card
from svi_studio.weights.lora_keys import LoraKeyReader, bare_name
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size
from svi_studio.weights.lora_names import POSE_ENCODER, wan_parameters
from svi_studio.weights.lora_traits import read_lora_traits
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.safetensors_header import SafetensorsHeader


def check_starts(model: Path, recipe: TrainingRecipe, begun: Collection[Expert] = ()) -> None:
    """Raises BadInput or BadWeights, one sentence, when ``recipe`` is to go on from a LoRA that does not fit.

    ``model``: the folder of its model. ``begun``: the parts that have a checkpoint, whose file may be gone. Every way
    of naming that films read is read here.
    """
    starts = {part.expert: Path(part.lora.start_from) for part in _parts(recipe) if part.lora.start_from}
    if len(set(starts.values())) < len(starts):
        raise BadInput("Both experts are to go on from the same LoRA file: each needs its own.")
    for part in _parts(recipe):
        if part.expert in starts and part.expert not in begun:
            _check(starts[part.expert], part, model)


def _parts(recipe: TrainingRecipe) -> tuple[TrainingRecipe, ...]:
    return tuple(map(recipe.part, recipe.parts)) or (recipe,)


def _check(file: Path, recipe: TrainingRecipe, model: Path) -> None:
    header = check_lora_kind(file)
    check_lora_size(file, header, model, who="training")
    _check_card(file, header, recipe)
    traits = read_lora_traits(file, header=header)
    if traits.kind != "LoRA":
        raise BadWeights(f"{file.name} is a {traits.kind}, and a training goes on from a plain LoRA: choose one.")
    if "both" not in (recipe.expert, traits.expert or "both") and traits.expert != recipe.expert:
        raise BadWeights(
            f"{file.name} is for the {traits.expert}-noise expert, and was chosen for the {recipe.expert}-noise one: "
            "give it to the other."
        )
    wanted = read_architecture(model, read_card(model))
    if traits.base is not None and wanted.name in ARCHITECTURES and traits.base != wanted.name:
        raise BadWeights(
            f"{file.name} was made for {traits.base_title}, and this training is for {wanted.title}: "
            "choose a LoRA for the same model."
        )
    if traits.ranks != (recipe.lora.rank,):
        raise BadWeights(_other_rank(file, traits.ranks, recipe.lora.rank))
    _check_layers(file, header, recipe)


def _check_card(file: Path, header: SafetensorsHeader, recipe: TrainingRecipe) -> None:
    """What the program's own training wrote into a file; the files of others say nothing of a family."""
    card = training_card(header.metadata)
    if card is not None and card.family != recipe.family:
        raise BadWeights(
            f"{file.name} is a LoRA for {card.family.capitalize()}, and this training is for "
            f"{recipe.family.capitalize()}: choose a LoRA or a recipe of the same kind."
        )


def _other_rank(file: Path, ranks: tuple[int, ...], wanted: int) -> str:
    if len(ranks) == 1:
        return (
            f"{file.name} has rank {ranks[0]}, and this training has rank {wanted}: set the rank to {ranks[0]}, or "
            "choose another LoRA."
        )
    return (
        f"{file.name} has layers of {plural(len(ranks), 'rank')}, and a training has one ({wanted}): "
        "choose another LoRA."
    )


def _check_layers(file: Path, header: SafetensorsHeader, recipe: TrainingRecipe) -> None:
    found = set[str]()
    for module in _modules(header):
        target = next((each for each in recipe.lora.targets if f".{module}".endswith(f".{each}")), None)
        if target is None:
            raise BadWeights(
                f"{file.name} also changes {module[:120]}, which this training leaves alone: choose a LoRA of the "
                f"layers {', '.join(recipe.lora.targets)}."
            )
        found.add(target)
    if missing := [target for target in recipe.lora.targets if target not in found]:
        raise BadWeights(
            f"{file.name} does not change the layers {', '.join(missing)}, which this training adapts: "
            "choose a LoRA of the same layers."
        )


def _modules(header: SafetensorsHeader) -> Iterator[str]:
    """What the file changes, by the authors' names; the pose encoder of Dance is not meant."""
    reader = LoraKeyReader(wan_parameters())
    for name in header.tensors:
        if bare_name(name).startswith(POSE_ENCODER) or "randomref" in name:
            continue
        key = reader.read(name)
        if key is None:
            raise BadWeights(f"{header.path.name} is not a LoRA of a known form: {name[:120]} is not understood.")
        yield _as_authors(key.parameter)


def _as_authors(parameter: str) -> str:
    """A whole weight by its layer; a bias by its own name, because nobody trains one."""
    module = parameter.removesuffix(".weight")
    return DIT.original(module) or module
