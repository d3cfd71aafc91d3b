"""Voices of the paper theatre: sounds made up on the spot, and the one rule by which a mouth follows a sound."""

import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre.stage import FPS

RATE = 16_000  # samples a second
LOUDNESS = -23.0  # LUFS of a whole sound, as a model hears it
WIDE = 3.0  # the widest mouth

Sound = npt.NDArray[np.float32]  # [samples], one channel
Floats = npt.NDArray[np.float64]

_FULL = 0.14  # root mean square of a sound at -23 LUFS whose mouth is wide open: the loud syllables of speech
_POWER = 0.75  # below 1: soft speech still moves the mouth
_WINDOW = 0.16  # seconds that a frame listens to, most of all to its middle
_FRICTION = 0.35  # share of a voice's loudness that a hiss has

_VOWELS = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (270, 2290, 3010),
    (570, 840, 2410),
    (300, 870, 2240),
    (490, 1350, 1690),
)
"""First three formants in Hz (Peterson and Barney, 1952)."""


def openings(sound: Sound, count: int, fps: float = FPS) -> Floats:
    """How wide a mouth is at each of ``count`` frames, 0 (shut) to 3, for a sound at -23 LUFS as a whole.

    It follows the loudness while its frame is shown: the root mean square of a bell-shaped window round the frame's
    middle, compressed. Beyond the sound's end it is shut.
    """
    half = round(_WINDOW * RATE / 2)
    bell = np.hanning(2 * half + 1)
    squares = np.pad(sound.astype(np.float64) ** 2, (half, half + RATE))
    smooth = _smoothed(squares, bell / bell.sum())
    middles = ((np.arange(count) + 0.5) * RATE / fps).astype(int)
    heard = np.where(middles < len(smooth), smooth[np.minimum(middles, len(smooth) - 1)], 0.0)
    return np.asarray(WIDE * np.minimum(1.0, np.sqrt(np.maximum(heard, 0.0)) / _FULL) ** _POWER)


def _smoothed(values: Floats, bell: Floats) -> Floats:
    size = 1 << (len(values) + len(bell)).bit_length()
    product = np.fft.irfft(np.fft.rfft(values, size) * np.fft.rfft(bell, size), size)
    return product[len(bell) - 1 : len(values)]


def integrated_loudness(sound: Sound) -> float:
    """Loudness in LUFS of a whole sound: weighted by frequency and gated twice (ITU-R BS.1770); -inf for silence."""
    weighted = _weighted(sound)
    block, hop = round(0.4 * RATE), round(0.1 * RATE)
    if len(weighted) < block:
        weighted = np.pad(weighted, (0, block - len(weighted)))
    sums = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, len(weighted) - block + 1, hop)
    power = np.maximum((sums[starts + block] - sums[starts]) / block, 1e-20)
    levels = -0.691 + 10 * np.log10(power)
    for gate in (lambda _: -70.0, lambda loud: -0.691 + 10 * np.log10(loud.mean()) - 10.0):
        kept = power[levels > -70.0]
        if not len(kept):
            return float("-inf")
        kept = power[levels > max(-70.0, gate(kept))]
    return float(-0.691 + 10 * np.log10(kept.mean())) if len(kept) else float("-inf")


def _weighted(sound: Sound) -> Floats:
    """The sound as loud as an ear by a head hears it: a shelf of 4 dB above 1.5 kHz, nothing below 38 Hz."""
    size = 1 << max(1, len(sound) - 1).bit_length()
    z = np.exp(-1j * np.linspace(0, np.pi, size // 2 + 1))
    response = _shelf(z) * _high_pass(z)
    return np.fft.irfft(np.fft.rfft(sound, size) * response, size)[: len(sound)]


def _shelf(z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    a, w = 10 ** (4.0 / 40), 2 * np.pi * 1500 / RATE
    slope, c = np.sin(w) / np.sqrt(2), np.cos(w)
    r = 2 * np.sqrt(a) * slope
    above = (
        a * ((a + 1) + (a - 1) * c + r) - 2 * a * ((a - 1) + (a + 1) * c) * z + a * ((a + 1) + (a - 1) * c - r) * z**2
    )
    below = ((a + 1) - (a - 1) * c + r) + 2 * ((a - 1) - (a + 1) * c) * z + ((a + 1) - (a - 1) * c - r) * z**2
    return above / below


def _high_pass(z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    w = 2 * np.pi * 38 / RATE
    slope, c = np.sin(w), np.cos(w)
    return ((1 + c) / 2 * (1 - z) ** 2) / ((1 + slope) - 2 * c * z + (1 - slope) * z**2)


def at_loudness(sound: Sound, target: float = LOUDNESS) -> Sound:
    """The sound at a loudness as a whole; silence stays silence."""
    loudness = integrated_loudness(sound)
    return sound if loudness == float("-inf") else np.asarray(sound * 10 ** ((target - loudness) / 20), np.float32)


@dataclass(frozen=True)
class Voice:
    """One speaker."""

    pitch: float  # Hz
    size: float  # of the head: formants are divided by it
    pace: float  # syllables a second
    breath: float  # share of noise in a vowel


def random_speech(rng: random.Random, seconds: float) -> Sound:
    """Syllables of a made-up speaker in phrases with pauses, float32 ``[samples]`` at 16 kHz, at any gain."""
    noise = np.random.default_rng(rng.getrandbits(32))
    voice = Voice(rng.uniform(80, 280), rng.uniform(0.85, 1.15), rng.uniform(2.0, 6.0), rng.uniform(0.02, 0.3))
    sound = np.zeros(round(seconds * RATE))
    at = rng.uniform(0, 0.8) if rng.random() < 0.6 else 0.0
    while at < seconds:
        phrase_end = at + rng.uniform(0.5, 4.0)
        while at < min(phrase_end, seconds):
            length = rng.uniform(0.6, 1.5) / voice.pace
            gain = rng.choice((1.0, 1.0, 0.7, 0.5, 0.3)) * rng.uniform(0.7, 1.2)
            _add(sound, _syllable(rng, noise, voice, length) * gain, at)
            at += length
        at += rng.choice((0.1, 0.3, 0.6, 1.5)) * rng.uniform(0.7, 1.4)
    floor = rng.choice((0.0, 0.0, 1e-4, 1e-3, 5e-3))
    return np.asarray(rng.uniform(0.1, 0.9) * (sound + floor * noise.standard_normal(len(sound))), np.float32)


def _add(sound: Floats, part: Floats, at: float) -> None:
    start = round(at * RATE)
    part = part[: len(sound) - start]
    sound[start : start + len(part)] += part


def _syllable(rng: random.Random, noise: np.random.Generator, voice: Voice, length: float) -> Floats:
    """A consonant's hiss or nothing, then a vowel that swells and fades, perhaps a hiss again; loudest near 0.3."""
    count = max(400, round(length * RATE))
    onset = round(count * rng.choice((0.0, 0.12, 0.25)))
    tail = round(count * rng.choice((0.0, 0.0, 0.2)))
    whole = np.zeros(count)
    whole[onset : count - tail] = _vowel(rng, noise, voice, count - onset - tail)
    for start, end in ((0, onset), (count - tail, count)):
        if end - start > 16:
            hiss = noise.standard_normal(end - start)
            hiss = np.diff(hiss, prepend=0.0) if rng.random() < 0.7 else hiss
            whole[start:end] += 0.2 * _FRICTION * hiss * np.hanning(end - start)
    return whole


def _vowel(rng: random.Random, noise: np.random.Generator, voice: Voice, count: int) -> Floats:
    pitch = voice.pitch * np.linspace(rng.uniform(0.9, 1.2), rng.uniform(0.8, 1.1), count)
    phase = np.cumsum(pitch) / RATE
    pulses = np.diff(np.floor(phase), prepend=0.0) + voice.breath * 0.3 * noise.standard_normal(count)
    size = 1 << (2 * count).bit_length()
    spectrum, f = np.fft.rfft(pulses, size), np.fft.rfftfreq(size, 1 / RATE)
    response = np.zeros(len(f), np.complex128)
    for formant, strength in zip(rng.choice(_VOWELS), (1.0, 0.5, 0.25), strict=True):
        centre = formant / voice.size
        width = 60 + 0.06 * centre
        response += strength * width * centre / (centre**2 - f**2 + 1j * f * width)
    tone = np.fft.irfft(spectrum * response, size)[:count]
    tone /= np.sqrt((tone**2).mean()) + 1e-9
    attack = rng.uniform(0.15, 0.5)
    t = np.linspace(0, 1, count)
    return (
        0.3 * tone * np.minimum(1, t / attack) ** 0.7 * np.minimum(1, (1 - t) / (1 - attack)) ** rng.uniform(0.6, 1.5)
    )
