"""The pictures that ship for films of the bundled model: which there are, what each shows, and the one that fits."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.story.starting_picture import StartingPicture
from svi_studio.domain.value import Value, first_problem
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import KnownWords
from svi_studio.storyline.template_world.closed_cast import closed_cast
from svi_studio.storyline.template_world.closed_world import closed_world

_LARGEST = 1 << 16  # bytes; every shipped picture is far smaller


class _Index(Value):
    schema_version: Literal[1]
    width: int
    height: int
    pictures: tuple[StartingPicture, ...] = Field(min_length=1)


def starting_pictures(known: KnownWords | None) -> tuple[StartingPicture, ...]:
    """Every shipped picture that a model of these words understands; none for a model that knows any word."""
    if known is None:
        return ()
    return tuple(each for each in _shipped() if known.knows(f"{each.colour} {each.lead} {each.place}"))


def starting_picture(subject: str, known: KnownWords | None, seed: int = 0) -> Path | None:
    """The shipped picture that a film about ``subject`` starts from; ``seed`` chooses what ``subject`` leaves open.

    None when the model of these words has no pictures, or none for this subject.
    """
    world = closed_world(known)
    if known is None or world is None:
        return None
    try:
        cast = closed_cast(subject, world, seed)
    except BadInput:
        return None
    lead = cast.leads[0]
    shown = (lead.name, lead.colour, cast.places[0].name)
    fitting = (each for each in starting_pictures(known) if (each.lead, each.colour, each.place) == shown)
    return next((each.path for each in fitting), None)


def shown_in(picture: Path) -> StartingPicture | None:
    """What the file ``picture`` shows, when it is one of the shipped pictures or a copy; None for any other."""
    try:
        if not picture.is_file() or picture.stat().st_size > _LARGEST:
            return None
        digest = hashlib.sha256(picture.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return None
    return _by_content().get(digest)


@cache
def _by_content() -> dict[str, StartingPicture]:
    digests = ((digest, each) for each in _shipped() for digest in (each.sha256, each.earlier))
    return {digest: each for digest, each in digests if digest is not None}


@cache
def _shipped() -> tuple[StartingPicture, ...]:
    path = resource_path("storyline", "pictures", "index.json")
    try:
        return _Index.model_validate_json(path.read_bytes()).pictures
    except OSError as error:
        raise StudioError(f"The starting pictures at {path} are missing: install the program again.") from error
    except ValidationError as error:
        raise StudioError(f"{path} is damaged, {first_problem(error)}: install the program again.") from error
