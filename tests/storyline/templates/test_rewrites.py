"""Other words for clips of the bundled model: the manner that is asked for is the one that comes."""

import pytest

from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import known_words_of
from svi_studio.storyline.writers.template_writer import template_writer

STILL = ("rests", "stands still", "does not move", "stage is empty")
WILD = (" moves ", " goes ", "jumps", "hops", "dances", "leaves", "comes in", "grows", "gets ", "shrinks")
OLD = (
    "The red boat turns around on the beach. The camera is still.",
    "The red boat rests on the beach. The camera pans left.",
    "The red boat rests on the beach. The camera pans right.",
)


def rewritten(instruction: str, seed: int) -> str:
    writer = template_writer(known_words_of(resource_path("models", "svi-mini")))
    brief = StoryBrief(subject="a red boat", clips=3, rewrites=OLD, instruction=instruction, seed=seed)
    proposal = writer.write(brief, lambda _progress: None, lambda: False)
    return " ".join(card.prompt for card in proposal.cards)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("instruction", "never"), [("More motion", STILL), ("Calmer", WILD)])
def test_the_motion_that_is_asked_for_is_what_comes(instruction: str, never: tuple[str, ...], seed: int) -> None:
    words = rewritten(instruction, seed)
    assert not [word for word in never if word in words]
