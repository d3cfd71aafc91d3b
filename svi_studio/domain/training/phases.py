"""The phases of a training, of which the one that needs most decides: what each holds at one time, part by part."""

from dataclasses import dataclass
from enum import StrEnum

CARD_LIBRARIES = "Libraries"


class PhaseName(StrEnum):
    """What goes on, as a phrase that stands after "while"."""

    ENCODING = "the clips are prepared"
    READING = "the model is read"
    TRAINING = "it trains"
    FILMING = "test films are made"


@dataclass(frozen=True, slots=True)
class Part:
    """One use of memory or disk: ``name`` says what for, in words."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Phase:
    """What lies in one memory at the same time while ``name`` goes on."""

    name: PhaseName
    parts: tuple[Part, ...]

    @property
    def bytes(self) -> int:
        """All of it."""
        return total(self.parts)


def total(parts: tuple[Part, ...]) -> int:
    """Bytes of all parts."""
    return sum(part.bytes for part in parts)


def largest(phases: tuple[Phase, ...]) -> Phase:
    """The one that needs the most; the first of several."""
    return max(phases, key=lambda phase: phase.bytes)


def beside(card: tuple[Phase, ...], memory: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """What both take together where there is one memory for both, phase by phase; nothing of a card's own libraries."""
    other = {phase.name: phase.parts for phase in memory}
    own = {phase.name: tuple(part for part in phase.parts if part.name != CARD_LIBRARIES) for phase in card}
    return tuple(Phase(phase.name, (*own[phase.name], *other.get(phase.name, ()))) for phase in card)
