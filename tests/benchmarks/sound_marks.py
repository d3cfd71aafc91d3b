"""How well speech, onsets and beats are found in sounds whose truth is known, how late, and what an hour costs.

Each figure is an error against the truth, so that smaller is better: 1 - F for places that must be found, milliseconds
for how far off they are. Beats and onsets count as found within 70 ms, as everywhere in the field.
"""

import tempfile
import time
from pathlib import Path
from statistics import fmean

from svi_studio.media.sounds.beats import find_beats
from svi_studio.media.sounds.features import features_of
from svi_studio.media.sounds.onsets import find_onsets
from svi_studio.media.sounds.sound_marks import find_marks, marks_of
from svi_studio.media.sounds.speech import find_speech
from svi_studio.media.sounds.voice import hears_voices, voice_ear
from svi_studio.media.subtitles.painter import SubtitlePainter
from tests.benchmarks.figure import Figure
from tests.builders.heard import RATE, Match, Sound, clicks, drums, espeak, match, said, spoken, with_noise

TEMPI = (72, 90, 100, 120, 128, 150, 174)
LENGTHS, PAUSES = [2.0, 1.5, 3.0, 1.2, 2.4], [1.0, 0.35, 0.8, 0.5]
STORY = (
    "This is the first sentence of a little story.",
    "It goes on here, with a comma.",
    "Then comes the third one, which is longer than the others.",
    "And the last.",
)


def measure() -> list[Figure]:
    return [*_tempi(), *_sentences(), _hour(), _painting()]


def _tempi() -> list[Figure]:
    figures = []
    for name, make, goal in (("clicks", clicks, 0.02), ("drums", drums, 0.2)):
        onsets, beats = {}, {}
        for bpm in TEMPI:
            sound, times = make(bpm, 30.0)
            features = features_of(sound)
            eighths = sorted([*times, *(each + 30 / bpm for each in times if each + 30 / bpm < 29.9)])
            onsets[bpm] = match(_seconds(find_onsets(features)), eighths if make is drums else times)
            beats[bpm] = match(_seconds(find_beats(features).places), times)
        figures += [
            Figure(f"onsets of {name}: 1 - F", 1 - fmean(each.f for each in onsets.values()), 0.02, "", _told(onsets)),
            Figure(f"onsets of {name}: error", _error(onsets), 6.0, "ms"),
            Figure(f"beats of {name}: 1 - F", 1 - fmean(each.f for each in beats.values()), goal, "", _told(beats)),
            Figure(f"beats of {name}: error", _error(beats), 6.0, "ms"),
        ]
    return figures


def _sentences() -> list[Figure]:
    sound, truth = spoken(LENGTHS, PAUSES)
    rooms = {"still": sound, **{f"{noise} dB": with_noise(sound, noise) for noise in (40, 20, 10)}}
    figures = [_edges("sentences of syllables, by loudness", rooms, truth, 50.0, voice=False)]
    if espeak() is not None:
        with tempfile.TemporaryDirectory() as folder:
            real = said(STORY, [1.0, 0.35, 0.8], Path(folder))
        rooms = {"still": real.sound, "20 dB": with_noise(real.sound, 20)}
        figures.append(_edges("sentences of espeak-ng, by loudness", rooms, real.spans, 150.0, voice=False))
        if hears_voices():
            music, _ = drums(120, len(real.sound) / RATE)
            rooms["with drums"] = real.sound + music * 0.05
            figures.append(_edges("sentences of espeak-ng, by the network", rooms, real.spans, 150.0, voice=True))
    return figures


def _edges(name: str, rooms: dict[str, Sound], truth: list[tuple[float, float]], goal: float, *, voice: bool) -> Figure:
    """The worst start or end of a sentence; another number of sentences counts as a second."""
    worst = {}
    for room, sound in rooms.items():
        found = find_speech(features_of(sound, voice_ear() if voice else None))
        worst[room] = 1000.0
        if len(found) == len(truth):
            pairs = zip(found, truth, strict=True)
            worst[room] = 1000 * max(max(abs(a.start / RATE - b), abs(a.stop / RATE - c)) for a, (b, c) in pairs)
    return Figure(f"{name}: worst edge", max(worst.values()), goal, "ms", {"rooms": worst})


class _Loop:
    """The same half a minute again and again: an hour that takes no memory."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound

    def read(self, first: int, count: int) -> Sound:
        return self._sound.take(range(first, first + count), mode="wrap")[:, None]


def _hour() -> Figure:
    sound, _ = drums(120, 30.0)
    began = time.process_time()
    find_marks(_Loop(sound), RATE * 60 * 6)
    seconds = (time.process_time() - began) * 10
    marks_of(features_of(sound))
    return Figure("looking through an hour of sound", seconds, 150.0, "s of processor", {"by_voice": hears_voices()})


def _painting() -> Figure:
    """A subtitle burnt into frames of 1920 x 1080, once it is painted."""
    import numpy as np

    painter = SubtitlePainter(1920, 1080)
    frames = np.zeros((8, 1080, 1920, 3), np.uint8)
    text = ["Two lines of words that are as long as\nthe longest ones that people can read."]
    painter.draw_on(frames, text)
    began = time.process_time()
    painter.draw_on(frames, text)
    return Figure("burning a subtitle into a full-HD frame", (time.process_time() - began) * 1000 / 8, 25.0, "ms")


def _seconds(places: "tuple[int, ...]") -> list[float]:
    return [place / RATE for place in places]


def _error(found: dict[int, Match]) -> float:
    return max(abs(each.error_ms) for each in found.values())


def _told(found: dict[int, Match]) -> dict[str, object]:
    return {f"{bpm} bpm": {"F": round(each.f, 3), "ms": round(each.error_ms, 1)} for bpm, each in found.items()}
