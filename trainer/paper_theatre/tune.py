"""A short tune for the dance of the examples: plucked notes over a drum, one phrase of the dance after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from trainer.paper_theatre.voice import Floats

RATE: Final = 48_000
_A3: Final = 220.0  # Hz
_MELODY: Final = ((7, 12), (14, 12), (10, 7), (12, 10), (7, 3), (5, 7), (3, 5), (7, 2))
"""Two notes a beat, in semitones over A3, in A minor: as many beats as the dance has poses."""
_BASS: Final = (-12, -12, -16, -16, -17, -17, -12, -14)
_LOUDEST: Final = 0.5


def dance_tune(beats: int, beat_seconds: float, seconds: float) -> Floats:
    """``beats`` beats of the tune from 0 on, as long as ``seconds``: mono samples in -1..1 at `RATE`."""
    mixed = np.zeros(round(seconds * RATE) + RATE)  # the last notes ring on, and are cut
    for beat in range(beats):
        at, within = beat * beat_seconds, beat % len(_MELODY)
        _add(mixed, at, _drum())
        _add(mixed, at + beat_seconds / 2, 0.25 * _brush(beat))
        _add(mixed, at, 0.5 * _plucked(_BASS[within], 0.9))
        for half, note in enumerate(_MELODY[within]):
            _add(mixed, at + half * beat_seconds / 2, 0.45 * _plucked(note, 0.5))
    heard = mixed[: round(seconds * RATE)]
    heard *= np.minimum(1.0, (len(heard) - np.arange(len(heard))) / (0.05 * RATE))  # no click at its end
    return (heard / np.abs(heard).max() * _LOUDEST).astype(np.float32)


def _add(mixed: Floats, seconds: float, sound: Floats) -> None:
    first = round(seconds * RATE)
    part = sound[: max(0, len(mixed) - first)]
    mixed[first : first + len(part)] += part


def _plucked(semitones: int, seconds: float) -> Floats:
    """A note with four harmonics, of which the higher ones fade sooner."""
    t, pitch = np.arange(round(seconds * RATE)) / RATE, _A3 * 2 ** (semitones / 12)
    harmonics = (np.sin(2 * np.pi * k * pitch * t) * np.exp(-t * (4 + 3 * k)) / k for k in range(1, 5))
    return np.sum(list(harmonics), axis=0) * np.minimum(1, t / 0.004)


def _drum() -> Floats:
    """A low thump whose pitch falls."""
    t = np.arange(round(0.25 * RATE)) / RATE
    return np.sin(2 * np.pi * (50 * t + 2.5 * (1 - np.exp(-40 * t)))) * np.exp(-14 * t) * np.minimum(1, t / 0.002)


def _brush(beat: int) -> Floats:
    """A short hiss, another one each time, the same in every run."""
    t = np.arange(round(0.08 * RATE)) / RATE
    noise = np.random.default_rng(beat).standard_normal(len(t))
    return np.diff(noise, prepend=0.0) * 0.3 * np.exp(-60 * t)
