"""A film with its subtitles drawn into the picture, frame by frame, on the way to the file."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from svi_studio.domain.film.subtitles import Cue, ShownCues
from svi_studio.media.film_writer import FilmWriter
from svi_studio.media.frames import Frames, check_frames
from svi_studio.media.subtitles.painter import SubtitlePainter
from svi_studio.media.subtitles.subtitle_file import subtitle_text


class BurningWriter(FilmWriter):
    """Hands frames on to ``inner``, which takes them ``enlarge`` times as large and enlarges them no more.

    The letters are drawn on the enlarged picture: on a small film they could not be read.
    """

    def __init__(
        self, inner: FilmWriter, cues: Sequence[Cue], *, width: int, height: int, fps: float, enlarge: int
    ) -> None:
        self._inner, self._fps, self._enlarge = inner, fps, enlarge
        self._shape = (height, width, 3)
        self._cues = ShownCues(cues)
        self._painter = SubtitlePainter(width * enlarge, height * enlarge)
        self._written = 0

    def write(self, frames: Frames) -> None:
        """Adds frames ``[n, H, W, 3]``, RGB, 0 to 255. Raises as the writer behind it does."""
        check_frames(frames, self._shape)
        for frame in frames:
            texts = [cue.text for cue in self._cues.in_frame(self._written, self._fps)]
            large = frame.repeat(self._enlarge, axis=0).repeat(self._enlarge, axis=1)
            self._inner.write(self._painter.draw_on(np.ascontiguousarray(large)[None], texts))
            self._written += 1

    def close(self) -> None:
        """Finishes the film behind it."""
        self._inner.close()

    def discard(self) -> None:
        """Stops; nothing stays."""
        self._inner.discard()


class OpenWriter(Protocol):
    """Opens the film for frames of that size, which it enlarges."""

    def __call__(self, *, width: int, height: int, enlarge: int) -> FilmWriter:
        """The writer, not entered yet."""


def burning_writer(
    open_film: OpenWriter, cues: Sequence[Cue], *, size: tuple[int, int], fps: float, enlarge: int
) -> FilmWriter:
    """The film's writer, for frames of ``size`` (width, height), with ``cues`` drawn into it; itself without any."""
    width, height = size
    if not cues:
        return open_film(width=width, height=height, enlarge=enlarge)
    inner = open_film(width=width * enlarge, height=height * enlarge, enlarge=1)
    return BurningWriter(inner, cues, width=width, height=height, fps=fps, enlarge=enlarge)


@contextmanager
def subtitle_track(cues: Sequence[Cue], seconds: float) -> Iterator[Path | None]:
    """A temporary SRT file of the cues of a film of so many seconds; None without any."""
    end = round(seconds * 1000)
    inside = [cue for cue in cues if cue.start < end]
    if not inside:
        yield None
        return
    fitted = [Cue(start=cue.start, stop=min(cue.stop, end), text=cue.text) for cue in inside]
    with tempfile.TemporaryDirectory(prefix="svi-subtitles-") as folder:
        file = Path(folder) / "track.srt"
        file.write_text(subtitle_text(fitted, ".srt"), encoding="utf-8", newline="\n")
        yield file
