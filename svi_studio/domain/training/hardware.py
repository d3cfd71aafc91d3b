"""What a computer has: processor, memory, graphics cards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """A card and its memory in bytes; 0 when that is not known."""

    name: str
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Hardware:
    """``memory`` and ``disk_free`` are bytes, None when unknown. ``card_problem`` says why no card was found."""

    processor: str
    cores: int
    memory: int | None
    cards: tuple[GraphicsCard, ...]
    disk_free: int | None
    card_problem: str = ""
