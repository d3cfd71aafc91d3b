"""A search for a dancer in one video: its pictures and who is in them first, then the skeleton of one of them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from svi_studio.domain.errors import Stopped
from svi_studio.domain.poses.search_events import Clicks, PersonBox, SearchProgress, VideoOpened
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton
    from svi_studio.media.poses.extraction import PoseExtractor, Step


class Followed(NamedTuple):
    """The skeleton that was found, and a sentence about the video where there is something to know."""

    skeleton: "Skeleton"
    note: str = ""


class Finder(Protocol):
    """Whoever finds people in a video, in a process of its own; for one thread."""

    def people(self, video: Path, seconds: float, check: Callable[[], None]) -> tuple[PersonBox, ...]:
        """Who is in the picture at ``seconds``, best first."""
        ...

    def follow(
        self, video: Path, clicks: Clicks, tell: Callable[[SearchProgress], None], check: Callable[[], None]
    ) -> Followed:
        """Follows the person at the ``clicks``, without any whoever is seen best. Raises StudioError."""
        ...

    def close(self) -> None:
        """Ends the process."""
        ...


class PoseSearch(QObject):
    """Lives in the window's thread and never waits, except in ``close``. Answers come until then.

    ``opened`` brings a ``VideoOpened``, ``pictured`` the moment in seconds and its QImage, ``peopled`` the moment and
    who is in it, ``progress`` a ``SearchProgress``, ``found`` what was ``Followed``, ``failed`` the exception that says
    why nothing was.
    """

    opened = Signal(object)
    pictured = Signal(float, QImage)
    peopled = Signal(float, object)
    progress = Signal(object)
    found = Signal(object)
    failed = Signal(object)

    def __init__(self, video: Path, parent: QObject | None = None, finder: Finder | None = None) -> None:
        """``finder`` is for tests; None = the program's own."""
        super().__init__(parent)
        self.video = video
        self._finder = finder or NetworkFinder()
        self._given_up = threading.Event()
        self._wanted: float | None = None
        self._is_looking = False
        self._work = Background("pose search", self)

    def start(self) -> None:
        """Opens the video; ``opened`` or ``failed`` follows."""
        self._work.submit(lambda: _opened(self.video), self.opened.emit, self.failed.emit)

    def look(self, seconds: float, *, people: bool = True) -> None:
        """Wants the picture at ``seconds``, and who is in it; of many wishes in a row only the last one counts."""
        self._wanted = seconds
        if not self._is_looking:
            self._look_next(people=people)

    def search(self, clicks: Clicks) -> None:
        """Begins to follow the person at these points; ``found`` or ``failed`` comes at the end."""
        self._wanted = None
        self._work.submit(
            lambda: self._finder.follow(self.video, clicks, self.progress.emit, self._check),
            self.found.emit,
            self.failed.emit,
        )

    def close(self) -> bool:
        """Gives up what is under way and ends the thread; returns whether it has ended. Nothing is emitted any more."""
        self._given_up.set()
        ended = self._work.close()
        if ended:
            self._finder.close()
        return ended

    def _look_next(self, *, people: bool) -> None:
        seconds, self._wanted = self._wanted, None
        self._is_looking = seconds is not None
        if seconds is None:
            return

        def looked(image: QImage) -> None:
            self.pictured.emit(seconds, image)
            if people and self._wanted is None:
                self._work.submit(lambda: self._finder.people(self.video, seconds, self._check), found, failed)
            else:
                self._look_next(people=people)

        def found(boxes: tuple[PersonBox, ...]) -> None:
            self.peopled.emit(seconds, boxes)
            self._look_next(people=people)

        def failed(error: Exception) -> None:
            self._is_looking = False
            self.failed.emit(error)

        self._work.submit(lambda: _picture(self.video, seconds), looked, failed)

    def _check(self) -> None:
        if self._given_up.is_set() or thread_stops():
            raise Stopped("The search for the dancer was stopped.")


class NetworkFinder:
    """Finds people with the pose networks."""

    def __init__(self) -> None:
        self._extractor: PoseExtractor | None = None

    def people(self, video: Path, seconds: float, check: Callable[[], None]) -> tuple[PersonBox, ...]:
        """Who is in the picture at ``seconds``, best first."""
        found = self._ready().people_at(video, seconds, check)
        boxes: tuple[PersonBox, ...] = found.boxes
        return boxes

    def follow(
        self, video: Path, clicks: Clicks, tell: Callable[[SearchProgress], None], check: Callable[[], None]
    ) -> Followed:
        """Follows the person at the ``clicks``, without any whoever is seen best. Raises StudioError."""
        from svi_studio.media.poses.extraction import Click as ClickedAt  # noqa: PLC0415 - with numpy and OpenCV

        def told(step: "Step") -> None:
            numbers = () if step.body is None else tuple(round(float(each), 2) for each in step.body.ravel())
            tell(SearchProgress(step.done, step.total, numbers))

        extracted = self._ready().extract(video, [ClickedAt(*click) for click in clicks], told, check)
        return Followed(extracted.skeleton, extracted.broken)

    def close(self) -> None:
        """Ends the process."""
        if self._extractor is not None:
            self._extractor.close()
            self._extractor = None

    def _ready(self) -> "PoseExtractor":
        if self._extractor is None:
            from svi_studio.media.poses.extraction import PoseExtractor  # noqa: PLC0415 - as above

            self._extractor = PoseExtractor()
        return self._extractor


def _opened(video: Path) -> VideoOpened:
    from svi_studio.media.poses.stills import look_at_video  # noqa: PLC0415 - with numpy, when there is a video

    found = look_at_video(video)
    return VideoOpened(found.width, found.height, found.fps, found.seconds)


def _picture(video: Path, seconds: float) -> QImage:
    from svi_studio.media.poses.stills import still  # noqa: PLC0415 - as above

    return QImage.fromData(still(video, seconds))
