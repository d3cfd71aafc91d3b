# ruff: noqa: N818 - the names say what happened; every one of them is a StudioError
"""How the writing of a story can fail: one sentence for the user, and the raw answer or the cards so far at hand."""

from svi_studio.domain.errors import StudioError
from svi_studio.domain.story.proposal import Proposal

MAX_RAW_CHARS = 64 << 10


def _shown(raw: str) -> str:
    """The beginning of an answer, with no halves of characters, which no file and no window takes."""
    return raw[:MAX_RAW_CHARS].encode("utf-8", "replace").decode("utf-8")


class NoAnswer(StudioError):
    """The model cannot be reached, refuses, is busy or is late."""

    def __init__(self, sentence: str, raw: str = "") -> None:
        super().__init__(sentence)
        self.raw = _shown(raw)


class ContextOverflow(NoAnswer):
    """The request and its answer are longer than what the model can keep in mind at once: ask for less."""


class BadReply(StudioError):
    """The model answered with something that is no story. ``raw`` is its answer as mere text."""

    def __init__(self, sentence: str, raw: str) -> None:
        super().__init__(sentence)
        self.raw = _shown(raw)


class UnfinishedStory(StudioError):
    """The writing failed on the way. ``proposal`` holds the cards that were finished, ``raw`` the last answer."""

    def __init__(self, sentence: str, proposal: Proposal, raw: str = "") -> None:
        super().__init__(sentence)
        self.proposal = proposal
        self.raw = _shown(raw)
