"""Where the film stands: the frame shown, the range between in and out, and how fast it plays."""

from bisect import bisect_right

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.film.film_time import FilmTime, film_time, storyboard_time
from svi_studio.domain.film.storyboard import Storyboard


class Playhead(QObject):
    """A place in film time: trimmed frames from 0. ``time`` is the film's time line, kept from the document.

    ``rate``: 0 stands, 1 plays, 2, 4 and 8 faster, negative backwards. Whoever plays moves it with ``set_frame``.
    """

    moved = Signal(int)
    range_changed = Signal()
    rate_changed = Signal(float)
    time_changed = Signal()

    def __init__(
        self, document: FilmDocument, num_frames: int = 81, fps: float | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._num_frames, self._fps = num_frames, fps
        self._time = storyboard_time(document.storyboard, num_frames, fps)
        self._starts: list[int] | None = None
        self._frame = 0
        self._in: int | None = None
        self._out: int | None = None
        self._rate = 0.0
        document.changed.connect(self._follow)

    @property
    def time(self) -> FilmTime:
        """The film's time line as it is now."""
        return self._time

    @property
    def frame(self) -> int:
        """The film frame shown: 0 up to the last frame of the film."""
        return self._frame

    @property
    def in_frame(self) -> int | None:
        """First frame of the chosen range; None = from the start."""
        return self._in

    @property
    def out_frame(self) -> int | None:
        """Last frame of the chosen range, itself included; None = to the end."""
        return self._out

    @property
    def rate(self) -> float:
        """How fast the film plays; 0 when it stands."""
        return self._rate

    @property
    def last_frame(self) -> int:
        """The film's last frame; 0 when there are no clips."""
        return max(0, self._time.frames - 1)

    def clip_at(self, frame: int) -> int | None:
        """Index of the clip that shows the film frame ``frame``; None when there are no clips."""
        if not self._time.clips:
            return None
        if self._starts is None:
            self._starts = [clip.start for clip in self._time.clips]
        return max(0, bisect_right(self._starts, frame) - 1)

    def set_frame(self, frame: int) -> None:
        """Goes to a film frame, or to the nearest one there is."""
        frame = min(max(0, frame), self.last_frame)
        if frame != self._frame:
            self._frame = frame
            self.moved.emit(frame)

    def set_in(self, frame: int | None) -> None:
        """Starts the range at ``frame``, None = at the start; an out point before it is forgotten."""
        self._set_range(frame, None if frame is not None and self._out is not None and self._out < frame else self._out)

    def set_out(self, frame: int | None) -> None:
        """Ends the range with ``frame``, None = at the end; an in point after it is forgotten."""
        self._set_range(None if frame is not None and self._in is not None and self._in > frame else self._in, frame)

    def clear_range(self) -> None:
        """Clears the in point and the out point."""
        self._set_range(None, None)

    def set_rate(self, rate: float) -> None:
        """Sets how fast the film plays: 0 stops it, negative plays backwards."""
        if rate != self._rate:
            self._rate = rate
            self.rate_changed.emit(rate)

    @property
    def num_frames(self) -> int:
        """Frames of one clip."""
        return self._document.storyboard.num_frames or self._num_frames

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self._time.fps

    @property
    def seconds_per_clip(self) -> float:
        """How much longer one more clip makes the film, in seconds."""
        one, two = (
            film_time([True, False][:clips], self.num_frames, self._document.storyboard.profile_to_show, self.fps)
            for clips in (1, 2)
        )
        return two.seconds - one.seconds

    def set_model(self, num_frames: int, fps: float | None) -> None:
        """Sets the frames that the model makes a clip, ``num_frames``, and the ``fps``, None = the family's."""
        if (num_frames, fps) != (self._num_frames, self._fps):
            self._num_frames, self._fps = num_frames, fps
            self._measure()

    @Slot(object)
    def _follow(self, change: StoryboardChange) -> None:
        if _decides_time(change.before) != _decides_time(change.after):
            self._measure()

    def _measure(self) -> None:
        self._time = storyboard_time(self._document.storyboard, self._num_frames, self._fps)
        self._starts = None
        last = self.last_frame
        self._set_range(*(None if point is None else min(point, last) for point in (self._in, self._out)))
        self.time_changed.emit()
        self.set_frame(self._frame)

    def _set_range(self, first: int | None, last: int | None) -> None:
        first, last = (None if point is None else min(max(0, point), self.last_frame) for point in (first, last))
        if (first, last) != (self._in, self._out):
            self._in, self._out = first, last
            self.range_changed.emit()


def _decides_time(storyboard: Storyboard) -> tuple[object, ...]:
    """What decides the time line of a film besides its model."""
    shown = (storyboard.family, storyboard.advance, storyboard.num_frames)
    return (*shown, [(clip.cut, clip.end, clip.start_video is None, clip.meets_next) for clip in storyboard.clips])
