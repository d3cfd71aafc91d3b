"""How far the picture jumps where two takes meet: measured in a thread, from frames that show one moment at the cut."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.film.family import FamilyProfile, family_to_show
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.jobs.threads.background import Background
from svi_studio.media.frame_reader import FrameReader

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.media.frames import Frames

MOST = 500  # joins that are remembered


class ClipJoins(NamedTuple):
    """Mean change in levels (0 to 255) to the clip before and to the next one; None = not measured, or no join."""

    before: float | None = None
    behind: float | None = None


class Joins(QObject):
    """``measured`` says that ``of_clip`` knows more now. Its thread ends with the film."""

    measured = Signal()

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._work = Background("joins", self)
        self._levels: OrderedDict[tuple[str, str, bool], float | None] = OrderedDict()
        film.closing.connect(self.close)

    def of_clip(self, clip_id: str) -> ClipJoins:
        """How the take that the clip shows joins those that its neighbours in the chain show."""
        board, index = self._film.document.storyboard, self._film.document.index(clip_id)
        if index is None:
            return ClipJoins()
        goes_on = index + 1 < len(board.clips) and not board.starts_chain(index + 1)
        before = None if board.starts_chain(index) else self._between(index - 1)
        return ClipJoins(before, self._between(index) if goes_on else None)

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _between(self, index: int) -> float | None:
        board, states, takes = self._film.document.storyboard, self._film.states, self._film.takes
        one, other = (takes.get(states.state(board.clips[at].id).current_take or "") for at in (index, index + 1))
        if one is None or other is None:
            return None
        is_met = board.is_met(index + 1)
        pair = (one.take_hash, other.take_hash, is_met)
        if pair not in self._levels:
            self._levels[pair] = None
            while len(self._levels) > MOST:
                self._levels.popitem(last=False)
            last, first = same_moment(family_to_show(other.job.family), one.num_frames, is_met=is_met)
            ends = (takes.file(one.take_hash, LOSSLESS_VIDEO), last)
            begins = (takes.file(other.take_hash, LOSSLESS_VIDEO), first)
            self._work.submit(
                lambda: measured_jump(ends, begins), lambda found: self._keep(pair, found), lambda _error: None
            )
        return self._levels[pair]

    def _keep(self, pair: tuple[str, str, bool], levels: float) -> None:
        self._levels[pair] = levels
        self.measured.emit()


def same_moment(profile: FamilyProfile, num_frames: int, *, is_met: bool) -> tuple[int, int]:
    """The frames, from 0, of a take of ``num_frames`` frames and of the next one that show one moment at their cut.

    Where the film gives up the earlier take's tail, that is the next take's first frame, else the earlier one's last.
    ``is_met``: the earlier one was led to the next one, and is shown to its end.
    """
    if profile.join == "drop_tail" and not is_met:
        return max(0, num_frames - profile.trimmed_frames), 0
    return num_frames - 1, profile.known_frames - 1


def measured_jump(one: tuple[Path, int], other: tuple[Path, int]) -> float:
    """Mean absolute difference, in levels, of two frames of takes' lossless videos, by number from 0.

    As the figure ``seam`` of a take's continuity. For a thread. Raises BadInput when one cannot be read.
    """
    import numpy as np  # noqa: PLC0415 - only here, and not at the start of the program

    first, second = (_frame(*each) for each in (one, other))
    if first.shape != second.shape:
        return 255.0
    return float((np.maximum(first, second) - np.minimum(first, second)).mean())


def _frame(video: Path, number: int) -> Frames:
    with FrameReader(video) as reader:
        return reader.read(number)
