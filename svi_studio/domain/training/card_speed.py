"""How fast graphics cards are, by their names: published peaks, for estimates before anything was measured."""

import re

_PEAKS: tuple[tuple[str, float], ...] = (
    (r"\bB200\b", 2250),
    (r"\bGH200\b|\bH[12]00\b", 790),
    (r"\bL40S?\b|\b6000 ADA\b", 181),
    (r"\bA100\b|\bA800\b", 312),
    (r"\bA6000\b|\bA40\b", 155),
    (r"\b5090\b", 209),
    (r"\b5080\b", 112),
    (r"\b5070 ?Ti\b", 87),
    (r"\b5070\b", 61),
    (r"\b5060 ?Ti\b", 47),
    (r"\b5060\b", 38),
    (r"\b4090\b", 165),
    (r"\b4080\b", 97),
    (r"\b4070\b", 58),
    (r"\b4060 ?Ti\b", 44),
    (r"\b4060\b", 30),
    (r"\b3090\b", 71),
    (r"\b3080\b", 59),
    (r"\b3070\b", 40),
    (r"\b3060 ?Ti\b", 32),
    (r"\b3060\b", 25),
)
"""Dense bfloat16 with 32-bit sums, 1e12 a second. H200, 5090, 4090, 3090: as in the makers' tables for that kind of
sums; what people call a card's TFLOPS is often twice that, for sparse matrices or 16-bit sums. The smaller GeForce
cards have no such table: like those above them, they reach twice their published 32-bit rate."""


def peak_tflops(card: str) -> float | None:
    """The peak of the card called ``card``, in 1e12 operations a second; None for one that is not known here."""
    for pattern, peak in _PEAKS:
        if re.search(pattern, card, re.IGNORECASE):
            return float(peak)
    return None
