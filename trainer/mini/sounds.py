"""Sounds to learn from: made-up speech, recorded or synthesized voices where there are any, tones, noise and silence."""

import random
from pathlib import Path

import numpy as np
import soundfile

from trainer.paper_theatre.voice import RATE, Sound, at_loudness, random_speech


class Sounds:
    """Random sounds at -23 LUFS as a whole, float32 ``[samples]`` at 16 kHz; ``voices``: a folder of WAV files."""

    def __init__(self, rng: random.Random, voices: Path | None = None, voice_share: float = 0.5) -> None:
        self._rng, self._share = rng, voice_share
        files = sorted(voices.glob("*.wav")) if voices is not None else []
        self._voices = [_at_rate(*soundfile.read(file, dtype="float32", always_2d=True)) for file in files]

    def draw(self, seconds: float) -> Sound:
        """A sound of that length."""
        chance = self._rng.random()
        if chance < 0.03:
            return np.zeros(round(seconds * RATE), np.float32)
        if chance < 0.10:
            return at_loudness(self._no_voice(seconds))
        if self._voices and self._rng.random() < self._share:
            return at_loudness(self._spoken(seconds))
        return at_loudness(random_speech(self._rng, seconds))

    def _spoken(self, seconds: float) -> Sound:
        """Voices one after the other with pauses, from somewhere in the first, in some gain, perhaps in some noise."""
        count, parts, length = round(seconds * RATE), [], 0
        while length < count:
            voice = self._rng.choice(self._voices)
            start = self._rng.randrange(len(voice) // 2) if not parts else 0
            pause = round(self._rng.choice((0.0, 0.2, 0.5, 1.0, 2.0)) * RATE)
            parts += [voice[start:], np.zeros(pause, np.float32)]
            length += len(voice) - start + pause
        sound = np.concatenate(parts)[:count]
        floor = self._rng.choice((0.0, 0.0, 3e-4, 2e-3)) * np.abs(sound).max()
        noise = np.random.default_rng(self._rng.getrandbits(32)).standard_normal(count)
        return np.asarray(sound + floor * noise, np.float32)

    def _no_voice(self, seconds: float) -> Sound:
        """Tones or noise that swell and fade: a mouth follows them as well."""
        count = round(seconds * RATE)
        t = np.arange(count) / RATE
        noise = np.random.default_rng(self._rng.getrandbits(32)).standard_normal(count)
        tone = sum(np.sin(2 * np.pi * self._rng.uniform(80, 2000) * t) for _ in range(3)) / 3
        swell = 0.5 - 0.5 * np.cos(2 * np.pi * self._rng.uniform(0.3, 4.0) * t + self._rng.uniform(0, 6))
        return np.asarray(0.3 * self._rng.choice((tone, noise)) * swell, np.float32)


def _at_rate(sound: Sound, rate: int) -> Sound:
    mono = sound.mean(axis=1)
    count = round(len(mono) * RATE / rate)
    return np.interp(np.arange(count) * rate / RATE, np.arange(len(mono)), mono).astype(np.float32)
