"""How a language model is kept in memory, what it does while it answers, and how an answer can end."""

from dataclasses import dataclass
from enum import StrEnum

MAX_ANSWER_TOKENS = 16_384
"""Of one answer; 20 long prompts are a fifth of it."""


class Precision(StrEnum):
    """How the model's weights are kept. AUTO: in four bits where only that fits the graphics card, if possible."""

    AUTO = "auto"
    FULL = "full"
    FOUR_BIT = "four_bit"


class AnswerEnd(StrEnum):
    """Why an answer ends: the model had said all, the answer was as long as allowed, the user gave it up.

    FILM_FIRST: a film needs the memory that the model has, or would take.
    """

    COMPLETE = "complete"
    TOO_LONG = "too_long"
    STOPPED = "stopped"
    FILM_FIRST = "film_first"


class Doing(StrEnum):
    """What a writer is at: the model is being loaded, reads what it was asked, thinks, or writes."""

    LOADING = "loading"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    CUT_SHORT = "cut_short"
    """The answer was as long as it may be, and is perhaps not at its end."""


@dataclass(frozen=True)
class Aside:
    """What a model does beside its answer. ``characters`` >= 0 of thoughts have come since the last one."""

    doing: Doing
    characters: int = 0
