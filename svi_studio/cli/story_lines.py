"""What a writer at work says on the terminal: each clip once, what the model does, and every while how far it is."""

import time
from collections.abc import Callable

from svi_studio.domain.story.answer import Doing
from svi_studio.storyline.chat import StoryProgress

_EVERY_S = 10.0
_DOING = {
    Doing.LOADING: "the model is still being loaded",
    Doing.READING: "the model reads what it is asked",
    Doing.THINKING: "the model thinks",
}


class StoryLines:
    """Called with each progress; says a line when the model does something else, and at most every ten seconds."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock = say, clock
        self._said: tuple[Doing, str] | None = None
        self._clip = 0
        self._at = 0.0

    def __call__(self, progress: StoryProgress) -> None:
        """Says what is new."""
        now = self._clock()
        is_new = (progress.doing, progress.words) != self._said
        is_round = progress.clip != self._clip and (progress.clip % 10 == 0 or progress.clip == 1)
        if is_new or is_round or (progress.characters and now - self._at >= _EVERY_S):
            self._say(_line(progress))
            self._at = now
        self._said, self._clip = (progress.doing, progress.words), progress.clip


def _line(progress: StoryProgress) -> str:
    doing = f": {_DOING[progress.doing]}" if progress.doing in _DOING else ""
    characters = f", {progress.characters:,} characters so far" if progress.characters else ""
    words = f" {progress.words}" if progress.words else ""
    return f"Clip {progress.clip} of {progress.clips}{doing}{characters}.{words}"
