"""The render queue of one film: what waits, what is being made, and what that means for every clip."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from svi_studio.document.render.clip_activity import ClipActivities, ClipActivity, clip_ids
from svi_studio.document.render.clip_under_way import ClipUnderWay
from svi_studio.document.render.film_followed import FilmFollowed
from svi_studio.document.render.queue_items import QueueItems
from svi_studio.document.render.queue_keeper import QueueKeeper, after_a_start
from svi_studio.document.render.queue_state import AfterThis, QueueState
from svi_studio.document.render.skipped_clips import SkippedClips
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.events import (
    ClipDone,
    ClipReused,
    MemoryPlanned,
    PreviewReady,
    RenderEvent,
    RenderFailed,
    Warned,
)
from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from svi_studio.pipes.render_messages import RenderMessage, Skipped

translate = QCoreApplication.translate


class RenderQueue(QObject):
    """Lives in the window's thread. One request is under way at a time, the others wait in the order of ``items``.

    ``state`` says whether anything begins, ``after_this`` what becomes of the request under way when it has ended.

    ``changed`` says that items or many clips changed; ``item_changed`` brings a request's id, ``clip_changed`` that of
    a clip. ``preview`` brings clip id, step and a JPEG; ``clip_done`` clip id and take hash. ``film_ended`` brings
    every ``FilmEnded``. ``notice`` is a sentence for the user, ``loading`` says what takes long before a first step.
    """

    changed = Signal()
    item_changed = Signal(str)
    clip_changed = Signal(str)
    preview = Signal(str, int, object)
    clip_done = Signal(str, str)
    film_ended = Signal(object)
    loading = Signal(str)
    notice = Signal(str)

    def __init__(
        self,
        folder: Path,
        service: RenderService,
        parent: QObject | None = None,
        *,
        device: str = "auto",
        read_only: bool = False,
        turn: RenderTurn | None = None,
    ) -> None:
        """``folder`` is the project folder; what waited there comes with ``changed`` a moment later.

        ``read_only``: the folder belongs to another window, so its queue is neither read nor written. ``turn`` is
        shared with the other films of this program; the owner of the service gives it back after a ``close``.
        """
        super().__init__(parent)
        self.service = service
        self.device = device
        self.memory_plan_of: Callable[[str], str] = lambda _model: "auto"  # what the user wishes for a model
        self.state = QueueState.RUNNING
        self.after_this = AfterThis.NEXT
        self._folder = folder
        self._items = QueueItems()
        self._activities = ClipActivities()
        self._clip = ClipUnderWay(self._activities)
        self._turn = turn or RenderTurn(self)
        self._turn.freed.connect(self._next, Qt.ConnectionType.QueuedConnection)  # not while the program ends
        self._skipped = SkippedClips()
        self._film = FilmFollowed(self)
        self._film.settled.connect(self._edits_settled)
        self._keeper = QueueKeeper(folder, self, read_only=read_only)
        self._keeper.problem.connect(self.notice)
        self._keeper.found.connect(self._take_up)
        self._keeper.read()
        service.happened.connect(self._render_event)
        service.skipped.connect(self._clips_skipped)
        service.ended.connect(self._film_ended)
        service.state_changed.connect(self._worker_state)
        service.loading.connect(self.loading)
        service.notice.connect(self.notice)

    @property
    def items(self) -> tuple[QueuedRender, ...]:
        """All requests in order, those that are over included until they are removed."""
        return self._items.all

    @property
    def current(self) -> QueuedRender | None:
        """The request under way."""
        return self.item(self.service.request_id)

    def item(self, request_id: str | None) -> QueuedRender | None:
        """The request with this id, None when it is not in the queue."""
        return self._items.find(request_id)

    @property
    def current_clip(self) -> str | None:
        """The id of the clip that is being made."""
        return self._clip.clip

    @property
    def steps(self) -> tuple[int, int]:
        """Of the current clip: done, and in all; 0 before the first."""
        return self._clip.steps

    @property
    def clip_activity(self) -> dict[str, ClipActivity]:
        """(state, progress, message) of every clip that is queued, being made or failed, by its id; only to read."""
        return self._activities.by_clip

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the request under way is done, None when that is not known yet."""
        left = self._clip.left
        return None if left is None else left.now(is_paused=self.state is QueueState.PAUSED)

    def follow(self, storyboard: Storyboard) -> None:
        """The film is ``storyboard`` now: clips that have not begun are made as it says. The clip under way stays."""
        concerned = self._film.edited(storyboard, self.items)
        if not concerned or self.current is None or self.state is QueueState.HELD:
            return
        if self.after_this is AfterThis.NEXT and self._film.is_outdated(self.current):
            self.after_this = AfterThis.RENEWED
            self._end_after_clip()
            self.item_changed.emit(self.current.request.id)

    def add(self, request: RenderRequest, first: bool = False) -> None:
        """Lets ``request`` wait at the end, or as the ``first`` of those that wait. It begins when its turn comes."""
        self._items.add(request, first=first)
        self._release()
        self._changed()
        self._next()

    def remove(self, request_id: str) -> None:
        """Takes a request out; the one under way is stopped first, and the next one follows."""
        if request_id == self.service.request_id:
            self.after_this = AfterThis.REMOVED
            self.service.stop()
            return
        item = self.item(request_id)
        if item is not None:
            self._activities.forget(item.request)
        self._items.remove(request_id)
        self._changed()

    def remove_ended(self) -> None:
        """Takes out everything that is over."""
        self._items.remove_ended()
        self._changed()

    def move(self, request_id: str, index: int) -> None:
        """The request stands at ``index`` of ``items`` then, but never before the one under way."""
        item = self.item(request_id)
        if item is not None and request_id != self.service.request_id:
            self._items.move(item, index, self.service.request_id)
            self._changed()

    def try_again(self, request_id: str) -> None:
        """A request that is over waits again, at its place; takes that exist are not made twice."""
        item = self.item(request_id)
        if item is not None and item.status.is_over:
            self._items.put(item, status=QueueStatus.WAITING, message="", finished_clips=0)
            self._release()
            self._take_up_edits()
            self._changed()
            self._next()

    def pause(self) -> None:
        """Pauses the request under way at its next step; nothing else begins."""
        self._go(QueueState.PAUSED)
        if self.current is not None:
            self.service.pause()
        self._changed()

    def resume(self) -> None:
        """Goes on, also with what waits since the program ended or was stopped."""
        self._go(QueueState.RUNNING)
        for item in self.items:
            if item.status is QueueStatus.PAUSED:
                status = QueueStatus.RENDERING if item is self.current else QueueStatus.WAITING
                self._items.put(item, status=status, message="")
        if self.current is not None:
            self.service.resume()
            self._end_after_clip()
        self._changed()
        self._next()

    def pause_or_go_on(self) -> None:
        """``resume`` what was halted, else ``pause``: what one button does."""
        (self.resume if self.state.is_halted else self.pause)()

    def skip_clip(self) -> None:
        """Gives up the clip under way and those that continue from it; the film goes on behind the next cut."""
        if self.current is not None and self.current_clip is not None:
            place = self.current.request.place(self.current_clip) or 0
            if self.state is QueueState.PAUSED:  # or nobody would see that the skip was obeyed
                self._go(QueueState.RUNNING)
                self._end_after_clip()  # first: what the skip leads to begins at once
                self._changed()
            self.service.skip_clip(place)

    def stop(self, *, after_clip: bool = False) -> None:
        """Stops the request under way, at once or ``after_clip``; what is done is kept, and nothing else begins."""
        self._go(QueueState.HELD)
        if self.after_this is AfterThis.RENEWED:
            self.after_this = AfterThis.NEXT
        if self.current is not None:
            self.service.stop(after_clip=after_clip)
        self._changed()

    def close(self, *, go_on: bool = False) -> bool:
        """Keeps the queue for the next start, which goes on by itself only with ``go_on``. Nothing is emitted after it.

        Returns whether its thread has ended. The service is shut down by its owner.
        """
        if self.state is QueueState.CLOSED:
            return True
        self._go(QueueState.CLOSED)
        if go_on and self.current is not None:
            self._items.put(self.current, status=QueueStatus.RENDERING)
        return self._keeper.close(self.items, go_on=go_on)

    @Slot(object)
    def _take_up(self, found: tuple[QueuedRender, ...]) -> None:
        """What the last start left stands behind what was added meanwhile."""
        found = tuple(item for item in found if not item.request.is_trial)  # for which nobody waits any more
        self._items.extend(after_a_start(item) for item in found)
        self._take_up_edits()
        goes_on = any(item.status is QueueStatus.RENDERING for item in found)
        if self.state is not QueueState.PAUSED:
            is_left = bool(found) and not goes_on and self.current is None
            self._go(QueueState.HELD if is_left else QueueState.RUNNING)
        self._changed()
        self._next()

    @Slot()
    def _next(self) -> None:
        """Begins with the first request that waits, if nothing is in the way."""
        if self.state is not QueueState.RUNNING or self._film.is_edited or self.service.request_id is not None:
            return
        item = self._items.first_waiting
        if item is None:
            return
        if not self._turn.take(self):
            other_film = translate("RenderQueue", "Another film is rendering; this one starts when it is done.")
            self._items.put(item, message=self._turn.refusal or other_film)
            self._changed()
            return
        self._clip.left = None
        self._activities.begin(item.request)
        self._items.put(item, status=QueueStatus.RENDERING, message="", finished_clips=0)
        if self._film.begins(item):
            self._skipped.begin()
        request = item.request
        plan = self.memory_plan_of(request.storyboard.model)
        self.service.submit(request, self._folder, self.device, self._skipped.places(request), memory_plan=plan)
        self._changed()

    @Slot(object)
    def _render_event(self, message: RenderMessage) -> None:
        item = self.current
        if item is None or self.state is QueueState.CLOSED:
            return
        event = message.event
        if isinstance(event, Warned):
            self._items.put(item, message=event.message)
            self.item_changed.emit(item.request.id)
            self.notice.emit(event.message)
        elif isinstance(event, MemoryPlanned):
            self._items.put(item, message=event.message)
            self.item_changed.emit(item.request.id)
            if event.smaller:
                self.notice.emit(event.message)
        elif (index := getattr(event, "index", None)) is not None:
            self._clip_event(item, item.request.storyboard.clips[index].id, event)

    def _clip_event(self, item: QueuedRender, clip_id: str, event: RenderEvent) -> None:
        match event:
            case PreviewReady(_, step, jpeg):
                self.preview.emit(clip_id, step, jpeg)
                return
            case RenderFailed(sentence):
                self._activities.failed(clip_id, sentence)
            case ClipDone() | ClipReused():
                self._clip_settled(item, clip_id)
                if isinstance(event, ClipDone):
                    self.clip_done.emit(clip_id, event.take_hash)
            case _ if not self._clip.hear(clip_id, event):
                return
        self.clip_changed.emit(clip_id)

    def _clip_settled(self, item: QueuedRender, clip_id: str) -> None:
        self._clip.clip = None
        if self._activities.settle(clip_id) and clip_id in clip_ids(item.request):
            self._items.put(item, finished_clips=item.finished_clips + 1)
            self.item_changed.emit(item.request.id)

    @Slot(object)
    def _clips_skipped(self, skipped: Skipped) -> None:
        item = self.current
        if item is not None and self.state is not QueueState.CLOSED:
            ids = [item.request.storyboard.clips[index].id for index in skipped.clips]
            for clip_id in ids:
                self._activities.settle(clip_id)
            self._skipped.add(ids)
            self._clip.clip = None
            self._changed()

    @Slot(object)
    def _film_ended(self, end: FilmEnded) -> None:
        item = self.item(end.request_id)
        if item is None or self.state is QueueState.CLOSED:
            return
        if end.outcome is Outcome.FAILED and self.current_clip is not None:
            self._activities.failed(self.current_clip, end.sentence)
        self._clip.end()
        after, self.after_this = self.after_this, AfterThis.NEXT
        if after is AfterThis.RENEWED and end.outcome is not Outcome.FAILED:
            self._go_on(item)
            return
        end = self._skipped.told(item, end)
        self._items.put(item, status=QueueStatus(end.outcome), message=end.sentence or item.message)
        if after is AfterThis.REMOVED:
            self._items.remove(end.request_id)
        self._changed()
        self.film_ended.emit(end)
        self._next_turn()

    def _next_turn(self) -> None:
        """Begins with what waits, or lets another film compute; not while somebody edits what goes on in a second."""
        self._next()
        if self.current is None and not self._film.is_edited:
            self._turn.give_back(self)

    @Slot(object)
    def _worker_state(self, state: ProcessState) -> None:
        """The request shows as paused when it really is; a worker that is new cannot tell yet how long it takes."""
        item = self.current
        if state in {ProcessState.STARTING, ProcessState.RESTARTING}:
            self._clip.left = None
        shown = {ProcessState.PAUSED: QueueStatus.PAUSED, ProcessState.RENDERING: QueueStatus.RENDERING}.get(state)
        if item is not None and shown is not None and item.status is not shown and self.state is not QueueState.CLOSED:
            self._items.put(item, status=shown)
            self.item_changed.emit(item.request.id)

    def _go_on(self, item: QueuedRender) -> None:
        """The request goes on as the film is now, as soon as nobody edits it any more."""
        self._items.replace(item, self._film.renewed(item))
        self._changed()
        self._next_turn()

    @Slot()
    def _edits_settled(self) -> None:
        if self.state is not QueueState.CLOSED:
            if self._take_up_edits():
                self._changed()
            self._next_turn()

    def _take_up_edits(self) -> bool:
        """What waits asks for its clips as they are now; returns whether that is anything else."""
        return self._items.change(lambda items: self._film.all_updated(items, self.service.request_id))

    def _release(self) -> None:
        """Who asks for a render now wants it to begin, whatever was stopped before; a pause stays one."""
        if self.state is QueueState.HELD:
            self._go(QueueState.RUNNING)

    def _go(self, state: QueueState) -> None:
        """From CLOSED no way leads back."""
        if self.state is not QueueState.CLOSED:
            self.state = state

    def _end_after_clip(self) -> None:
        """Lets the request that goes on with other words end with its present clip; one that is paused ends later."""
        if self.after_this is AfterThis.RENEWED and self.state is not QueueState.PAUSED:
            self.service.stop(after_clip=True)

    def _changed(self) -> None:
        self._activities.refresh(self.items, self.service.request_id)
        self._keeper.keep(self.items)
        self.changed.emit()
