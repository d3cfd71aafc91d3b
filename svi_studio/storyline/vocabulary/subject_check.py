"""What of a subject in a few words the model can film, told before a film is made of it."""

import re
from dataclasses import dataclass

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.known_words import KnownWords, unknown_words_sentence
from svi_studio.storyline.template_world.cast import Cast
from svi_studio.storyline.template_world.closed_cast import closed_cast, strange_words
from svi_studio.storyline.template_world.closed_world import closed_world
from svi_studio.storyline.template_world.world import World

_ENDING = re.compile(r"(?:ing|e?s|ed|e)$")


@dataclass(frozen=True, slots=True)
class SubjectCheck:
    """``sentence``: what the model does not know of a subject, empty when it knows all.

    ``instead`` is the nearest subject that it can film; ``possible``: whether a story can be made of it as it is.
    """

    sentence: str = ""
    instead: str = ""
    possible: bool = True


def check_subject(subject: str, known: KnownWords | None, seed: int = 0) -> SubjectCheck:
    """Looks at the words ``subject`` before anything is made; a model that knows any word takes them all."""
    world = closed_world(known)
    if world is None:
        return SubjectCheck()
    strange = tuple(word for word in strange_words(subject, world) if not _is_known(word, known))
    cast = _cast(subject, world, seed)
    if not strange and cast is not None:
        return SubjectCheck()
    sentence = unknown_words_sentence(strange or (subject.strip(),))
    return SubjectCheck(f"{sentence} {_what_it_knows(world)}", _instead(cast, world), cast is not None)


def _is_known(word: str, known: KnownWords | None) -> bool:
    """Whether the model knows ``word`` or a form of it, as "dancing" for "dances"."""
    stem = _ENDING.sub("", word.lower())
    words = known.words if known is not None else ()
    return len(stem) > 2 and any(_ENDING.sub("", each) == stem for each in words)


def _cast(subject: str, world: World, seed: int) -> Cast | None:
    try:
        return closed_cast(subject, world, seed)
    except BadInput:
        return None


def _what_it_knows(world: World) -> str:
    names = [f"{lead.name}s" for lead in world.leads]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"It draws only {listed}."


def _instead(cast: Cast | None, world: World) -> str:
    """For example ``a red cat in the city``."""
    if cast is None:
        return f"a {world.colours[0].name} {world.leads[min(1, len(world.leads) - 1)].name}"
    lead, place = cast.leads[0], cast.places[0]
    return f"a {lead.colour} {lead.name} {place.where[0]}"
