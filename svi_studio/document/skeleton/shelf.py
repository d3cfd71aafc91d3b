"""The skeletons of a film's pieces: read once in a thread, kept at the film's own frame rate."""

import logging
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.skeleton.drawn_pictures import MOST_BYTES, DrawnPictures
from svi_studio.document.skeleton.keeping import ENDINGS
from svi_studio.document.skeleton.pose import Pose, pose_of
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import BadInput, Stopped, as_studio_error
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.film.track_rate import held_frames
from svi_studio.domain.poses.film_place import Size
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from svi_studio.domain.poses.skeleton import Skeleton

PICTURE_HEIGHT = 240
"""Of a drawn skeleton, in pixels."""

_DRAWN_ABOVE = 40  # levels: compressed black is not quite black

MOST = 24
"""So many files are kept beside those that the film uses."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file: the skeleton ``as_found``, and ``in_film`` with one frame a film frame; or the ``problem`` with it."""

    as_found: "Skeleton | None" = None
    in_film: "Skeleton | None" = None
    problem: str = ""
    pictures: DrawnPictures | None = None
    """Instead of a skeleton: a drawn one's pictures, small."""
    frames: Sequence[int] = ()
    """Of a drawn one: which frame of its video each film frame shows."""
    canvas: Size = (1, 1)
    """(width, height) in pixels of what the skeleton, or a drawn one, lies on."""
    gaps: tuple[tuple[int, int], ...] = ()
    """Film frames of the file, from and up to, in which nobody is seen."""
    upright: tuple[float, float] = (0.0, 1.0)
    """Between which heights of the canvas, in pixels from the top, nearly all joints lie."""
    across: tuple[float, float] = (0.0, 1.0)
    """The same from the left, of a drawn skeleton."""
    held: int = 0
    """Film frames past its end in which its last pose stands."""

    @property
    def film_frames(self) -> int | None:
        """How many film frames it lasts; None for one that cannot be read."""
        return len(self.frames) or None if self.in_film is None else self.in_film.num_frames

    def pose(self, frame: int) -> Pose | None:
        """What film frame ``frame`` of the file shows; None where it has none."""
        last = (self.film_frames or 0) - 1
        frame = last if last < frame <= last + self.held else frame
        if self.in_film is not None and 0 <= frame < self.in_film.num_frames:
            return pose_of(self.in_film, frame)
        if self.pictures is not None and 0 <= frame < len(self.frames):
            return Pose(self.canvas, (), picture=self.pictures.picture(self.frames[frame]))
        return None


class SkeletonShelf(QObject):
    """``changed`` carries the path below the film's folder of a file that is known now, or known otherwise."""

    changed = Signal(str)

    def __init__(self, document: FilmDocument, playhead: Playhead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._playhead = document, playhead
        self._known: OrderedDict[str, Shelved] = OrderedDict()
        self._reading: set[tuple[str, Fraction]] = set()
        self._fps = frame_rate(playhead.fps)
        self._work = Background("skeletons", self)
        playhead.time_changed.connect(self._follow_rate)

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

    @Slot()
    def read_again(self) -> None:
        """Reads what could not be read: files that were missing are there now."""
        for file in [file for file, known in self._known.items() if known.problem]:
            del self._known[file]
            self._read(file, None)

    def read(self, path: Path, then: "Callable[[Skeleton], None]", failed: Callable[[str], None]) -> None:
        """Reads a skeleton anywhere; ``failed`` gets the sentence that says why it cannot be used."""
        self._work.submit(lambda: read_file(path), then, lambda error: failed(sentence_of(error)))

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _read(self, file: str, known: "Skeleton | None") -> None:
        asked, document = (file, self._fps), self._document
        if asked in self._reading:
            return
        self._reading.add(asked)

        def read() -> Shelved:
            from svi_studio.domain.poses.time_edits import resampled  # noqa: PLC0415 - with numpy, for a skeleton

            path = document.file(file)
            if known is None and path.suffix.lower() not in ENDINGS:
                return _drawn(path, asked[1])
            skeleton = read_file(path) if known is None else known
            return shelved(skeleton, resampled(skeleton, asked[1]))

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
        self._thin_pictures()
        self.changed.emit(file)

    def _thin_pictures(self) -> None:
        """Leaves no more pictures of drawn skeletons than all of them together may be."""
        drawn = [known.pictures for known in self._known.values() if known.pictures is not None]
        while sum(each.num_bytes for each in drawn) > MOST_BYTES:
            if not max(drawn, key=lambda each: each.num_bytes).thin():
                return

    @Slot()
    def _follow_rate(self) -> None:
        """Reads all anew for a film of another frame rate."""
        fps = frame_rate(self._playhead.fps)
        if fps != self._fps:
            self._fps = fps
            known, self._known = self._known, OrderedDict()
            for file, shelved in known.items():
                self._read(file, shelved.as_found)


def shelved(as_found: "Skeleton", in_film: "Skeleton") -> Shelved:
    """What everybody who shows a skeleton needs to know of it."""
    import numpy as np  # noqa: PLC0415 - when there is a skeleton

    from svi_studio.domain.poses.skeleton import SEEN_ABOVE  # noqa: PLC0415 - as above
    from svi_studio.domain.poses.time_edits import runs  # noqa: PLC0415 - as above

    heights = in_film.body[in_film.body[..., 2] > SEEN_ABOVE][:, 1]
    ends = np.percentile(heights, (1, 99)) if len(heights) else (0, in_film.height)
    top, bottom = float(ends[0]), max(float(ends[1]), float(ends[0]) + 1)
    canvas = (in_film.width, in_film.height)
    gaps, held = tuple(runs(~in_film.has_person)), held_frames(float(in_film.fps))
    return Shelved(as_found, in_film, canvas=canvas, gaps=gaps, upright=(top, bottom), held=held)


def _drawn(path: Path, fps: Fraction) -> Shelved:
    """A drawn skeleton: what of its video each film frame shows, as the model sees it. Raises StudioError."""
    import numpy as np  # noqa: PLC0415 - when there is one

    from svi_studio.media.poses.stills import small_frames  # noqa: PLC0415 - when there is one
    from svi_studio.media.poses.video_times import video_times  # noqa: PLC0415 - as above
    from svi_studio.media.video_reader import probe_video  # noqa: PLC0415 - as above

    facts, times = probe_video(path), video_times(path)
    frames = array("q", (times.shown_at(number / fps) for number in range(times.frames_at(fps))))
    pictures, wanted, brightest = DrawnPictures(), set(frames), None
    for number, frame in enumerate(small_frames(path, PICTURE_HEIGHT)):
        if thread_stops():
            raise Stopped("Reading the skeleton was stopped.")
        if number in wanted:
            high, wide = frame.shape[:2]
            pictures.add(number, QImage(frame.tobytes(), wide, high, wide * 3, QImage.Format.Format_RGB888))
            level = frame.max(axis=2)
            brightest = level if brightest is None else np.maximum(brightest, level)
    if brightest is None:
        raise BadInput(f'"{path}" has no pictures: choose another video.')
    across, upright = (_lit(brightest.max(axis=axis), side) for axis, side in ((0, facts.width), (1, facts.height)))
    size = (facts.width, facts.height)
    held = held_frames(float(fps))
    return Shelved(pictures=pictures, frames=frames, canvas=size, across=across, upright=upright, held=held)


def _lit(levels: "NDArray[np.uint8]", pixels: int) -> tuple[float, float]:
    """From where to where anything is drawn along a side of ``pixels``, of which ``levels`` are a small copy."""
    import numpy as np  # noqa: PLC0415 - when there is a drawn skeleton

    places = np.flatnonzero(levels > _DRAWN_ABOVE)
    if not len(places):
        return 0.0, float(pixels)
    step = pixels / len(levels)
    return float(places[0] * step), float((places[-1] + 1) * step)


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


def read_file(path: Path) -> "Skeleton":
    """A skeleton of this program. Raises StudioError."""
    from svi_studio.media.poses.skeleton_file import read_skeleton  # noqa: PLC0415 - with numpy, for a skeleton

    return read_skeleton(path)
