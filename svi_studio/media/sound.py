"""A sound file made exactly as long as the film, ready to be laid under it."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from svi_studio.domain.errors import BadInput, from_os_error
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.ffmpeg import Ffmpeg, ask_ffmpeg
from svi_studio.media.open_media import source_arguments

RAW_SOUND = ("-f", "f32le", "-ar", str(SAMPLE_RATE), "-ch_layout", "stereo")
"""How ffmpeg reads a track: samples and nothing else, since the header of a WAV holds no more than three hours."""

_FRAME_BYTES = 8  # two channels of four bytes
_PIECE = SAMPLE_RATE * _FRAME_BYTES  # a second
_FIRST_TRACK = ["-map", "0:a:0"]
_QUIET = ["-loglevel", "error"]
_FROM_THE_START = ["-af", "aresample=async=1:first_pts=0"]  # silence where a video's sound begins after its picture


def check_sound(source: Path) -> None:
    """Raises BadInput unless ``source`` is a file with sound in it; decodes no more than its first moment."""
    if not os.path.isfile(source):  # noqa: PTH113 - False for a name that the system refuses
        raise BadInput(f'The sound "{source}" was not found.')
    first = ["-frames:a", "1", "-f", "f32le", "-ac", "2", "pipe:1"]
    done = ask_ffmpeg([*_QUIET, *source_arguments(source), *_FIRST_TRACK, *first], source)
    if done.returncode != 0 or not done.stdout:
        raise _unusable(source, done.stderr.decode("utf-8", "replace"))


def sound_seconds(source: Path) -> float:
    """How long the sound in a file lasts, in seconds, whatever the file says of it. Raises BadInput without any."""
    check_sound(source)
    count = [*_FIRST_TRACK, "-c", "copy", "-f", "null", "-progress", "pipe:1", "-"]
    done = ask_ffmpeg([*_QUIET, *source_arguments(source), *count], source)
    times = re.findall(rb"^out_time_us=(\d+)", done.stdout, re.MULTILINE)
    if not times:
        raise _unusable(source, done.stderr.decode("utf-8", "replace"))
    return int(times[-1]) / 1_000_000


@contextmanager
def fitted_sound(source: Path | None, seconds: float, start: float = 0.0) -> Iterator[Path | None]:
    """A temporary track (48 kHz, stereo, ``RAW_SOUND``) of ``seconds`` of ``source`` from its second ``start`` on.

    None without a source, and where the sound has ended before ``start``. Longer sound is cut; shorter sound ends
    early. Samples that are no number are silent. Raises BadInput when it cannot be read as sound, DiskFull or
    StudioError when the track cannot be written.
    """
    if source is None:
        yield None
        return
    check_sound(source)
    with tempfile.TemporaryDirectory(prefix="svi-sound-") as folder:
        track = Path(folder) / "track.f32"
        first, last = round(start * SAMPLE_RATE), round((start + seconds) * SAMPLE_RATE)
        yield track if _write_track(source, track, first, last) else None


def _write_track(source: Path, track: Path, first: int, last: int) -> bool:
    """Writes the samples ``first`` up to ``last``; returns whether there is any. A file that breaks off ends early."""
    decoded = [*_FIRST_TRACK, *_FROM_THE_START, "-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "pipe:1"]
    ffmpeg = Ffmpeg([*source_arguments(source), *decoded], read=True)
    try:
        with track.open("wb") as file:
            return _copy(ffmpeg, file, first, last)
    except OSError as error:
        raise from_os_error(error, track) from error
    finally:
        ffmpeg.kill()


def _copy(ffmpeg: Ffmpeg, file: BinaryIO, first: int, last: int) -> bool:
    """Sound is decoded from its start on: a place that is sought in a compressed file is off by many samples."""
    at, written = 0, 0
    while at < last and (piece := ffmpeg.pipe_out.read(_PIECE)):
        samples = np.frombuffer(piece[: len(piece) // _FRAME_BYTES * _FRAME_BYTES], "<f4").reshape(-1, 2)
        shown = samples[max(first - at, 0) : last - at]
        file.write(_within_full_scale(shown))
        at, written = at + len(samples), written + len(shown)
    return written > 0


def _within_full_scale(samples: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> bytes:
    sound = np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
    return sound.astype("<f4").tobytes()


def _unusable(source: Path, complaints: str = "") -> BadInput:
    if "matches no streams" in complaints:
        return BadInput(f'"{source}" has no sound in it: use a WAV, FLAC, MP3 or M4A file, or a video with sound.')
    if "Rematrix" in complaints:
        return BadInput(f'"{source}" has more channels than can be mixed to two: save it in stereo.')
    return BadInput(f'"{source}" could not be read as sound: use a WAV, FLAC, MP3 or M4A file.')
