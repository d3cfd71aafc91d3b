"""Sounds whose truth is known: clicks and drums at a tempo, syllables in sentences with pauses, noise."""

import shutil
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]
Spans = list[tuple[float, float]]


def seconds(sound: Sound) -> float:
    return len(sound) / RATE


def clicks(bpm: float, length: float = 20.0, first: float = 0.4) -> tuple[Sound, list[float]]:
    """Short bursts at a tempo, and their times in seconds."""
    times = list(np.arange(first, length - 0.2, 60 / bpm))
    sound = np.zeros(round(length * RATE), np.float32)
    for time in times:
        _add(sound, time, _decay(0.02, 0.004) * np.sin(2 * np.pi * 1500 * _time(0.02)))
    return sound, times


def drums(bpm: float, length: float = 20.0, seed: int = 1) -> tuple[Sound, list[float]]:
    """Bass drum on 1 and 3, snare on 2 and 4, hats on the eighths; the times of the four beats of each bar."""
    dice = np.random.default_rng(seed)
    sound = np.zeros(round(length * RATE), np.float32)
    beat = 60 / bpm
    times = list(np.arange(0.5, length - 0.4, beat))
    for number, time in enumerate(times):
        _add(sound, time, _bass() if number % 2 == 0 else _noise(dice, 0.12, 0.03) * 0.6)
        for half in (0.0, beat / 2):
            if time + half < length - 0.1:
                _add(sound, time + half, _noise(dice, 0.04, 0.008) * 0.2)
    return sound, times


def spoken(sentences: Sequence[float], pauses: Sequence[float], seed: int = 1) -> tuple[Sound, Spans]:
    """Sentences of syllables of so many seconds, silences of so many between them; where each begins and ends.

    A syllable is a hum with three formants that swells and fades; between syllables it grows faint, but not silent.
    """
    dice = np.random.default_rng(seed)
    parts: list[Sound] = [np.zeros(round(0.5 * RATE), np.float32)]
    spans = []
    for number, length in enumerate(sentences):
        start = sum(map(len, parts)) / RATE
        parts.append(_sentence(length, dice))
        spans.append((start, start + length))
        if number < len(pauses):
            parts.append(np.zeros(round(pauses[number] * RATE), np.float32))
    parts.append(np.zeros(round(0.5 * RATE), np.float32))
    return np.concatenate(parts), spans


def with_noise(sound: Sound, decibels: float, seed: int = 7) -> Sound:
    """``sound`` in a room whose noise is so many decibels below it."""
    level = float(np.sqrt(np.mean(sound[np.abs(sound) > 1e-4] ** 2)))
    noise = np.random.default_rng(seed).standard_normal(len(sound)).astype(np.float32)
    return sound + noise * level * 10 ** (-decibels / 20)


@dataclass(frozen=True)
class Said:
    """Speech of espeak-ng with known pauses."""

    sound: Sound
    spans: Spans


def espeak() -> str | None:
    """The program, where it is installed."""
    return shutil.which("espeak-ng")


def said(sentences: Sequence[str], pauses: Sequence[float], folder: Path) -> Said:
    """Each sentence spoken by espeak-ng without its own silences, and silences of so many seconds between them."""
    parts: list[Sound] = [np.zeros(round(0.6 * RATE), np.float32)]
    spans = []
    for number, text in enumerate(sentences):
        file = folder / f"said{number}.wav"
        subprocess.run([espeak() or "espeak-ng", "-w", str(file), "--", text], check=True, timeout=30)
        voice = _without_edges(_read_wav(file))
        start = sum(map(len, parts)) / RATE
        parts.append(voice)
        spans.append((start, start + seconds(voice)))
        parts.append(np.zeros(round((pauses[number] if number < len(pauses) else 0.6) * RATE), np.float32))
    return Said(np.concatenate(parts), spans)


@dataclass(frozen=True)
class Match:
    """How well places were found: F-measure within a tolerance, and the mean error of the hits in ms, late = plus."""

    f: float
    error_ms: float
    worst_ms: float


def match(found: Sequence[float], truth: Sequence[float], tolerance: float = 0.07) -> Match:
    """Each true place takes the nearest found one within the tolerance, each once."""
    free = sorted(found)
    errors = []
    for place in truth:
        near = min(free, key=lambda each: abs(each - place), default=None)
        if near is not None and abs(near - place) <= tolerance:
            errors.append(near - place)
            free.remove(near)
    if not errors:
        return Match(0.0, 0.0, 0.0)
    precision, recall = len(errors) / len(found), len(errors) / len(truth)
    worst = max(errors, key=abs)
    return Match(2 * precision * recall / (precision + recall), float(np.mean(errors)) * 1000, worst * 1000)


def _sentence(length: float, dice: np.random.Generator) -> Sound:
    sound = np.zeros(round(length * RATE), np.float32)
    at = 0.0
    while at < length - 0.05:
        last = min(float(dice.uniform(0.12, 0.26)), length - at)
        time = _time(last)
        pitch = float(dice.uniform(95, 150))
        buzz = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 25))
        formant = sum(
            np.sin(2 * np.pi * centre * float(dice.uniform(0.85, 1.15)) * time) * share
            for centre, share in ((600, 0.5), (1300, 0.3), (2500, 0.15))
        )
        swell = 0.08 + np.sin(np.pi * np.arange(len(time)) / len(time)) ** 0.7
        _add(sound, at, (0.08 * buzz + 0.1 * formant) * swell)
        at += last
    return sound


def _without_edges(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    return sound[loud[0] : loud[-1] + 1]


def _read_wav(file: Path) -> Sound:
    with wave.open(str(file)) as stream:
        rate, data = stream.getframerate(), stream.readframes(stream.getnframes())
    sound = np.frombuffer(data, "<i2").astype(np.float32) / 32768
    places = np.arange(round(len(sound) * RATE / rate)) * rate / RATE
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)


def _bass() -> Sound:
    time = _time(0.25)
    return (_decay(0.25, 0.06) * np.sin(2 * np.pi * (50 * time + 12 * np.exp(-time * 40)))).astype(np.float32)


def _noise(dice: np.random.Generator, length: float, decay: float) -> Sound:
    return (dice.standard_normal(len(_time(length))) * _decay(length, decay)).astype(np.float32)


def _decay(length: float, decay: float) -> Sound:
    return np.exp(-_time(length) / decay).astype(np.float32)


def _time(length: float) -> NDArray[np.float64]:
    return np.arange(round(length * RATE)) / RATE


def _add(sound: Sound, time: float, what: NDArray[np.floating]) -> None:
    start = round(time * RATE)
    part = what[: max(0, len(sound) - start)]
    sound[start : start + len(part)] += part.astype(np.float32)
