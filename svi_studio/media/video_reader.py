"""Frames of a film on disk, a few at a time, exactly as they were written when the film is a lossless one."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.media.ffmpeg import Ffmpeg, ask_ffmpeg, ffmpeg_path, read_failure
from svi_studio.media.frames import Frames
from svi_studio.media.open_media import source_arguments

_SIZE = re.compile(r"^  Stream #0:\d+.*?: Video: (\w+).*?, (\d{1,5})x(\d{1,5})[ ,\[].*?([\d.]+) fps", re.MULTILINE)
_TURN = re.compile(r"^ +(?:Display Matrix|displaymatrix): rotation of (-?[\d.]+) degrees", re.MULTILINE)
_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class VideoFacts:
    """What a film file says about itself: codec name, size in pixels as it is shown, frames a second."""

    codec: str
    width: int
    height: int
    fps: float


def probe_video(path: Path) -> VideoFacts:
    """Reads the head of a video file; raises BadInput when it is missing, broken or not a video."""
    said = _head_of(path)
    found, turn = _SIZE.search(said), _TURN.search(said)
    if found is None:
        raise read_failure(path, said.replace("At least one output file must be specified", ""))
    size = (int(found[2]), int(found[3]))
    lies = turn is not None and abs(abs(float(turn[1])) - 90) < 1
    return VideoFacts(found[1], *(size[::-1] if lies else size), float(found[4]))


def stream_frames(path: Path, *, batch: int = 16) -> Iterator[Frames]:
    """Yields the film's frames in order as uint8 ``[n, H, W, 3]`` RGB, ``n`` at most ``batch``; raises BadInput."""
    facts = probe_video(path)
    frame_bytes = facts.width * facts.height * 3
    passthrough = ["-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    ffmpeg = Ffmpeg([*source_arguments(path), *passthrough], read=True)
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
    count = ["-map", "0:v:0", "-c", "copy", "-f", "null", "-progress", "pipe:1", "-"]
    try:
        source = source_arguments(path)
    except BadInput:
        return 0
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-loglevel", "error", *source, *count]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    counted = re.findall(rb"^frame=\s*(\d+)", done.stdout, re.MULTILINE)
    return int(counted[-1]) if counted and done.returncode == 0 else 0


def _head_of(path: Path) -> str:
    """What ffmpeg says about a file before it does anything with it, without the file's name."""
    said = ask_ffmpeg(source_arguments(path), path, _PATIENCE).stderr.decode("utf-8", "replace")
    return said.replace(str(path), path.name.replace("\n", " "))
