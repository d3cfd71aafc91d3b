"""Single pictures out of somebody's video, upright, as small as a dialog shows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.media.ffmpeg import Ffmpeg, ask_ffmpeg, read_failure
from svi_studio.media.frames import Frames
from svi_studio.media.open_media import source_arguments
from svi_studio.media.video_reader import probe_video

LONGEST_SIDE = 960
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
    """Size, rate and length of the video at ``path``. Raises BadInput for what is none."""
    facts = probe_video(path)
    said = ask_ffmpeg(source_arguments(path), path, _SECONDS).stderr
    found = _LENGTH.search(said)
    seconds = _seconds(found) if found else _counted_seconds(path)
    return VideoLength(facts.width, facts.height, facts.fps, max(seconds, 1 / max(facts.fps, 1)))


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


def small_frames(path: Path, fps: Fraction, height: int, most: int) -> Iterator[Frames]:
    """At most ``most`` pictures of a video, at ``fps`` frames a second, ``height`` pixels high, uint8 ``[h, w, 3]``.

    Raises BadInput for a video that cannot be read.
    """
    facts = probe_video(path)
    width = max(2, round(facts.width / facts.height * height / 2) * 2)
    rate = ["-map", "0:v:0", "-vf", f"fps={fps.numerator}/{fps.denominator},scale={width}:{height}:flags=area"]
    limit = ["-frames:v", str(most), "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    ffmpeg = Ffmpeg([*source_arguments(path), *rate, *limit], read=True)
    try:
        while len(data := ffmpeg.pipe_out.read(width * height * 3)) == width * height * 3:
            yield np.frombuffer(data, np.uint8).reshape(height, width, 3)
    finally:
        ffmpeg.kill()


def _counted_seconds(path: Path) -> float:
    """The length of a video that does not say it, by reading it through."""
    found = _TIME.findall(ask_ffmpeg([*source_arguments(path), "-c", "copy", "-f", "null", "-"], path).stderr)
    return sum(float(part) * unit for part, unit in zip(found[-1], (3600, 60, 1), strict=True)) if found else 0.0


def _seconds(found: "re.Match[bytes]") -> float:
    return sum(float(part) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True))
