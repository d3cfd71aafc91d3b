"""What the film shows at one of its frames: which clip, which take of it, which frame of that take."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.document.states.clip_view import ClipView
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.jobs.frames.frame_cache import FrameKey

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm


@dataclass(frozen=True, slots=True)
class Spot:
    """One film frame: ``take_frame`` of the take ``take_hash`` of the clip at ``index``; no take = nothing to show.

    ``start_key``: only without a take, the last frame of the take that the clip will go on from.
    """

    clip_id: str
    index: int
    view: ClipView
    take_hash: str | None
    take_frame: int
    key: FrameKey | None
    start_key: FrameKey | None = None


class FilmFrames:
    """Looks spots up in the open film as it is now; nothing is kept, nothing is read from the disk."""

    def __init__(self, film: "OpenFilm") -> None:
        self._document: FilmDocument = film.document
        self._playhead: Playhead = film.playhead
        self._takes: TakeIndex = film.takes
        self._states: ClipStates = film.states

    def spot(self, frame: int, take_hash: str | None = None) -> Spot | None:
        """What the film shows at ``frame``, from the take ``take_hash`` instead of the clip's own when that is given.

        None when there is no clip there.
        """
        index = self._playhead.clip_at(frame)
        clips = self._document.storyboard.clips
        if index is None or index >= len(clips):
            return None
        clip_id = clips[index].id
        view = self._states.state(clip_id)
        shown = take_hash or view.take_hash
        time = self._playhead.time.clips[index]
        number = time.first + min(max(0, frame - time.start), time.frames - 1)
        take = self._takes.get(shown) if shown else None
        if take is None:
            return Spot(clip_id, index, view, None, number, None, self.start_key(index))
        number = min(number, take.num_frames - 1)  # an older take may be shorter than the film's clips are now
        key = FrameKey(self._takes.file(take.take_hash, LOSSLESS_VIDEO), number)
        return Spot(clip_id, index, view, take.take_hash, number, key)

    def rendered_end(self) -> int | None:
        """Last film frame of the last clip that has a take; None when no clip has one."""
        clips, times = self._document.storyboard.clips, self._playhead.time.clips
        if not len(self._takes) or len(times) != len(clips):
            return None
        rendered = (k for k in reversed(range(len(clips))) if self._takes.newest_of_clip(clips[k].id) is not None)
        last = next(rendered, None)
        return None if last is None else times[last].start + times[last].frames - 1

    def start_key(self, index: int) -> FrameKey | None:
        """The last frame of the take that the clip at ``index`` goes on from; None when it starts a chain."""
        board = self._document.storyboard
        if board.starts_chain(index):
            return None
        take_hash = self._states.state(board.clips[index - 1].id).current_take
        take = self._takes.get(take_hash) if take_hash else None
        return None if take is None else FrameKey(self._takes.file(take.take_hash, LOSSLESS_VIDEO), take.num_frames - 1)

    def span(self, clip_id: str) -> tuple[int, int] | None:
        """First and last film frame of a clip; None when it is not in the film."""
        index = self._document.index(clip_id)
        clips = self._playhead.time.clips
        if index is None or index >= len(clips):
            return None
        return clips[index].start, clips[index].start + clips[index].frames - 1
