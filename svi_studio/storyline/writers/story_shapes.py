"""Story shapes: which part of a story every clip plays, from the opening over any number of episodes to the end."""

from functools import cache
from itertools import count
from typing import Literal

from pydantic import Field, ValidationError

from svi_studio.domain.errors import StudioError
from svi_studio.domain.value import Value, first_problem
from svi_studio.resource_files import resource_path
from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.world import Sentence, Words


class StoryShape(Value):
    """An arc of parts, as ``arrival``, ``obstacle``, ``play``: the ``episodes`` come round again in long stories.

    ``tones``: the tones that it suits.
    """

    name: Sentence
    title: Sentence
    tones: Words = ()
    opening: Words = Field(min_length=1)
    episodes: tuple[Words, ...] = Field(min_length=1)
    closing: Words = Field(min_length=1)

    def parts(self, clips: int, dice: Dice) -> tuple[str, ...]:
        """The part of each of ``clips`` (>= 1) clips. Short stories keep the first part and the last."""
        if clips == 1:
            return self.opening[:1]
        opening = self.opening[: max(1, clips - len(self.closing))]
        closing = self.closing[max(0, len(self.closing) - (clips - len(opening))) :]
        middle: list[str] = []
        for turn in count():
            if len(middle) >= clips - len(opening) - len(closing):
                break
            for episode in dice.shuffled(self.episodes, "episodes", turn):
                middle.extend(episode)
        return (*opening, *middle[: clips - len(opening) - len(closing)], *closing)


class _Shapes(Value):
    schema_version: Literal[1]
    shapes: tuple[StoryShape, ...] = Field(min_length=1)


@cache
def shipped_shapes() -> tuple[StoryShape, ...]:
    """The shapes in ``resources/storyline/templates``; raises StudioError when the file is damaged."""
    path = resource_path("storyline", "templates", "shapes.json")
    try:
        return _Shapes.model_validate_json(path.read_bytes()).shapes
    except OSError as error:
        raise StudioError(f"The story shapes {path} cannot be read: install the program again.") from error
    except ValidationError as error:
        raise StudioError(f"The story shapes {path} are damaged, {first_problem(error)}.") from error
