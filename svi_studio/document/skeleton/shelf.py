"""The skeletons of a film's pieces: read once in a thread, kept at the film's own frame rate."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.poses.time_edits import resampled
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm

MOST = 24
"""So many files are kept beside those that the film uses."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file: the skeleton ``as_found``, and ``in_film`` with one frame a film frame; or the ``problem`` with it."""

    as_found: Skeleton | None = None
    in_film: Skeleton | None = None
    problem: str = ""

    @property
    def film_frames(self) -> int | None:
        """How many film frames it lasts; None for one that cannot be read."""
        return None if self.in_film is None else self.in_film.num_frames


class SkeletonShelf(QObject):
    """``changed`` carries the path below the film's folder of a file that is known now, or known otherwise."""

    changed = Signal(str)

    def __init__(self, film: "OpenFilm", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._playhead = film.document, film.playhead
        self._known: OrderedDict[str, Shelved] = OrderedDict()
        self._reading: set[tuple[str, Fraction]] = set()
        self._fps = frame_rate(film.playhead.fps)
        self._work = Background("skeletons", self)
        film.playhead.time_changed.connect(self._follow_rate)

    @property
    def fps(self) -> Fraction:
        """Frames a second of the film."""
        return self._fps

    def find(self, file: str) -> Shelved | None:
        """What is known of the file at that path below the film's folder; None while it is being read."""
        found = self._known.get(file)
        if found is None:
            self._read(file, None)
        else:
            self._known.move_to_end(file)
        return found

    def read(self, path: Path, then: Callable[[Skeleton], object], failed: Callable[[str], object]) -> None:
        """Reads a skeleton anywhere; ``failed`` gets the sentence that says why it cannot be used."""
        self._work.submit(lambda: _read_file(path), then, lambda error: failed(sentence_of(error)))

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _read(self, file: str, known: Skeleton | None) -> None:
        asked, document = (file, self._fps), self._document
        if asked in self._reading:
            return
        self._reading.add(asked)

        def read() -> Shelved:
            skeleton = _read_file(document.file(file)) if known is None else known
            return Shelved(skeleton, resampled(skeleton, asked[1]))

        self._work.submit(
            read, lambda found: self._keep(asked, found), lambda error: self._keep(asked, _failure(error))
        )

    def _keep(self, asked: tuple[str, Fraction], found: Shelved) -> None:
        self._reading.discard(asked)
        file, fps = asked
        if fps != self._fps:
            self._read(file, found.as_found)
            return
        self._known[file] = found
        used = {piece.file for piece in track_of(self._document.storyboard, InputKind.SKELETON).pieces}
        for old in [each for each in self._known if each not in used][:-MOST]:
            del self._known[old]
        self.changed.emit(file)

    @Slot()
    def _follow_rate(self) -> None:
        """Reads all anew for a film of another frame rate."""
        fps = frame_rate(self._playhead.fps)
        if fps != self._fps:
            self._fps = fps
            known, self._known = self._known, OrderedDict()
            for file, shelved in known.items():
                self._read(file, shelved.as_found)


def frame_rate(fps: float) -> Fraction:
    """Frames a second as a fraction, with those of television as they are meant."""
    return Fraction(fps).limit_denominator(1001)


def sentence_of(error: Exception) -> str:
    """Why a skeleton cannot be used, for the user."""
    told = as_studio_error(error)
    if told is None:
        logging.getLogger(__name__).error("a skeleton could not be used", exc_info=error)
    words = QCoreApplication.translate("Skeleton", "This skeleton cannot be used: choose another file.")
    return str(told or words)


def _failure(error: Exception) -> Shelved:
    return Shelved(problem=sentence_of(error))


def _read_file(path: Path) -> Skeleton:
    from svi_studio.media.poses.opening import open_poses  # noqa: PLC0415 - with numpy and OpenCV, when one is there

    return open_poses(path)
