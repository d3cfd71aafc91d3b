"""Loudness as people read it: a gain as a factor, and in decibels."""

import math

SILENT_DB = -60.0
"""What is shown as silence, and means it."""
LOUDEST_DB = 24.0


def decibels(gain: float) -> float:
    """A factor >= 0 as decibels, ``SILENT_DB`` at least: 1.0 is 0 dB, 2.0 about 6 dB."""
    return SILENT_DB if gain <= 10 ** (SILENT_DB / 20) else 20 * math.log10(gain)


def gain_of(level: float) -> float:
    """The factor of ``level`` decibels; ``SILENT_DB`` and below are silence."""
    return 0.0 if level <= SILENT_DB else 10 ** (min(level, LOUDEST_DB) / 20)


def level_words(gain: float) -> str:
    """A gain as it is written beside a sound: ``+3.0 dB``, ``0 dB``, ``−∞ dB``."""
    level = round(decibels(gain), 1)
    if level <= SILENT_DB:
        return "−∞ dB"
    return "0 dB" if level == 0 else f"{level:+.1f} dB".replace("-", "−")
