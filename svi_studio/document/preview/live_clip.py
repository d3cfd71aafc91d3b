"""The clip that is being made: its newest preview, and how far it is."""

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.render.queue import RenderQueue
from svi_studio.document.render.queue_state import QueueState
from svi_studio.domain.render.clip_state import ClipState

translate = QCoreApplication.translate


class LiveClip(QObject):
    """Follows the render queue. ``clip_id`` is None while no film is being made.

    ``image``: the newest preview, None before the first one. ``progress``: 0..1 of the clip's steps. ``text``: how far
    the clip is, in a few words. How long the render still takes is said in one place, the render bar.
    """

    changed = Signal()
    began = Signal(str)
    """Another clip is being made from now on."""

    def __init__(self, queue: RenderQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._step_text = ""
        self._loading = ""
        self.clip_id: str | None = None
        self.image: QImage | None = None
        self.progress = 0.0
        queue.clip_changed.connect(self._clip_changed)
        queue.changed.connect(self._queue_changed)
        queue.preview.connect(self._preview)
        queue.loading.connect(self._loads)
        self._queue_changed()

    @property
    def text(self) -> str:
        """``Step 7 of 20``, or what takes long before the first step."""
        if self._queue.state is QueueState.PAUSED:
            return translate("Preview", "Paused")
        return self._loading if self.progress == 0 and self._loading else self._step_text

    @Slot(str)
    def _clip_changed(self, clip_id: str) -> None:
        activity = self._queue.clip_activity.get(clip_id)
        if activity is not None and activity.state == ClipState.RENDERING:
            self._follow(clip_id)
            self._loading = ""  # a clip begins when the model is there
            self.progress, self._step_text = activity.progress, activity.message
            self.changed.emit()
        elif clip_id == self.clip_id and self._queue.current is None:
            self._follow(None)

    @Slot()
    def _queue_changed(self) -> None:
        making = [k for k, activity in self._queue.clip_activity.items() if activity.state == ClipState.RENDERING]
        if not making:  # between two clips of a film the last one stays in sight
            self._follow(self.clip_id if self._queue.current is not None else None)
        elif self.clip_id not in making:
            self._clip_changed(making[0])
        else:
            self.changed.emit()

    @Slot(str, int, object)
    def _preview(self, clip_id: str, _step: int, picture: bytes) -> None:
        image = QImage.fromData(picture)
        if clip_id == self.clip_id and not image.isNull():
            self.image = image
            self.changed.emit()

    @Slot(str)
    def _loads(self, text: str) -> None:
        self._loading = text
        self.changed.emit()

    def _follow(self, clip_id: str | None) -> None:
        if clip_id == self.clip_id:
            return
        self.clip_id, self.image, self.progress = clip_id, None, 0.0
        self._step_text = ""
        if clip_id is None:
            self._loading = ""
        self.changed.emit()
        if clip_id is not None:
            self.began.emit(clip_id)
