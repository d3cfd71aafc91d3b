"""The computer that an estimate is wanted for, as people write it: "24", "RTX 4090", "A100 40 GB"."""

import re
from dataclasses import dataclass

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.card_speed import KnownCard, cards_with, known_card
from svi_studio.domain.training.hardware import GraphicsCard, Hardware

_GIGA = 1_000_000_000
_CARD_GB, _MEMORY_GB = (2, 1000), (2, 10_000)
_NUMBER = re.compile(r"(?P<number>-?\d{1,9}(?:\.\d{1,3})?) ?(?:G|GB|GiB)?", re.IGNORECASE)
_ENDING = re.compile(r"(?P<name>.*?\S)[ -]+(?P<number>\d{1,6}(?:\.\d{1,3})?) ?(?:G|GB|GiB)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WantedMachine:
    """``card`` and ``memory`` (bytes) of another computer; what is None is this computer's."""

    card: GraphicsCard | None = None
    memory: int | None = None

    @property
    def is_this(self) -> bool:
        """Whether it is this computer and no other."""
        return self.card is None and self.memory is None

    @property
    def alike(self) -> tuple[KnownCard, ...]:
        """The known cards that it may be, the slowest first; empty for this computer's, and for an unknown size."""
        if self.card is None:
            return ()
        found = known_card(self.card.name)
        return (found,) if found is not None else cards_with(self.card.memory / _GIGA)

    def instead_of(self, here: Hardware) -> Hardware:
        """That computer, as ``here`` is described; the disk of another one is not known."""
        if self.is_this:
            return here
        if self.card is None:
            return Hardware(here.processor, here.cores, self.memory, here.cards, here.disk_free, here.card_problem)
        return Hardware("", here.cores, self.memory, (self.card,), None)


THIS_COMPUTER = WantedMachine()


def wanted_machine(card: str | None, memory: str | None) -> WantedMachine:
    """The computer of these words; None = this computer's. Raises BadInput, one sentence, for what cannot be."""
    return WantedMachine(
        None if card is None else _card(card),
        None if memory is None else round(_GIGA * _size(memory, "A computer", "--memory 32", _MEMORY_GB)),
    )


def _card(words: str) -> GraphicsCard:
    words = " ".join(words.split())
    example = '--card 24, or a name such as --card "RTX 4090"'
    if _NUMBER.fullmatch(words) and known_card(words) is None:
        size = _size(words, "A graphics card", example, _CARD_GB)
        return GraphicsCard(f"a card with {size:g} GB", round(size * _GIGA))
    found, ending = known_card(words), _ENDING.fullmatch(words)
    if found is None:
        raise BadInput(
            f'No graphics card called "{words[:60]}" is known here: write its memory in GB, such as --card 24, or a '
            'common name, such as --card "RTX 4090".'
        )
    size = _size(ending["number"], "A graphics card", example, _CARD_GB) if ending else float(found.gigabytes)
    return GraphicsCard(found.title, round(size * _GIGA))


def _size(words: str, what: str, example: str, between: tuple[int, int]) -> float:
    least, most = between
    match = _NUMBER.fullmatch(" ".join(words.split()))
    number = float(match["number"]) if match else None
    if number is None or not least <= number <= most:
        said = f"{number:,g} GB" if number is not None else f'"{words[:40]}"'
        raise BadInput(f"{what} has between {least} and {most:,} GB of memory, and this says {said}: write {example}.")
    return number
