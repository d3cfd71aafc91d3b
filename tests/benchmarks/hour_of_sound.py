"""An hour of sound: how long it takes to open, to be drawn and to be mixed, and the memory for it."""

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
import soundfile

from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.media.sounds.sound_store import find_sound, ready_sound
from tests.benchmarks.figure import Figure
from tests.builders.odd_sounds import RATE

T = TypeVar("T")
SECONDS = 3600
COLUMNS = 1920
_ZOOMS = (SECONDS * RATE / COLUMNS, 20_000, 3000, 256)  # samples a pixel: the whole hour, down to the finest block


def measure() -> list[Figure]:
    """The hour is noise and tones, as 16-bit WAV; the first reading decodes it in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="svi-hour-") as folder:
        os.environ["SVI_SOUNDS"] = f"{folder}/kept"
        path = _hour(Path(folder) / "hour.wav")
        before, processor = psutil.Process().memory_info().rss, _processor_of_children()
        first, sound = _timed(lambda: ready_sound(path))
        first_processor = _processor_of_children() - processor
        sound.close()
        opened = [_timed(lambda: _found(path).close())[0] for _ in range(5)]
        sound = _found(path)
        shapes = {f"{zoom:.0f}": statistics.median(_shapes(sound, zoom)) for zoom in _ZOOMS}
        mixed = _mixed_minutes(sound)
        memory = (psutil.Process().memory_info().rss - before) / 1e6
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        sound.close()
    details = {"first_s": round(first, 1), "first_processor_s": round(first_processor, 1)}
    return [
        Figure("an hour of sound is open after", max(opened), 3.0, "s", details),
        Figure(f"{COLUMNS} columns of it", max(shapes.values()) * 1000, 2.0, "ms", shapes),
        Figure("memory for it, here and while it is decoded", max(memory, child), 200.0, "MB"),
        Figure("ten minutes of film mixed, processor seconds", mixed, 10.0, "s"),
    ]


def _hour(path: Path) -> Path:
    dice = np.random.default_rng(0)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        for second in range(SECONDS):
            tone = np.sin(np.arange(RATE) * (0.01 + second % 50 * 0.001))[:, None]
            file.write((0.3 * tone + dice.uniform(-0.1, 0.1, (RATE, 2))).astype(np.float32))
    return path


def _found(path: Path) -> ReadySound:
    sound = find_sound(path)
    assert sound is not None
    return sound


def _shapes(sound: ReadySound, zoom: float) -> list[float]:
    places = np.random.default_rng(1).uniform(0, max(SECONDS * RATE - COLUMNS * zoom, 1), 100)
    return [_timed(lambda place=place: sound.columns(place, zoom, COLUMNS))[0] for place in places]


def _mixed_minutes(sound: ReadySound) -> float:
    """Four pieces that are loud enough to be turned down."""
    pieces = tuple(
        Piece(file="a", start=3750 * part, length=3750, offset=20_000 * part, gain=4.0, fade_in=25, fade_out=25)
        for part in range(4)
    )
    mix = FilmMix(Track(kind=InputKind.SOUND, pieces=pieces), {"a": sound}, 25.0)
    began = time.process_time()
    for _ in mix.blocks(0, 600 * RATE):
        pass
    return time.process_time() - began


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
