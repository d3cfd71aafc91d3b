"""How a language model on this computer is kept in memory, and how one of its answers can end."""

from enum import StrEnum

MAX_ANSWER_TOKENS = 16_384
"""Of one answer; 20 long prompts are a fifth of it."""


class Precision(StrEnum):
    """How the model's weights are kept. AUTO: in four bits where only that fits the graphics card, if possible."""

    AUTO = "auto"
    FULL = "full"
    FOUR_BIT = "four_bit"


class AnswerEnd(StrEnum):
    """Why an answer ends: the model had said all, the answer was as long as allowed, the user gave it up."""

    COMPLETE = "complete"
    TOO_LONG = "too_long"
    STOPPED = "stopped"
