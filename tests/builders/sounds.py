"""Small sounds as files, and films with a sound under them."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


def write_wav(path: Path, sound: NDArray[np.float64], rate: int = RATE) -> Path:
    """A 16-bit WAV of samples -1..1, mono [n] or stereo [n, 2]."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


def tone(path: Path, seconds: float = 4.0, level: float = 0.25, hertz: float = 440.0) -> Path:
    """A sine."""
    time = np.arange(round(seconds * RATE)) / RATE
    return write_wav(path, level * np.sin(2 * np.pi * hertz * time))


def speech_like(path: Path, seconds: float = 20.0, seed: int = 3) -> Path:
    """Syllables of noise and tone with pauses between sentences: what a voice looks like in a lane."""
    dice, time = np.random.default_rng(seed), np.arange(round(seconds * RATE)) / RATE
    loud = np.zeros_like(time)
    at = 0.2
    while at < seconds - 0.3:
        for _ in range(int(dice.integers(4, 11))):
            wide = dice.uniform(0.08, 0.22)
            loud += dice.uniform(0.25, 0.9) * np.exp(-(((time - at) / (wide / 2)) ** 2))
            at += wide * 1.1
        at += dice.uniform(0.3, 0.9)
    voice = 0.6 * np.sin(2 * np.pi * 140 * time) + 0.4 * dice.standard_normal(len(time)) * 0.5
    return write_wav(path, np.clip(loud, 0, 1) * voice * 0.8)
