"""Follows the render queue and its worker, and keeps one value that says how things stand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.render.bar_status import ClipNow, QueueNow
from svi_studio.document.render.queue_state import AfterThis, QueueState
from svi_studio.domain.render.request import QueuedRender, QueueStatus
from svi_studio.domain.render.request_update import clips_that_fall
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue

_TICK_MS = 2000  # the time left shrinks also while a long step runs
_FINE = {ProcessState.RENDERING, ProcessState.IDLE, ProcessState.PAUSED}


class QueueWatch(QObject):
    """``now`` is how things stand, ``failure`` why the last render failed until another one begins or it is removed."""

    changed = Signal()

    def __init__(self, queue: "RenderQueue", document: FilmDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = QueueNow()
        self.failure = ""
        self._failed_id = ""
        self._queue, self._document = queue, document
        self._loading = ""
        self._notice = ""
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._look)
        document.changed.connect(self._film_edited)
        queue.changed.connect(self._look)
        queue.item_changed.connect(self._look)
        queue.clip_changed.connect(self._clip_changed)
        queue.loading.connect(self._keep_loading)
        queue.notice.connect(self._keep_notice)
        queue.film_ended.connect(self._film_ended)
        queue.service.state_changed.connect(self._state_changed)
        self._look()

    @Slot()
    def _clip_changed(self) -> None:
        if self._queue.steps[0]:
            self._notice = ""
        self._look()

    @Slot(object)
    def _state_changed(self, state: ProcessState) -> None:
        if state in _FINE:
            self._notice = self._loading = ""
        self._look()

    @Slot()
    def _film_edited(self) -> None:
        """Updates the number of the clip under way, which an edit may have moved."""
        if self._queue.current is not None:
            self._look()

    @Slot(str)
    def _keep_loading(self, text: str) -> None:
        self._loading = text
        self._look()

    @Slot(str)
    def _keep_notice(self, sentence: str) -> None:
        self._notice = sentence
        self._look()

    @Slot(object)
    def _film_ended(self, end: FilmEnded) -> None:
        if end.outcome is Outcome.FAILED:
            self.failure, self._failed_id = end.sentence, end.request_id
        self._look()

    @Slot()
    def _look(self) -> None:
        queue, item = self._queue, self._queue.current
        if item is not None or queue.item(self._failed_id) is None:
            self.failure = ""
        shown = item or self._held()
        waiting = sum(each.status is QueueStatus.WAITING for each in queue.items)
        self.now = QueueNow(
            worker=queue.service.state,
            item=shown,
            clip=clip_now(queue, self._document),
            clips=len(self._document.storyboard.clips),
            waiting=waiting if item is not None else max(0, waiting - 1),
            seconds_left=queue.seconds_left,
            loading=self._loading,
            notice=self._notice or (item.message if item is not None else ""),
            pausing=queue.state is QueueState.PAUSED and item is not None,
            edited=queue.after_this is AfterThis.RENEWED,
            falls=_falling(item, queue.current_clip),
        )
        (self._tick.start if item is not None else self._tick.stop)()
        self.changed.emit()

    def _held(self) -> QueuedRender | None:
        """What would begin if the queue were not paused or held, which shows as paused, or waits for another film."""
        if not self._queue.state.is_halted:
            return next((item for item in self._queue.items if item.status is QueueStatus.WAITING), None)
        waiting = {QueueStatus.WAITING, QueueStatus.PAUSED}
        found = next((item for item in self._queue.items if item.status in waiting), None)
        return found and found.model_copy(update={"status": QueueStatus.PAUSED})


def clip_now(queue: "RenderQueue", document: FilmDocument) -> ClipNow | None:
    """The clip that is being made, at the place where its card stands now."""
    item, clip_id = queue.current, queue.current_clip
    if item is None or clip_id is None:
        return None
    place = document.index(clip_id)
    place = item.request.place(clip_id) if place is None else place
    return None if place is None else ClipNow(place, *queue.steps)


def _falling(item: QueuedRender | None, clip_id: str | None) -> int:
    """How many clips more are not made when the one under way is skipped, as they go on from it."""
    place = item.request.place(clip_id) if item is not None else None
    return 0 if item is None or place is None else len(clips_that_fall(item.request, place)) - 1
