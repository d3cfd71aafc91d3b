"""One video of the user's: opened carefully, its frames upright, with square pixels and true times."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import av
import numpy as np
from av.stream import Disposition

from svi_studio.domain.errors import BadInput
from svi_studio.media.open_media import open_media
from svi_studio.media.orientation import UPRIGHT, Orientation, orientation_of
from svi_studio.media.videos.picture_filter import ToScreen, whole_pictures

if TYPE_CHECKING:
    from av import Packet, VideoFrame
    from av.video.stream import VideoStream

    from svi_studio.media.frames import Frames

MAX_PIXELS = 50_000_000
TIE = 1e-3
"""Seconds; Matroska rounds times to milliseconds, and at half the rate every look falls between two frames."""

_EARLIER = (2.0, 15.0)  # seconds before a place; then all from the beginning
_BEFORE_ALL = 10.0  # seconds
_PLAUSIBLE_RATIO = (0.1, 10.0)  # of a pixel's width to its height


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Frames a second on average, size of the upright picture in square pixels, length in seconds (0: unknown).

    ``mirrored``: whether the pictures are stored as in a mirror.
    """

    fps: float
    width: int
    height: int
    seconds: float
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class TimedFrame:
    """A decoded frame and its time in seconds from the video's start."""

    seconds: float
    frame: VideoFrame


class Video:
    """The first picture track of a local file; used by one thread. ``close`` lets go of it.

    The container is chosen by content, never by name, and nothing but the file itself is read: a playlist that names
    other files or addresses is refused. ``orientation`` puts its frames upright.
    """

    def __init__(self, path: Path, beat: Callable[[], None] | None = None) -> None:
        """Opens ``path``; ``beat`` is called for every decoded frame. Raises BadInput when it is no sound video."""
        self.path = path
        self._beat = beat or _nobody_listens
        with plain_errors(path):
            self._container = open_media(path)
        try:
            with plain_errors(path):
                self._set_up()
        except BaseException:
            self._container.close()
            raise

    def _set_up(self) -> None:
        pictures = [each for each in self._container.streams.video if not each.disposition & Disposition.attached_pic]
        if not pictures:
            raise BadInput(f'"{self.path}" has sound but no picture: choose a video.')
        self._stream = pictures[0]
        context = self._stream.codec_context
        if context is None:  # PyAV's types do not know it
            raise BadInput(f'"{self.path}" is of a kind that cannot be decoded: save it as H.264 in .mp4.')
        if not 0 < context.width * context.height <= MAX_PIXELS:
            raise BadInput(f'"{self.path}" has no picture of at most 50 megapixels: save it smaller.')
        self._stream.thread_type = "AUTO"
        self._offset = 0.0
        self._stored: tuple[int, int] | None = None
        self._screen = ToScreen(self._stream)
        self.orientation, self._is_woven = UPRIGHT, False
        first = next(self._from(0.0, woven=True), None)
        if first is None:
            raise BadInput(f'"{self.path}" holds no frame that can be shown: copy it again or choose another.')
        self._offset = float(first.frame.time or 0)  # not the stream's start_time: Matroska does not always know it
        self._is_woven = first.frame.interlaced_frame
        self.facts = self._read_facts(first.frame)

    def _read_facts(self, first: VideoFrame) -> VideoFacts:
        rate = self._stream.average_rate or self._stream.guessed_rate or 0
        length = self._stream.duration
        seconds = float(length * self._stream.time_base) if length and self._stream.time_base else 0.0
        self.orientation = _orientation(first, self.path)
        size = self.orientation.size(*self._square(first))
        return VideoFacts(min(float(rate), 1000.0), *size, seconds, self.orientation.is_mirrored)

    def _square(self, frame: VideoFrame) -> tuple[int, int]:
        """Width and height of the frame as stored, with pixels made square by making the picture larger."""
        ratio = float(self._stream.sample_aspect_ratio or 1)
        if not _PLAUSIBLE_RATIO[0] <= ratio <= _PLAUSIBLE_RATIO[1]:
            ratio = 1.0
        if ratio >= 1:
            return round(frame.width * ratio), frame.height
        return frame.width, round(frame.height / ratio)

    def frames(self, start: float = 0.0, *, woven: bool = False) -> Iterator[TimedFrame]:
        """Frames in the order of time, from the last one that begins at or before ``start`` (seconds), or earlier.

        Frames of two half pictures come as whole ones, or with ``woven`` as they are stored. Raises BadInput where the
        file is damaged; frames before that have come.
        """
        for place in _places_before(start):  # a file without an index leads past a place, or past its last frame
            coming = self._from(place, woven)
            first = next(coming, None)
            if first is not None and first.seconds - TIE <= max(start, 0.0):
                break
        if first is not None:
            yield first
        yield from coming

    def _from(self, start: float, woven: bool) -> Iterator[TimedFrame]:
        last = -math.inf
        with plain_errors(self.path):
            self._seek(start)
            frames = self._decoded()
            for frame in frames if woven or not self._is_woven else whole_pictures(self._stream, frames):
                if frame.time is None:
                    continue
                seconds = max(frame.time - self._offset, 0.0)
                if seconds > last:
                    last = seconds
                    yield TimedFrame(seconds, frame)

    def _decoded(self) -> Iterator[VideoFrame]:
        for frame in chain.from_iterable(map(self._stream.decode, self._packets())):
            self._beat()
            if frame.is_corrupt:
                continue
            size = (frame.width, frame.height)
            self._stored = self._stored or size
            if size != self._stored:
                raise BadInput(f'"{self.path}" changes its size in the middle: save it again in one size.')
            yield frame

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        """Without the empty ones, by which Ogg says that a frame stays; the last, without a time, ends the decoding."""
        return (packet for packet in self._container.demux(self._stream) if packet.size or packet.dts is None)

    def upright(self, frame: VideoFrame) -> Frames:
        """The frame as uint8 ``[H, W, 3]``, RGB, upright, with square pixels."""
        wide, high = self._square(frame)
        picture = np.asarray(self._screen.convert(frame, wide, high).to_ndarray(), np.uint8)
        return np.ascontiguousarray(self.orientation.applied(picture))

    def _seek(self, start: float) -> None:
        """To a place in seconds; -inf = to the very beginning, which is earlier than 0 in a transport stream."""
        base = self._stream.time_base
        if not base:
            return
        if start > -math.inf:
            self._container.seek(int((start + self._offset) / base), stream=self._stream, backward=True)
            return
        try:
            self._container.seek(int((self._offset - _BEFORE_ALL) / base), stream=self._stream, backward=True)
        except av.PermissionError:  # some know no place before their first
            self._container.seek(self._stream.start_time or 0, stream=self._stream, backward=True)

    def close(self) -> None:
        """Lets go of the file."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _places_before(start: float) -> Iterator[float]:
    """Where to look for a frame that begins at or before ``start``, later places first; -inf = the very beginning."""
    yield start
    yield from (start - earlier for earlier in _EARLIER if start > earlier)
    yield -math.inf


def _nobody_listens() -> None:
    pass


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turns what the decoder or the disk says about ``path`` into a BadInput of one sentence."""
    try:
        yield
    except (av.FFmpegError, OSError, IndexError, ValueError, OverflowError, MemoryError) as error:
        raise BadInput(f'"{path}" is damaged or no video that can be read: copy it again or choose another.') from error


def _orientation(frame: VideoFrame, path: Path) -> Orientation:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    try:
        return orientation_of(None if matrix is None else bytes(matrix))
    except BadInput as error:
        raise BadInput(f'"{path}" {error}.') from error
