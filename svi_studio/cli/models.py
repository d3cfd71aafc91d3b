"""``svi-studio models``: what models there are, and the one-time conversion of Wan's original files."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from svi_studio.cli.model_films import abilities, films_of, memory_of
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.text.visible_text import visible, visible_line
from svi_studio.weights.catalogue import find_models, models_folders
from svi_studio.weights.linking.unlink import is_linked
from svi_studio.weights.model_folder import EXPERT_PARTS, linked_files
from svi_studio.weights.story_models import find_story_models, model_name, story_model_problem


def run(options: Namespace) -> int:
    """Lists the models or converts one; returns the exit code."""
    return _convert(options) if options.action == "convert" else _list(as_json=options.json)


def _list(*, as_json: bool) -> int:
    models = find_models()
    for model in models:
        print(json.dumps(_facts(model)) if as_json else visible_line(_line(model)))
    for folder in () if as_json else find_story_models():
        print(visible_line(f"{model_name(folder)}: {_story_words(folder)}"))
    if not models and not as_json:
        print(f"There is no model on this computer yet; put model folders into {models_folders()[0]}.")
    return 0


def _story_words(folder: Path) -> str:
    return story_model_problem(folder) or f"writes stories and captions, does not render ({folder})"


def _facts(model: FoundModel) -> dict[str, object]:
    card = model.card.model_dump() if model.card else {}
    return {
        **card,
        "name": model.name,
        "folder": str(model.folder),
        "origin": model.origin,
        "problem": model.problem,
        "linked": is_linked(model.folder),
        "architecture": model.architecture.name if model.architecture else None,
        "films": list(films_of(model)),
        "memory": memory_of(model),
    }


def _line(model: FoundModel) -> str:
    if model.card is None or model.problem:
        return f"{model.name}: {model.problem}"
    card = model.card
    size = f"{card.width} x {card.height}" if card.width else "size of the picture"
    place = _place(model)
    facts = [f"{size}, {card.num_frames} frames a clip", *abilities(model), place]
    return f"{model.name}: {card.title or 'no title'} ({'; '.join(facts)})"


def _place(model: FoundModel) -> str:
    """Where it lies; of a linked model, where the weights of its transformer do."""
    if model.origin == "bundled":
        return "comes with the program"
    linked = linked_files(model.folder, EXPERT_PARTS["high"])
    return f"linked to {linked[0]}" if linked else str(model.folder)


def _convert(options: Namespace) -> int:
    from svi_studio.engine.conversion.convert import convert_folder  # noqa: PLC0415 - imports torch

    print(visible(f"Converting {options.folder}; this reads every weights file once and can take minutes."), flush=True)
    convert_folder(
        options.folder,
        options.output,
        image_heads=options.image_heads,
        say=lambda sentence: print(visible(sentence), file=sys.stderr, flush=True),
    )
    print(visible(f"The model is ready in {options.output}; use it with --model {options.output}."))
    return 0
