"""Graphics cards by their names: published peaks and memory, for estimates before anything was measured."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownCard:
    """``peak``: dense bfloat16 with 32-bit sums, 1e12 a second; ``gigabytes`` of memory, as people say them."""

    pattern: str
    title: str
    peak: float
    gigabytes: int


KNOWN_CARDS: tuple[KnownCard, ...] = (
    KnownCard(r"\bB200\b", "B200", 2250, 180),
    KnownCard(r"\bH200\b", "H200", 790, 141),
    KnownCard(r"\bGH200\b", "GH200", 790, 96),
    KnownCard(r"\bH100\b", "H100", 790, 80),
    KnownCard(r"\bL40S\b", "L40S", 362, 48),
    KnownCard(r"\bL40\b", "L40", 181, 48),
    KnownCard(r"\b6000 ADA\b", "RTX 6000 Ada", 364, 48),
    KnownCard(r"\bA[18]00\b", "A100", 312, 80),
    KnownCard(r"\bA6000\b", "RTX A6000", 155, 48),
    KnownCard(r"\bA40\b", "A40", 155, 48),
    KnownCard(r"(?<!\d)5090(?!\d)", "RTX 5090", 209, 32),
    KnownCard(r"(?<!\d)5080(?!\d)", "RTX 5080", 112, 16),
    KnownCard(r"(?<!\d)5070 ?TI", "RTX 5070 Ti", 87, 16),
    KnownCard(r"(?<!\d)5070(?!\d)", "RTX 5070", 61, 12),
    KnownCard(r"(?<!\d)5060 ?TI", "RTX 5060 Ti", 47, 16),
    KnownCard(r"(?<!\d)5060(?!\d)", "RTX 5060", 38, 8),
    KnownCard(r"(?<!\d)4090(?!\d)", "RTX 4090", 165, 24),
    KnownCard(r"(?<!\d)4080(?!\d)", "RTX 4080", 97, 16),
    KnownCard(r"(?<!\d)4070 ?TI ?SUPER", "RTX 4070 Ti Super", 88, 16),
    KnownCard(r"(?<!\d)4070(?!\d)", "RTX 4070", 58, 12),
    KnownCard(r"(?<!\d)4060 ?TI", "RTX 4060 Ti", 44, 16),
    KnownCard(r"(?<!\d)4060(?!\d)", "RTX 4060", 30, 8),
    KnownCard(r"(?<!\d)3090(?!\d)", "RTX 3090", 71, 24),
    KnownCard(r"(?<!\d)3080(?!\d)", "RTX 3080", 59, 10),
    KnownCard(r"(?<!\d)3070(?!\d)", "RTX 3070", 40, 8),
    KnownCard(r"(?<!\d)3060 ?TI", "RTX 3060 Ti", 32, 8),
    KnownCard(r"(?<!\d)3060(?!\d)", "RTX 3060", 25, 12),
)
"""H200, 5090, 4090, 3090: as in the makers' tables for that kind of sums; what people call a card's TFLOPS is often
twice that, for sparse matrices or 16-bit sums. The smaller GeForce cards have no such table: like those above them they
reach twice their published 32-bit rate. Where a card is sold with less memory too, the larger one stands here."""


def known_card(name: str) -> KnownCard | None:
    """The card that ``name`` speaks of, however it is written; None for one that is not known here."""
    return next((card for card in KNOWN_CARDS if re.search(card.pattern, name, re.IGNORECASE)), None)


def peak_tflops(card: str) -> float | None:
    """The peak of the card called ``card``, in 1e12 operations a second; None for one that is not known here."""
    found = known_card(card)
    return None if found is None else float(found.peak)


def cards_with(gigabytes: float) -> tuple[KnownCard, ...]:
    """The known cards with so much memory, the slowest first."""
    return tuple(sorted((card for card in KNOWN_CARDS if card.gigabytes == gigabytes), key=lambda card: card.peak))
