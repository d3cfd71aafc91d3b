"""Single pictures out of somebody's video, upright, as small as a dialog shows them."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.media.ffmpeg import Ffmpeg, ask_ffmpeg, read_failure
from svi_studio.media.frames import Frames
from svi_studio.media.open_media import open_media, source_arguments
from svi_studio.media.poses.video_times import video_times
from svi_studio.media.video_reader import probe_video

LONGEST_SIDE = 960
_MOST_BYTES = 1 << 28  # of a file that is read through for its length
_SECONDS = 60.0  # until an answer is no longer waited for
_LENGTH = re.compile(rb"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_TIME = re.compile(rb"time=(\d+):(\d\d):(\d\d(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class VideoLength:
    """What a video says of itself: its size in pixels as it is shown, frames a second, and seconds."""

    width: int
    height: int
    fps: float
    seconds: float


def look_at_video(path: Path) -> VideoLength:
    """Size, rate and length of the video at ``path``. Raises BadInput for what is none.

    The length is that of its pictures: a sound may be longer. A large file is not read through for it.
    """
    facts = probe_video(path)
    seconds = _told_seconds(path) if path.stat().st_size > _MOST_BYTES else _read_seconds(path)
    return VideoLength(facts.width, facts.height, facts.fps, max(seconds, 1 / max(facts.fps, 1)))


def _read_seconds(path: Path) -> float:
    try:
        return float(video_times(path).seconds)
    except BadInput:  # its frames have no rate
        return _told_seconds(path)


def _told_seconds(path: Path) -> float:
    """The length that a video says of its pictures, or of all that it has; one that says none is read through."""
    import av  # noqa: PLC0415 - late: the window is on the screen before anything is decoded

    with contextlib.suppress(av.FFmpegError, OSError, ValueError), open_media(path) as container:
        stream = container.streams.video[0]
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
    found = _LENGTH.search(ask_ffmpeg(source_arguments(path), path, _SECONDS).stderr)
    return _seconds(found) if found else _counted_seconds(path)


def still(path: Path, seconds: float, longest: int = LONGEST_SIDE) -> bytes:
    """A JPEG of the picture at ``seconds``, or of the last one there is, no side longer than ``longest`` pixels.

    Raises BadInput when the video holds no picture that can be read.
    """
    fitted = f"scale=w='min({longest},iw)':h='min({longest},ih)':force_original_aspect_ratio=decrease"
    one = ["-map", "0:v:0", "-frames:v", "1", "-vf", f"{fitted},scale=out_range=full", "-q:v", "3"]
    output = [*one, "-pix_fmt", "yuvj420p", "-f", "mjpeg", "pipe:1"]
    said = b""
    for moment in dict.fromkeys((max(seconds, 0.0), max(seconds - 1, 0.0), 0.0)):  # the last second may hold none
        done = ask_ffmpeg(
            ["-loglevel", "error", "-ss", f"{moment:.4f}", *source_arguments(path), *output], path, _SECONDS
        )
        if done.stdout:
            return done.stdout
        said = done.stderr
    raise read_failure(path, said.decode("utf-8", "replace")) if said else BadInput(f'"{path}" has no pictures.')


def small_frames(path: Path, height: int) -> Iterator[Frames]:
    """All pictures of a video in their order, ``height`` pixels high, uint8 ``[h, w, 3]``.

    Raises BadInput for a video that cannot be read.
    """
    facts = probe_video(path)
    width = max(2, round(facts.width / facts.height * height / 2) * 2)
    every = ["-map", "0:v:0", "-vf", f"scale={width}:{height}:flags=area", "-fps_mode", "passthrough"]
    ffmpeg = Ffmpeg([*source_arguments(path), *every, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"], read=True)
    try:
        while len(data := ffmpeg.pipe_out.read(width * height * 3)) == width * height * 3:
            yield np.frombuffer(data, np.uint8).reshape(height, width, 3)
    finally:
        ffmpeg.kill()


def _counted_seconds(path: Path) -> float:
    """The length of a video that does not say it, by reading it through."""
    found = _TIME.findall(
        ask_ffmpeg([*source_arguments(path), "-map", "0:v:0", "-c", "copy", "-f", "null", "-"], path).stderr
    )
    return sum(float(part) * unit for part, unit in zip(found[-1], (3600, 60, 1), strict=True)) if found else 0.0


def _seconds(found: "re.Match[bytes]") -> float:
    return sum(float(part) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True))
