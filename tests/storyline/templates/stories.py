"""Short ways to a story from templates, for the bundled model or for any."""

from typing import Any

from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.story_brief import story_brief
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import KnownWords, known_words_of
from svi_studio.storyline.writers.template_writer import template_writer

MODEL = resource_path("models", NEW_FILM_MODEL)


def bundled_words() -> KnownWords:
    known = known_words_of(MODEL)
    assert known is not None
    return known


def proposal(subject: str, known: KnownWords | None, **brief: Any) -> Proposal:
    return template_writer(known).write(story_brief(subject=subject, **brief), lambda progress: None, lambda: False)


def theatre_prompts(subject: str, **brief: Any) -> list[str]:
    return [card.prompt for card in proposal(subject, bundled_words(), **brief).cards]


def everyday_prompts(subject: str, **brief: Any) -> list[str]:
    return [card.prompt for card in proposal(subject, None, **brief).cards]
