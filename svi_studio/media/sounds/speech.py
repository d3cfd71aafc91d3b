"""Where somebody speaks, where the sound rests, and where in a rest it is quietest."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.sound_marks import SHORTEST_PAUSE, Pause, Span
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.sounds.features import HOP, SoundFeatures
from svi_studio.media.sounds.voice import VOICE_HOP

ON, OFF = 0.5, 0.35
_OFF_SECONDS = 0.1
_SHORTEST_SPEECH = 0.25
_QUIET_MS = 20
_FLOOR_SHARE, _TOP_SHARE = 10, 95  # percentiles of the levels: how loud the room is, and how loud somebody in it
_LEAST_RANGE = 12.0  # decibels between both; less is one steady sound
_QUIETEST = -66.0  # decibels: below it nothing is heard, however quiet the rest
_SURE_OFF = 0.4  # s: the network goes on hearing a voice for a while after it has ended

Bools = NDArray[np.bool_]


def find_speech(features: SoundFeatures) -> tuple[Span, ...]:
    """The stretches of speech, parted by pauses of 0.25 s or longer, in samples.

    On at a probability of 0.5, off below 0.35 for 0.1 s; what is shorter than 0.25 s goes, gaps shorter than 0.25 s are
    closed. Without a network loudness in the frequencies of speech stands for the probability: music counts then, too.
    """
    levels = loud(features.voice_level)
    if features.voice is None:
        return joined(_spans(_held(levels, HOP), HOP, features.samples))
    heard = _spans(_held(features.voice, VOICE_HOP), VOICE_HOP, features.samples)
    return joined(_tightened(heard, levels, features.samples))


def joined(spans: Iterable[Span], gap: float = SHORTEST_PAUSE, shortest: float = _SHORTEST_SPEECH) -> tuple[Span, ...]:
    """``spans`` with gaps shorter than ``gap`` seconds closed, without those that are shorter than ``shortest``."""
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].stop < gap * SAMPLE_RATE:
            found[-1] = Span(found[-1].start, max(found[-1].stop, span.stop))
        else:
            found.append(span)
    return tuple(span for span in found if span.stop - span.start >= shortest * SAMPLE_RATE)


def find_pauses(features: SoundFeatures, speech: Iterable[Span]) -> tuple[Pause, ...]:
    """What parts the stretches of speech, each with its quietest 20 ms."""
    return tuple(
        Pause(one.stop, two.start, quietest(features, one.stop, two.start)) for one, two in pairwise(tuple(speech))
    )


def find_silences(features: SoundFeatures, shortest: float = SHORTEST_PAUSE) -> tuple[Pause, ...]:
    """Stretches of at least ``shortest`` seconds in which nothing is heard above the noise of the room, in samples.

    Those at the start and the end of the sound are among them.
    """
    quiet = loud(features.level) < OFF
    found = [span for span in _spans(quiet, HOP, features.samples) if span.stop - span.start >= shortest * SAMPLE_RATE]
    return tuple(Pause(span.start, span.stop, quietest(features, *span)) for span in found)


def quietest(features: SoundFeatures, first: int, stop: int) -> int:
    """The middle of the quietest 20 ms between two samples; of several as quiet the one nearest to their middle."""
    begin, end = first // HOP, max(stop // HOP, first // HOP + 1)
    levels = features.level[begin:end]
    if not len(levels):
        return (first + stop) // 2
    wide = max(1, _QUIET_MS * SAMPLE_RATE // 1000 // HOP)
    smooth = np.convolve(levels, np.ones(wide) / wide, mode="same") if len(levels) > wide else levels
    lowest = np.flatnonzero(smooth <= smooth.min() + 1.0)  # a decibel more or less is the same
    place = lowest[np.argmin(np.abs(lowest - len(levels) / 2))]
    return int(min(max((begin + place) * HOP, first), stop))


def loud(levels: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Levels [n] in decibels as 0 (the noise of the room) to 1 (somebody in it), by the sound's own quiet and loud.

    Half of the way counts as on. A sound that is one steady noise is on from end to end, silence is off.
    """
    heard = levels[levels > _QUIETEST]
    if not len(heard):
        return np.zeros_like(levels)
    top = float(np.percentile(heard, _TOP_SHARE))
    floor = max(float(np.percentile(levels, _FLOOR_SHARE)), _QUIETEST, top - 45.0)
    floor = floor if top - floor >= _LEAST_RANGE else max(_QUIETEST, top - 45.0)
    share: NDArray[np.float32] = np.clip((levels - floor) / (top - floor), 0.0, 1.0).astype(np.float32)
    return share


def _held(values: "NDArray[np.float32]", hop: int) -> Bools:
    """Where it is on: from a value of ``ON`` until it stays below ``OFF`` for 0.1 s; a value every ``hop`` samples."""
    high, low = values >= ON, values < OFF
    patience = round(_OFF_SECONDS * SAMPLE_RATE / hop)
    on = np.zeros(len(values), bool)
    is_on, since = False, 0
    for place in range(len(values)):
        if high[place]:
            is_on, since = True, 0
        elif is_on:
            since = since + 1 if low[place] else 0
            if since >= patience:
                on[place - since + 1 : place + 1] = False
                is_on = False
        on[place] = is_on
    return on


def _spans(on: Bools, hop: int, samples: int) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    places = [min(int(edge) * hop, samples) for edge in edges]
    return [Span(one, two) for one, two in zip(places[::2], places[1::2], strict=True) if two > one]


def _tightened(spans: Iterable[Span], levels: "NDArray[np.float32]", samples: int) -> list[Span]:
    """Each span begins and ends where its sound does, at most 0.4 s inside: the network answers late at both ends."""
    reach = round(_SURE_OFF * SAMPLE_RATE / HOP)
    found = []
    for span in spans:
        first, stop = span.start // HOP, -(-span.stop // HOP)
        heard = np.flatnonzero(levels[first:stop] >= 0.2)
        if len(heard):
            start = first + min(int(heard[0]), reach)
            end = max(first + int(heard[-1]) + 1, stop - reach)
            before = max(first - 5, 0)
            while start == first and start > before and levels[start - 1] >= 0.2:
                start = first = start - 1
            found.append(Span(start * HOP, min(end * HOP, samples)))
        else:
            found.append(span)
    return found
