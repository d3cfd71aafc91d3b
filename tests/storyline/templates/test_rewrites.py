"""Other words for clips of the bundled model: the manner that is asked for is the one that comes."""

import pytest

from svi_studio.domain.story_wish import StoryWish
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import known_words_of
from svi_studio.storyline.template_writer import template_writer

STILL = ("rests", "stands still", "does not move", "stage is empty")
OLD = (
    "The red boat turns around on the beach. The camera is still.",
    "The red boat rests on the beach. The camera pans left.",
    "The red boat rests on the beach. The camera pans right.",
)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("instruction", "moves"), [("More motion", True), ("Calmer", False)])
def test_more_motion_moves_and_calmer_does_not(instruction: str, moves: bool, seed: int) -> None:
    writer = template_writer(known_words_of(resource_path("models", "svi-mini")))
    wish = StoryWish(subject="a red boat", clips=3, rewrites=OLD, instruction=instruction, seed=seed)
    proposal = writer.write(wish, lambda _progress: None, lambda: False)
    assert [not any(word in card.prompt for word in STILL) for card in proposal.cards] == [moves] * 3
