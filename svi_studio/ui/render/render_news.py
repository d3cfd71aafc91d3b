"""Shows what the renderer of a film does outside the panels: in the status line, on small pictures, on the desktop."""

from collections.abc import Set

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.render.film_render import FilmRender
from svi_studio.document.render.queue_state import QueueState
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.desktop.notifications import Notifications
from svi_studio.ui.window.status_line import StatusLine


class RenderNews(QObject):
    """Lives as long as ``render``."""

    def __init__(
        self,
        document: FilmDocument,
        render: FilmRender,
        *,
        status: StatusLine,
        thumbnails: Thumbnails,
        notifications: Notifications,
    ) -> None:
        super().__init__(render)
        self._document, self._render, self._queue = document, render, render.queue
        self._status, self._thumbnails, self._notifications = status, thumbnails, notifications
        for signal in (self._queue.changed, self._queue.clip_changed, self._queue.item_changed):
            signal.connect(self._show_status)
        self._queue.preview.connect(self._show_preview)
        render.clips_told.connect(self._drop_pictures)
        render.clip_done.connect(self._clip_done)
        render.film_done.connect(notifications.film_done)
        render.failed.connect(notifications.failed)

    @Slot()
    def _show_status(self) -> None:
        item = self._queue.current
        if item is None:
            self._status.show_part("render", "")
            return
        if self._queue.state is QueueState.PAUSED:
            self._status.show_part("render", self.tr("Rendering is paused"), "pause", "warn")
            return
        number = self._render.clip_number
        said = self.tr("Rendering") if number is None else self.tr("Rendering clip {number}").format(number=number)
        activity = self._queue.clip_activity.get(self._queue.current_clip or "")
        done = item.finished_clips + (activity.progress if activity is not None else 0.0)
        self._status.show_part("render", said, "play", "accent", min(1.0, done / max(1, item.request.clips)))

    @Slot(str, int, object)
    def _show_preview(self, clip_id: str, _step: int, jpeg: bytes) -> None:
        self._thumbnails.set_live(clip_id, QImage.fromData(jpeg))

    @Slot(object)
    def _drop_pictures(self, clip_ids: Set[str]) -> None:
        """Clips that are not made now show their takes again."""
        for clip_id in clip_ids:
            told = self._queue.clip_activity.get(clip_id)
            if told is None or told.state is not ClipState.RENDERING:
                self._thumbnails.set_live(clip_id, None)

    @Slot(int)
    def _clip_done(self, number: int) -> None:
        board = self._document.storyboard
        self._notifications.clip_done(number, len(board.clips), board.title)
