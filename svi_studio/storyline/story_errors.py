"""How the writing of a story can fail: one sentence for the user, and the raw answer or the cards so far at hand."""

from svi_studio.domain.errors import StudioError
from svi_studio.domain.proposal import Proposal

MAX_RAW_CHARS = 64 << 10


class NoAnswer(StudioError):
    """The model cannot be reached, refuses, is busy or is late."""

    def __init__(self, sentence: str, raw: str = "") -> None:
        super().__init__(sentence)
        self.raw = raw[:MAX_RAW_CHARS]


class BadReply(StudioError):
    """The model answered with something that is no story. ``raw`` is its answer, at most 64 K characters, mere text."""

    def __init__(self, sentence: str, raw: str) -> None:
        super().__init__(sentence)
        self.raw = raw[:MAX_RAW_CHARS]


class UnfinishedStory(StudioError):
    """The writing failed on the way. ``proposal`` holds the cards that were finished, ``raw`` the last answer."""

    def __init__(self, sentence: str, proposal: Proposal, raw: str = "") -> None:
        super().__init__(sentence)
        self.proposal = proposal
        self.raw = raw[:MAX_RAW_CHARS]
