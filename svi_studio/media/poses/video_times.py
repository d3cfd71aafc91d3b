"""When each frame of a video is seen: told by its rate where it keeps to one, else by the time stamps of the frames."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from svi_studio.domain.errors import BadInput
from svi_studio.media.open_media import open_media

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_FASTEST: Final = 1000
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class VideoTimes:
    """The ``count`` frames of a video, at least one, at ``rate`` frames a second on average; ``seconds`` is how long.

    ``starts``: where each frame begins, in ticks of ``tick`` seconds from the first frame on; empty for a video that
    keeps to its rate.
    """

    rate: Fraction
    count: int
    seconds: Fraction
    tick: Fraction = Fraction(1)
    starts: Sequence[int] = ()

    def frames_at(self, fps: float | Fraction) -> int:
        """How many frames it has in a film of ``fps`` frames a second; one at least."""
        return max(1, round(float(self.seconds) * float(fps)))  # as those count who know only its seconds

    def shown_at(self, seconds: Fraction) -> int:
        """The frame, from 0, that is seen then: each stands until the next one comes, and the last one for ever."""
        if not self.starts:
            return min(int(seconds * self.rate), self.count - 1)
        return max(bisect_right(self.starts, int(seconds / self.tick + _HALF)) - 1, 0)


def video_times(path: Path) -> VideoTimes:
    """The times of the frames of the video ``path``, which is read through, not decoded. Raises BadInput."""
    import av  # noqa: PLC0415 - late: the window is on the screen before anything is decoded

    try:
        with open_media(path) as container:
            stream = container.streams.video[0] if container.streams.video else None
            rate = stream and (stream.average_rate or stream.guessed_rate)
            if stream is None or not rate or not 0 < rate <= _FASTEST:
                raise BadInput(f'"{path}" is neither a skeleton file nor a video: use JSON, npz or a skeleton video.')
            found = _read(container, stream, Fraction(rate))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise BadInput(f'The skeleton "{path}" could not be read as a video: get the file again.') from error
    if not found.count:
        raise BadInput(f'"{path}" has no pictures: choose another video.')
    return found


def _read(container: "InputContainer", stream: "VideoStream", rate: Fraction) -> VideoTimes:
    packets = [
        (packet.pts, packet.duration or 0)
        for packet in container.demux(stream)
        if packet.size and not packet.is_discard
    ]
    tick = Fraction(stream.time_base or 0)
    stamps = sorted((pts, length) for pts, length in packets if pts is not None)
    steady = VideoTimes(rate, len(packets), len(packets) / rate)
    if not tick or not stamps or len(stamps) < len(packets):  # as in AVI files, whose frames have no times
        return steady
    starts = array("q", (pts - stamps[0][0] for pts, _ in stamps))
    if _keeps_to(starts, tick * rate):
        return steady
    last = stamps[-1][1] * tick or 1 / rate
    return VideoTimes(rate, len(packets), starts[-1] * tick + last, tick, starts)


def _keeps_to(starts: Sequence[int], step: Fraction) -> bool:
    """Whether no frame is half a frame or more away from its place; ``step`` is one tick in frames."""
    many, of = step.numerator, step.denominator
    return all(2 * abs(start * many - number * of) < of for number, start in enumerate(starts))
