"""Everything that is found in one sound file, found once: kept in a small file beside other caches."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.sound_marks import Pause, SoundMarks, Span
from svi_studio.domain.value import Value
from svi_studio.media.sounds.beats import find_beats
from svi_studio.media.sounds.features import Samples, SoundFeatures, measure
from svi_studio.media.sounds.onsets import find_onsets
from svi_studio.media.sounds.speech import find_pauses, find_silences, find_speech
from svi_studio.media.sounds.voice import hears_voices, voice_ear

MARKS_VERSION: Final = 1
"""Grows whenever something is found otherwise: what was kept before is found again then."""

_MOST_BYTES = 64 << 20
_Place = Annotated[int, Field(ge=0, le=2**53)]


class _Kept(Value):
    version: Literal[1] = MARKS_VERSION
    samples: _Place
    speech: list[tuple[_Place, _Place]]
    pauses: list[tuple[_Place, _Place, _Place]]
    silences: list[tuple[_Place, _Place, _Place]]
    onsets: list[_Place]
    beats: list[_Place]
    bpm: float = Field(ge=0, le=1000)
    by_voice: bool


def find_marks(sound: Samples, samples: int, progress: Callable[[int], None] = lambda _done: None) -> SoundMarks:
    """Looks for speech, silences, onsets and beats in ``samples`` of a sound at 48 kHz.

    ``progress`` hears how many samples are done and may raise to give up. An hour takes about a minute with the network
    for voices, and some seconds without; memory does not grow with the length but for a few numbers every 10 ms.
    """
    return marks_of(measure(sound, samples, ear=voice_ear(), progress=progress))


def marks_of(features: SoundFeatures) -> SoundMarks:
    """What is found in measured features."""
    speech, beats = find_speech(features), find_beats(features)
    return SoundMarks(
        samples=features.samples,
        speech=speech,
        pauses=find_pauses(features, speech),
        silences=find_silences(features),
        onsets=find_onsets(features),
        beats=beats.places,
        bpm=beats.bpm,
        by_voice=features.voice is not None,
    )


def kept_marks(file: Path) -> SoundMarks | None:
    """What was found before and kept in ``file``; None when it is not there, is damaged or could be better now."""
    try:
        with file.open("rb") as stream:
            kept = _Kept.model_validate_json(stream.read(_MOST_BYTES))
    except (OSError, ValidationError):
        return None
    if hears_voices() and not kept.by_voice:
        return None
    return SoundMarks(
        samples=kept.samples,
        speech=tuple(Span(*each) for each in kept.speech),
        pauses=tuple(Pause(*each) for each in kept.pauses),
        silences=tuple(Pause(*each) for each in kept.silences),
        onsets=tuple(kept.onsets),
        beats=tuple(kept.beats),
        bpm=kept.bpm,
        by_voice=kept.by_voice,
    )


def keep_marks(file: Path, marks: SoundMarks) -> None:
    """Keeps what was found in ``file``; where the disk refuses, it is found again next time."""
    fields = {name: getattr(marks, name) for name in _Kept.model_fields if name != "version"}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(file, json.dumps({"version": MARKS_VERSION, **fields}, separators=(",", ":")).encode())
    except (OSError, StudioError):
        return
