"""A sound file made exactly as long as the film, through moviepy, ready to be laid under it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.media.video_reader import has_sound

_SAMPLE_RATE = 48_000


def check_sound(source: Path) -> None:
    """Raise BadInput unless ``source`` is a file with sound in it; reads no more than its head."""
    if not os.path.isfile(source):  # noqa: PTH113 - False for a name that the system refuses
        raise BadInput(f'The sound "{source}" was not found.')
    if not has_sound(source):
        raise _unusable(source)


@contextmanager
def fitted_sound(source: Path | None, seconds: float, start: float = 0.0) -> Iterator[Path | None]:
    """A temporary WAV (48 kHz stereo) of ``seconds`` of ``source`` from its second ``start`` on; None without a source.

    Sound that is longer is cut; shorter sound ends early, and where it has ended before ``start`` there is silence.
    Raises BadInput when it cannot be read as sound.
    """
    if source is None:
        yield None
        return
    check_sound(source)
    with tempfile.TemporaryDirectory(prefix="svi-sound-") as folder:
        track = Path(folder) / "track.wav"
        yield track if _write_track(source, track, start, seconds) else None


def _write_track(source: Path, track: Path, start: float, seconds: float) -> bool:
    """Returns whether there is any sound from ``start`` on; without it nothing is written."""
    from moviepy.audio.io.AudioFileClip import AudioFileClip  # noqa: PLC0415 - slow to import, seldom needed

    try:
        with AudioFileClip(str(source)) as whole:
            if start >= whole.duration:
                return False
            wanted = whole.subclipped(start, min(start + seconds, whole.duration))
            wanted.write_audiofile(str(track), fps=_SAMPLE_RATE, nbytes=2, codec="pcm_s16le", logger=None)
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise _unusable(source) from error
    return True


def _unusable(source: Path) -> BadInput:
    return BadInput(f'"{source}" could not be read as sound; use a WAV, FLAC, MP3 or M4A file.')
