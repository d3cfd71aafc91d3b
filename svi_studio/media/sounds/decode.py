"""Decodes a sound from its first sample to its last, at 48 kHz in stereo: what a file says of times is not believed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import av
import numpy as np

from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.demuxers import demuxer_of, has_pictures
from svi_studio.media.open_media import open_media
from svi_studio.media.sounds.decode_notes import MOST_SECONDS, Note
from svi_studio.media.sounds.picture_start import in_time_with_the_picture, picture_start
from svi_studio.media.sounds.stereo import Samples, planar, stereo
from svi_studio.media.sounds.wav_length import said_by_wav

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler, Packet
    from av.audio.stream import AudioStream
    from av.container import InputContainer

LOUDEST = 65_536.0  # of floats that were written in the numbers of 16-bit samples, and are no rubbish yet
_RATES = range(1000, 1_000_001)
_FULL_SCALE = 0.9999
_CLIPPED_RUN = 4  # samples in a row: music may touch full scale for a moment
_BATCH = 16_384  # samples that are worth a call of the resampler
_EXACT = {"u8", "s16", "s32"}
_SAY_THEIR_LENGTH = {"wav", "w64", "flac", "mov", "matroska", "ogg", "aiff", "caf", "au"}


@dataclass
class Decoded:
    """What is known of a sound once it is decoded. ``notes`` counts what its owner should know.

    ``is_exact``: its samples are whole numbers that come through unchanged. ``said`` are the seconds that the file
    claims, None where it claims nothing; ``is_said`` whether files of that kind know it, and do not estimate.
    """

    codec: str = ""
    rate: int = 0
    channels: int = 0
    is_exact: bool = True
    said: float | None = None
    is_said: bool = False
    notes: Counter[Note] = field(default_factory=Counter)


class Chunk(NamedTuple):
    """Sound ``[n, 2]`` of ``rate`` samples a second; ``time`` is where the file says that it begins, in seconds."""

    sound: Samples
    rate: int
    time: Fraction | None


class Unheard(Exception):  # noqa: N818 - says what it is
    """There is no sound in the file: no track at all, an empty one, or nothing that can be decoded."""

    def __init__(self, why: Literal["no track", "empty", "nothing"]) -> None:
        super().__init__(why)
        self.why = why


def decoded(path: Path, facts: Decoded) -> Iterator[Samples]:
    """The sound of ``path`` in pieces of any length, float32 ``[n, 2]`` at 48 kHz; ``facts`` is filled on the way.

    The sound of a video begins where its picture begins. Samples that are no number are silent. A file that breaks off
    ends where it does. Raises BadInput for what is neither sound nor video, Unheard without sound, and av's errors.
    """
    demuxer = demuxer_of(path)
    with closing(open_media(path)) as container:
        if not container.streams.audio:
            raise Unheard("no track")
        stream = container.streams.audio[0]
        if getattr(stream, "codec_context", None) is None:  # of a kind that this ffmpeg does not know
            raise Unheard("nothing")
        facts.codec = stream.codec_context.name
        facts.said, facts.is_said = _said(container, stream), demuxer in _SAY_THEIR_LENGTH
        if demuxer == "wav":
            facts.said = said_by_wav(path)
        pieces: Iterator[Chunk] = (_chunk(frame, facts) for frame in _frames(container, stream, facts))
        if has_pictures(demuxer) and (start := picture_start(container)) is not None:
            pieces = in_time_with_the_picture(pieces, start, facts.notes)
        yield from _not_too_long(_resampled(pieces), facts)
    if not facts.rate:
        raise Unheard("nothing" if facts.notes else "empty")


def _said(container: "InputContainer", stream: "AudioStream") -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _frames(container: "InputContainer", stream: "AudioStream", facts: Decoded) -> "Iterator[AudioFrame]":
    """Every frame that can be decoded; what is broken between them is passed over and noted."""
    packets = container.demux(stream)
    while (packet := _next(packets, facts)) is not None:
        try:
            found = packet.decode()
        except av.FFmpegError:
            facts.notes["broken"] += 1
            continue
        yield from (frame for frame in found if frame.samples and frame.sample_rate in _RATES)


def _next(packets: "Iterator[Packet[AudioStream]]", facts: Decoded) -> "Packet[AudioStream] | None":
    try:
        return next(packets, None)
    except av.FFmpegError:
        facts.notes["cut off"] += 1
        return None


def _chunk(frame: "AudioFrame", facts: Decoded) -> Chunk:
    sound = planar(frame)
    facts.rate, facts.channels = facts.rate or frame.sample_rate, max(facts.channels, len(sound))
    facts.is_exact = facts.is_exact and frame.format.name.rstrip("p") in _EXACT
    loudest = float(np.abs(sound).max())  # NaN as soon as one of them is
    if not loudest <= LOUDEST:
        facts.notes["no number"] += int(np.count_nonzero(~(np.abs(sound) <= LOUDEST)))
        sound = np.where(np.abs(sound) <= LOUDEST, sound, np.float32(0))
    if facts.is_exact and loudest >= _FULL_SCALE:
        facts.notes["clipped"] += _clipped_runs(sound)
    places = [channel.name for channel in frame.layout.channels]
    time = None if frame.pts is None or not frame.time_base else frame.pts * Fraction(frame.time_base)
    return Chunk(stereo(sound, places), frame.sample_rate, time)


def _clipped_runs(sound: Samples) -> int:
    """How often some samples in a row stand at full scale, as of something that was recorded too loud."""
    full = np.abs(sound) >= _FULL_SCALE
    runs = full[:, _CLIPPED_RUN - 1 :].copy()
    for back in range(1, _CLIPPED_RUN):
        runs &= full[:, _CLIPPED_RUN - 1 - back : full.shape[1] - back]
    return int(np.count_nonzero(runs[:, 1:] & ~runs[:, :-1]) + np.count_nonzero(runs[:, :1]))


def _resampled(pieces: Iterator[Chunk]) -> Iterator[Samples]:
    """The pieces at 48 kHz; one rate after another where a file changes it."""
    resampler: _Resampler | None = None
    for piece in pieces:
        if resampler is None or resampler.rate != piece.rate:
            if resampler is not None:
                yield from resampler.rest()
            resampler = _Resampler(piece.rate)
        yield from resampler.take(piece.sound)
    if resampler is not None:
        yield from resampler.rest()


class _Resampler:
    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._waiting: list[Samples] = []
        self._count = 0
        self._resampler: AudioResampler | None = None
        if rate != SAMPLE_RATE:
            self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)

    def take(self, sound: Samples) -> Iterator[Samples]:
        """What comes out when ``sound`` goes in."""
        self._waiting.append(sound)
        self._count += len(sound)
        if self._count >= _BATCH:
            yield from self._through()

    def rest(self) -> Iterator[Samples]:
        """What is still inside; nothing goes in after it."""
        yield from self._through()
        if self._resampler is not None:
            for frame in self._resampler.resample(None):
                yield np.ascontiguousarray(frame.to_ndarray().T)

    def _through(self) -> Iterator[Samples]:
        if not self._count:
            return
        sound = np.concatenate(self._waiting)
        self._waiting, self._count = [], 0
        if self._resampler is None:
            yield sound
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), format="fltp", layout="stereo")
        frame.sample_rate = self.rate
        for out in self._resampler.resample(frame):
            yield np.ascontiguousarray(out.to_ndarray().T)


def _not_too_long(sounds: Iterator[Samples], facts: Decoded) -> Iterator[Samples]:
    room = MOST_SECONDS * SAMPLE_RATE
    for sound in sounds:
        if len(sound) >= room:
            facts.notes["too long"] += 1
            yield sound[:room]
            return
        room -= len(sound)
        yield sound
