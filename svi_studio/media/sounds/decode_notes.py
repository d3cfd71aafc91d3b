"""What a decoder notes about a sound on the way; without the decoder, so that the window can say it."""

from typing import Final, Literal

Note = Literal["broken", "cut off", "no number", "clipped", "late", "early", "gaps", "too long"]

MOST_SECONDS: Final = 24 * 3600
"""Longer sounds end there: a file of a megabyte can hold weeks of silence."""
