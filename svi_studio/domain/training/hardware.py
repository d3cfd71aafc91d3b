"""What a computer has: processor, memory, graphics cards."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """A card, its memory in bytes, and what of it is ``free`` at the moment; 0 where that is not known."""

    name: str
    memory: int = 0
    free: int = 0


def largest(memory: Sequence[int]) -> int | None:
    """Which of the cards with so many bytes of ``memory`` renders: the one with the most, of equal ones the first.

    None without any.
    """
    return max(range(len(memory)), key=lambda number: memory[number], default=None)


@dataclass(frozen=True, slots=True)
class Hardware:
    """``memory``, ``memory_free`` of it, and ``disk_free`` are bytes, None when unknown.

    ``card_problem`` says why no card was found.
    """

    processor: str
    cores: int
    memory: int | None
    cards: tuple[GraphicsCard, ...]
    disk_free: int | None
    card_problem: str = ""
    memory_free: int | None = None

    @property
    def rendering(self) -> int | None:
        """The number of the card among ``cards`` that a render takes, as ``largest`` has it."""
        return largest([card.memory for card in self.cards])
