"""One frame of a take by its number, exactly as it was rendered: FFV1 in Matroska, local files only, in any order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from svi_studio.domain.errors import BadInput
from svi_studio.media.ffv1_check import is_sound_ffv1

if TYPE_CHECKING:
    import numpy as np
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from svi_studio.media.frames import Frames

MAX_PIXELS = 50_000_000
LOOK_AHEAD = 8  # frames that are passed over to reach the wanted one; further away, the file is sought


@dataclass(frozen=True, slots=True)
class ScreenFrame:
    """One frame as screens take it: ``rows`` is uint8 ``[H, bytes a row]``, each pixel blue, green, red, 255.

    Rows may be longer than ``width`` pixels of four bytes. It is the decoder's own memory, nothing was copied.
    """

    width: int
    rows: "NDArray[np.uint8]"

    @property
    def rgb(self) -> "Frames":
        """The frame as uint8 ``[H, W, 3]``, RGB, in memory of its own."""
        import numpy as np  # noqa: PLC0415 - late, as in _open

        pixels = self.rows[:, : self.width * 4].reshape(len(self.rows), self.width, 4)
        return np.ascontiguousarray(pixels[:, :, 2::-1])


class FrameReader:
    """The frames of one lossless video of a take, by number from 0. Used by one thread; ``close`` lets go of the file.

    Every frame stands for itself, so that any frame costs one decoding; the next ones are read on without a search.
    """

    def __init__(self, path: Path) -> None:
        """Opens ``path``. Raises BadInput when it is missing, damaged or anything but FFV1 in Matroska."""
        self.path = path
        with _plain_errors(path):
            self._container, self._stream, self._rate = _open(path)
        self.width = self._stream.codec_context.width
        self.height = self._stream.codec_context.height
        self._packets: Iterator[Packet[VideoStream]] = iter(())
        self._next: int | None = None

    def read(self, number: int) -> "Frames":
        """The frame ``number`` as uint8 ``[H, W, 3]``, RGB. Raises BadInput when there is no such frame, unharmed."""
        return self.read_for_screen(number).rgb

    def read_for_screen(self, number: int) -> ScreenFrame:
        """The same frame without copying it. Raises BadInput when there is no such frame, unharmed."""
        with _plain_errors(self.path):
            packet = self._packet(number)
            if packet is None:
                raise BadInput(f'"{self.path}" has no frame {number + 1}: render the clip again.')
            if not (packet.is_keyframe and is_sound_ffv1(bytes(packet))):
                _refuse_damaged(self.path)
            frames = self._stream.decode(packet)
            if len(frames) != 1:
                _refuse_damaged(self.path)
            return _screen_frame(frames[0], self.path)

    def close(self) -> None:
        """Lets go of the file; pixels that were read stay valid."""
        self._next = None
        self._packets = iter(())
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _packet(self, number: int) -> "Packet[VideoStream] | None":
        if number < 0:
            return None
        if self._next is None or not self._next <= number < self._next + LOOK_AHEAD:
            self._seek(number)
        for packet in self._packets:
            if packet.pts is None:  # the empty packet at the end
                break
            found = self._number(packet.pts)
            self._next = found + 1
            if found >= number:
                return packet if found == number else None
        self._next = None
        return None

    def _seek(self, number: int) -> None:
        time_base = self._stream.time_base or Fraction(1, 1000)
        self._container.seek(round(number / self._rate / time_base), stream=self._stream)
        self._packets = self._container.demux(self._stream)

    def _number(self, pts: int) -> int:
        """Matroska rounds times to milliseconds; a frame lasts at least four."""
        return round(pts * (self._stream.time_base or Fraction(1, 1000)) * self._rate)


def _open(path: Path) -> "tuple[InputContainer, VideoStream, Fraction]":
    import av  # noqa: PLC0415 - late: the window is on the screen before anything is decoded

    if not os.path.isfile(path):  # noqa: PTH113 - False for a name that the system refuses
        raise BadInput(f'The film file "{path}" is not there: render the clip again.')
    options = {"protocol_whitelist": "file"}
    container = av.open(f"file:{path}", format="matroska", options=options, metadata_errors="replace")
    try:
        stream = container.streams.video[0]
        context, rate = stream.codec_context, stream.average_rate
        if context.name != "ffv1" or not rate or not 0 < context.width * context.height <= MAX_PIXELS:
            raise BadInput(f'"{path}" is not a film file that this program wrote: render the clip again.')
        stream.thread_type = "SLICE"  # whole frames side by side would hold each one back
    except BaseException:
        container.close()
        raise
    return container, stream, rate


def _screen_frame(frame: "VideoFrame", path: Path) -> ScreenFrame:
    import numpy as np  # noqa: PLC0415

    if frame.format.name != "bgr0":
        _refuse_damaged(path)
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(frame.height, plane.line_size)
    rows[:, 3 : frame.width * 4 : 4] = 255
    return ScreenFrame(frame.width, rows)


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    import av  # noqa: PLC0415

    try:
        yield
    except (av.FFmpegError, OSError, IndexError, ValueError, OverflowError) as error:
        raise _damaged(path) from error


def _refuse_damaged(path: Path) -> NoReturn:
    raise _damaged(path)


def _damaged(path: Path) -> BadInput:
    return BadInput(f'The film file "{path}" is damaged: delete this take and render the clip again.')
