"""Frames of a film on disk, a few at a time, exactly as they were written when the film is a lossless one."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Refused
from svi_studio.media.ffmpeg import Ffmpeg, ffmpeg_path, read_failure
from svi_studio.media.frames import Frames

_SIZE = re.compile(r"Stream #0:\d+.*?: Video: (\w+).*?, (\d{1,5})x(\d{1,5})[ ,\[]")
_RATE = re.compile(r"([\d.]+) fps")
_MOST_BYTES = 1 << 40
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD")


@dataclass(frozen=True)
class VideoFacts:
    """What a film file says about itself: codec name, size in pixels, frames a second."""

    codec: str
    width: int
    height: int
    fps: float


def probe_video(path: Path) -> VideoFacts:
    """Read the head of a video file; raises BadInput when it is missing, broken or not a video."""
    said = _head_of(path)
    size, rate = _SIZE.search(said), _RATE.search(said)
    if size is None or rate is None:
        raise read_failure(path, said.replace("At least one output file must be specified", ""))
    return VideoFacts(size[1], int(size[2]), int(size[3]), float(rate[1]))


def stream_frames(path: Path, *, batch: int = 16) -> Iterator[Frames]:
    """Yield the film's frames in order as uint8 ``[n, H, W, 3]`` RGB, ``n`` at most ``batch``; raises BadInput."""
    facts = probe_video(path)
    frame_bytes = facts.width * facts.height * 3
    passthrough = ["-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    ffmpeg = Ffmpeg(["-protocol_whitelist", "file,pipe", "-i", str(path), *passthrough], read=True)
    try:
        while data := ffmpeg.pipe_out.read(frame_bytes * batch):
            if len(data) % frame_bytes:
                raise BadInput(f'The video "{path}" ends in the middle of a frame.')
            yield np.frombuffer(data, np.uint8).reshape(-1, facts.height, facts.width, 3)
        status, complaints = ffmpeg.finish()
        if status != 0 or complaints:
            raise read_failure(path, complaints)
    finally:
        ffmpeg.kill()


def count_frames(path: Path) -> int:
    """How many video frames a file holds, counted without decoding them; 0 when it cannot be read."""
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-loglevel", "error", "-i", str(path)]
    count = ["-map", "0:v:0", "-c", "copy", "-f", "null", "-progress", "pipe:1", "-"]
    done = subprocess.run([*command, *count], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    counted = re.findall(rb"^frame=\s*(\d+)", done.stdout, re.MULTILINE)
    return int(counted[-1]) if counted and done.returncode == 0 else 0


def read_tags(path: Path) -> dict[str, str]:
    """Title, comment and other notes of a film, keys in lower case; raises BadInput when it cannot be read."""
    _refuse_playlists(path)
    source = ["-protocol_whitelist", "file,pipe", "-i", str(path)]
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-loglevel", "error", *source, "-f", "ffmetadata", "pipe:1"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    if done.returncode != 0:
        raise read_failure(path, done.stderr.decode("utf-8", "replace"))
    return _parse_tags(done.stdout.decode("utf-8", "replace"))


def has_sound(path: Path) -> bool:
    """Whether a file holds a sound track; raises BadInput when it cannot be read at all."""
    return re.search(r"Stream #0:\d+.*?: Audio: ", _head_of(path)) is not None


def sound_seconds(path: Path) -> float | None:
    """How long a file with a sound track lasts, in seconds; None when it does not say. Raises BadInput without one."""
    head = _head_of(path)
    if re.search(r"Stream #0:\d+.*?: Audio: ", head) is None:
        raise BadInput(f'"{path}" holds no sound; use a WAV, FLAC, MP3 or M4A file.')
    found = re.search(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", head)
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def _head_of(path: Path) -> str:
    """What ffmpeg says about a file before it does anything with it."""
    _refuse_playlists(path)
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-protocol_whitelist", "file", "-i", str(path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    return done.stderr.decode("utf-8", "replace")


def _refuse_playlists(path: Path) -> None:
    """A text file that names other files or addresses must never be followed."""
    try:
        with open_plain(path, _MOST_BYTES) as file:
            head = file.read(64).lstrip()
    except Refused as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f'"{path}" could not be read: {error.strerror}.') from error
    if head.startswith(_PLAYLISTS):
        raise BadInput(f'"{path}" is a playlist, not a video; use the video file itself.')


def _parse_tags(text: str) -> dict[str, str]:
    """ffmpeg's metadata format: ``key=value`` lines; a backslash keeps the next character, also the end of a line."""
    pairs = re.findall(r"^([^=;#\n\[]+)=((?:\\[\s\S]|[^\\\n])*)$", text, re.MULTILINE)
    return {key.lower(): re.sub(r"\\([\s\S])", r"\1", value) for key, value in pairs}
