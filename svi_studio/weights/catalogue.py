"""The models on this computer: the bundled ones, and those in the user's models folders."""

import os
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from platformdirs import user_data_path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.found_model import FoundModel, Origin
from svi_studio.domain.text.command_name import command_name
from svi_studio.resource_files import resource_path
from svi_studio.settings import MODELS
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import is_begun_model, is_model_folder, read_card
from svi_studio.weights.whole_model import model_problem


def models_folders() -> tuple[Path, ...]:
    """Where the user's models are: the folders in `SVI_MODELS` (separated as in PATH), then the user's data folder."""
    named = dict.fromkeys(Path(part).expanduser() for part in MODELS.text().split(os.pathsep) if part)
    return (*named, user_data_path("svi-studio", appauthor=False) / "models")


def find_models() -> tuple[FoundModel, ...]:
    """Every model found, bundled ones first, each name once (the first place wins); reads cards and headers only."""
    return tuple(_looked_at(model) for model in _named_models())


def look_at_model(folder: Path) -> FoundModel:
    """What the model in ``folder`` is, wherever that lies; reads its card and headers only."""
    bundled = folder.parent == resource_path("models")
    return _looked_at(_describe(folder, "bundled" if bundled else "yours"))


def _looked_at(model: FoundModel) -> FoundModel:
    """With its architecture, or with what is wrong."""
    problem = model.problem or model_problem(model.folder)
    if model.card is None or problem is not None:
        return replace(model, problem=problem)
    try:
        return replace(model, architecture=read_architecture(model.folder, model.card))
    except BadWeights as error:
        return replace(model, problem=str(error))


def _named_models() -> tuple[FoundModel, ...]:
    places: list[tuple[Path, Origin]] = [(resource_path("models"), "bundled")]
    places += [(folder, "yours") for folder in models_folders()]
    found: dict[str, FoundModel] = {}
    for place, origin in places:
        for folder in _model_folders(place):
            model = _describe(folder, origin)
            found.setdefault(model.name, model)
    return tuple(found.values())


def find_model(name_or_path: str, *, beside: Path | None = None) -> Path:
    """The folder of the model called `name_or_path`, or at that path (relative paths also count from `beside`).

    Raises BadWeights saying which models there are, or how to convert, when there is no such model.
    """
    for model in _named_models():
        if name_or_path in (model.name, model.folder.name):
            return model.folder
    typed = Path(name_or_path).expanduser()
    for candidate in (typed, beside / typed if beside else typed):
        if is_model_folder(candidate):
            return candidate.resolve()
        if os.path.isdir(candidate):  # noqa: PTH112 - False for a name that the system refuses
            raise BadWeights(_not_a_model(candidate))
    raise BadWeights(_not_found(name_or_path))


def _model_folders(place: Path) -> list[Path]:
    try:
        return [
            folder
            for folder in sorted(place.iterdir())
            if not folder.name.startswith(".") and (is_model_folder(folder) or is_begun_model(folder))
        ]
    except OSError:
        return []


def _describe(folder: Path, origin: Origin) -> FoundModel:
    try:
        card = read_card(folder)
    except BadWeights as error:
        return FoundModel(folder.name, folder, origin, None, str(error))
    return FoundModel(card.name, folder, origin, card)


def _not_a_model(folder: Path) -> str:
    if list(folder.glob("*.pth")) or list(folder.glob("diffusion_pytorch_model*.safetensors")):
        return (
            f"{folder} holds Wan in its authors' original layout; convert it once with "
            f'"{command_name()} models convert {folder} -o NEW_FOLDER" and use the new folder.'
        )
    return f"The folder {folder} holds no Wan model: it needs transformer/config.json and the parts beside it."


def _not_found(name: str) -> str:
    names = [model.name for model in _named_models()]
    if not names:
        folder = models_folders()[0]
        return f'There is no model called "{name}" and none was found at all; put model folders into {folder}.'
    close = get_close_matches(name, names, n=1)
    hint = f'did you mean "{close[0]}"? ' if close else ""
    return f'There is no model called "{name}": {hint}choose one of {", ".join(names)}, or a folder.'
