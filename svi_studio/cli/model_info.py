"""``svi-studio models info``: where the parts of one model lie, how they are stored, and what is wrong with them."""

import json
from argparse import Namespace
from collections.abc import Iterator

from svi_studio.cli.filmable_words import part_words
from svi_studio.cli.model_films import abilities, films_of, memory_of
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.part_facts import PartFacts
from svi_studio.domain.text.visible_text import visible_line
from svi_studio.domain.text.wording import as_bytes
from svi_studio.weights.catalogue import find_model, look_at_model
from svi_studio.weights.linking.describe import describe_parts
from svi_studio.weights.linking.unlink import is_linked

_MOST_FILES = 3


def run(options: Namespace) -> int:
    """Prints the facts; returns 0, or 3 when the model cannot be used. Raises BadWeights when there is no such one."""
    model = look_at_model(find_model(options.name))
    parts = describe_parts(model.folder)
    if options.json:
        print(json.dumps(_facts(model, parts)))
    else:
        for line in _lines(model, parts):
            print(visible_line(line))
    return 3 if model.problem else 0


def _facts(model: FoundModel, parts: tuple[PartFacts, ...]) -> dict[str, object]:
    return {
        "name": model.name,
        "folder": str(model.folder),
        "linked": is_linked(model.folder),
        "problem": model.problem,
        "architecture": model.architecture.name if model.architecture else None,
        "films": list(films_of(model)),
        "memory": memory_of(model),
        "parts": [part.model_dump(mode="json") for part in parts],
    }


def _lines(model: FoundModel, parts: tuple[PartFacts, ...]) -> Iterator[str]:
    title = model.card.title if model.card and model.card.title else "no title"
    yield f"{model.name}: {title}"
    yield model.problem or f"{'; '.join(abilities(model))}."
    where = "made of files that lie elsewhere; its own folder is" if is_linked(model.folder) else "in"
    yield f"It is {where} {model.folder}"
    two = any(part.part == "transformer_2" for part in parts)
    encoder = next((part.files for part in parts if part.part == "text_encoder"), ())
    for part in parts:
        inside = part.part == "tokenizer" and part.files == encoder and not part.problem
        yield f"   {part_words(part.part, two=two)}: {'inside the text encoder' if inside else _part_line(part)}"


def _part_line(part: PartFacts) -> str:
    if part.problem:
        return part.problem
    names = list(part.files[:_MOST_FILES])
    if len(part.files) > _MOST_FILES:
        names.append(f"and {len(part.files) - _MOST_FILES} more")
    facts = ", ".join(filter(None, (part.precision, as_bytes(part.bytes))))
    return f"{', '.join(names)} ({facts})"
