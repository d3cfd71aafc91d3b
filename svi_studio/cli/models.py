"""``svi-studio models``: what models there are, and the one-time conversion of Wan's original files."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import families_of
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.text.wording import as_bytes
from svi_studio.weights.catalogue import find_models, models_folders
from svi_studio.weights.model_size import read_model_size
from svi_studio.weights.story_models import find_story_models, model_name, story_model_problem


def run(options: Namespace) -> int:
    """Lists the models or converts one; returns the exit code."""
    return _convert(options) if options.action == "convert" else _list(as_json=options.json)


def _list(*, as_json: bool) -> int:
    models = find_models()
    for model in models:
        print(json.dumps(_facts(model)) if as_json else _line(model))
    for folder in () if as_json else find_story_models():
        print(f"{model_name(folder)}: {_story_words(folder)}")
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
        "architecture": model.architecture.name if model.architecture else None,
        "films": list(_films(model)),
        "memory": _memory(model),
    }


def _line(model: FoundModel) -> str:
    if model.card is None or model.problem:
        return f"{model.name}: {model.problem}"
    card = model.card
    size = f"{card.width} x {card.height}" if card.width else "size of the picture"
    place = "comes with the program" if model.origin == "bundled" else str(model.folder)
    facts = [f"{size}, {card.num_frames} frames a clip", *_abilities(model), place]
    return f"{model.name}: {card.title or 'no title'} ({'; '.join(facts)})"


def _abilities(model: FoundModel) -> Iterator[str]:
    """What kind of model it is, what it films and how much memory that takes."""
    if model.architecture is not None:
        yield model.architecture.title
    films = ", ".join(FAMILIES[name].title.partition(":")[0] for name in _films(model))
    yield f"films {films}" if films else "films no family of this version"
    memory = _memory(model)
    if memory:
        also = f", {as_bytes(memory[1])} to keep both experts in it" if len(memory) > 1 else ""
        yield f"about {as_bytes(memory[0])} of memory{also}"


def _films(model: FoundModel) -> tuple[str, ...]:
    """The families that it films by itself: what it cannot follow, a LoRA may still bring."""
    card = model.card
    if card is None or model.problem:
        return ()
    return tuple(name for name in families_of(card, model.architecture) if FAMILIES[name].needs <= {*card.inputs})


def _memory(model: FoundModel) -> list[int]:
    """Bytes of its networks, with one expert at a time, and with both where there are two."""
    if model.card is None or model.problem:
        return []
    try:
        size = read_model_size(model.folder)
    except BadWeights:  # odd configurations say it when they are used
        return []
    value_bytes = 4 if model.card.dtype == "float32" else 2
    return [size.bytes_in_memory(value_bytes, experts) for experts in range(1, size.experts + 1)]


def _convert(options: Namespace) -> int:
    from svi_studio.engine.conversion.convert import convert_folder  # noqa: PLC0415 - imports torch

    print(f"Converting {options.folder}; this reads every weights file once and can take minutes.", flush=True)
    convert_folder(
        options.folder,
        options.output,
        image_heads=options.image_heads,
        say=lambda sentence: print(sentence, file=sys.stderr, flush=True),
    )
    print(f"The model is ready in {options.output}; use it with --model {options.output}.")
    return 0
