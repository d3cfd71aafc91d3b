"""How the sound device stands, in the words of those who show it."""

from dataclasses import dataclass
from enum import StrEnum


class SoundState(StrEnum):
    """How the sound device stands."""

    IDLE = "idle"
    PLAYING = "playing"
    MISSING = "missing"
    """There is none, or it cannot be used."""
    LOST = "lost"
    """It was there, and went away while it was open."""


NO_DEVICE = frozenset({SoundState.MISSING, SoundState.LOST})


@dataclass(frozen=True, slots=True)
class SoundNews:
    """A new state, and the sentence that says why nothing is heard, empty when all is well."""

    state: SoundState
    sentence: str = ""
