"""A writer at work is heard on the terminal: what it does, and every while how far it is, but not each letter."""

from svi_studio.cli.story_lines import StoryLines
from svi_studio.domain.story.answer import Doing
from svi_studio.storyline.chat import StoryProgress


def test_what_the_model_does_is_said_once_and_its_letters_every_ten_seconds() -> None:
    said: list[str] = []
    now = 100.0
    lines = StoryLines(said.append, lambda: now)
    for doing in (Doing.LOADING, Doing.LOADING, Doing.READING):
        lines(StoryProgress((), 1, 3, "", doing))
    for characters in range(1, 5_000, 250):
        now += 1.0
        lines(StoryProgress((), 1, 3, "", Doing.THINKING, characters))
    assert said == [
        "Clip 1 of 3: the model is still being loaded.",
        "Clip 1 of 3: the model reads what it is asked.",
        "Clip 1 of 3: the model thinks, 1 characters so far.",
        "Clip 1 of 3: the model thinks, 2,501 characters so far.",
    ]
