"""The subtitles of a film as pictures for the preview, painted by what paints them into films, in the background."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.film.subtitles import ShownCues
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.media.subtitles.painter import SubtitlePainter

_KEPT = 24
_AHEAD_SECONDS = 1.0
Texts = tuple[str, ...]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SubtitleOverlay:
    """``image`` lies on the film's picture at ``place``, whose numbers are shares of its width and height."""

    image: QImage
    place: QRectF


class SubtitlePictures(QObject):
    """``came``: a picture that was asked for is there now."""

    came = Signal()

    def __init__(self, document: FilmDocument, playhead: Playhead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._playhead = document, playhead
        self._work = Background("subtitle pictures", self)
        self._shown = ShownCues(document.storyboard.subtitles)
        self._pictures: OrderedDict[tuple[Texts, Size], SubtitleOverlay | None] = OrderedDict()
        self._waiting: set[tuple[Texts, Size]] = set()
        self._painter: SubtitlePainter | None = None
        self._painted_size: Size | None = None
        document.changed.connect(self._edited)

    def at(self, frame: int, size: Size) -> SubtitleOverlay | None:
        """What is shown over the film frame ``frame``; ``size`` is that of the film as it is watched, in pixels.

        None when nothing is, or while it is being painted.
        """
        if not self._document.storyboard.subtitles:
            return None
        fps = self._playhead.fps
        soon = self._texts(frame + round(fps * _AHEAD_SECONDS))
        self._ask(soon, size)
        texts = self._texts(frame)
        self._ask(texts, size)
        return self._pictures.get((texts, size))

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _texts(self, frame: int) -> Texts:
        return tuple(cue.text for cue in self._shown.in_frame(frame, self._playhead.fps) if cue.text.strip())

    def _ask(self, texts: Texts, size: Size) -> None:
        key = (texts, size)
        if not texts or key in self._pictures or key in self._waiting:
            return
        self._waiting.add(key)
        self._work.submit(lambda: self._paint(texts, size), lambda found: self._take(key, found))

    def _paint(self, texts: Texts, size: Size) -> Any:
        """In the thread, which alone has the painter."""
        from svi_studio.media.subtitles.painter import SubtitlePainter  # noqa: PLC0415 - for a thread

        if self._painter is None or self._painted_size != size:
            self._painter, self._painted_size = SubtitlePainter(*size), size
        picture = self._painter.picture(texts)
        if picture is None:
            return None
        height, width = picture.pixels.shape[:2]
        image = QImage(picture.pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        place = QRectF(picture.left / size[0], picture.top / size[1], width / size[0], height / size[1])
        return SubtitleOverlay(image, place)

    def _take(self, key: tuple[Texts, Size], found: SubtitleOverlay | None) -> None:
        self._waiting.discard(key)
        self._pictures[key] = found
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.came.emit()

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        if change.before.subtitles != change.after.subtitles:
            self._shown = ShownCues(change.after.subtitles)
