"""The mixed sound of a film, or of a part of it, as ffmpeg takes it: exactly as long as its frames."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from svi_studio.disk.publish import part_path, remove
from svi_studio.domain.errors import from_os_error
from svi_studio.domain.film.sound_time import sample_of
from svi_studio.media.sounds.mix import FilmMix


@contextmanager
def mixed_track(
    mix: FilmMix, first: int, frames: int, target: Path, go_on: Callable[[], None] | None = None
) -> Iterator[Path]:
    """A file of raw float32 samples (48 kHz, stereo) of ``frames`` film frames from ``first`` on, gone afterwards.

    It lies beside the film that is to be written at ``target``: hours of sound may not fit where the system keeps
    temporary files. ``go_on`` is called every few seconds of sound and may raise to give up. Raises DiskFull or
    StudioError.
    """
    track = part_path(target.with_suffix(".f32"))
    try:
        try:
            with track.open("xb") as file:
                for block in mix.blocks(sample_of(first, mix.rate), sample_of(first + frames, mix.rate)):
                    if go_on is not None:
                        go_on()
                    file.write(block.astype("<f4", copy=False).tobytes())
        except OSError as error:
            raise from_os_error(error, target) from error
        yield track
    finally:
        remove(track)
