"""The window's end of the renderer: one film at a time goes in, what happens comes out as signals."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.domain.render_request import RenderRequest
from svi_studio.jobs.film_under_way import FilmEnded
from svi_studio.jobs.owned_thread import OwnedThread
from svi_studio.jobs.program import worker_command
from svi_studio.jobs.supervisor import Supervisor
from svi_studio.jobs.worker_state import WorkerState
from svi_studio.jobs.worker_words import loading
from svi_studio.pipes.render_messages import (
    Hello,
    Loading,
    Pause,
    Ping,
    Render,
    RenderMessage,
    Resume,
    Shutdown,
    SkipClip,
    Skipped,
    Stop,
    WorkerMessage,
)
from svi_studio.pipes.story_messages import (
    AnswerDone,
    AnswerFailed,
    AnswerPiece,
    ModelLoading,
    StoryRequest,
)


class _RenderThread(OwnedThread):
    """Runs the supervisor, and ends its worker when asked to stop."""

    def __init__(self, supervisor: Supervisor, parent: QObject) -> None:
        super().__init__("render", parent)
        self._supervisor = supervisor
        supervisor.moveToThread(self)

    def run(self) -> None:
        self.exec()
        self._supervisor.close()


class RenderService(QObject):
    """Lives in the window's thread and never waits, except in ``shutdown``. The worker starts with the first film.

    Signals: ``happened`` brings a ``RenderMessage`` (request id and event), ``skipped`` a ``Skipped``, ``loading`` what
    takes long before the first step, ``ended`` a ``FilmEnded``, ``greeted`` the ``Hello`` of a worker that is ready,
    ``state_changed`` a ``WorkerState``, ``notice`` a sentence about a worker that is late or was lost, ``answered`` a
    ``StoryMessage`` of a question to a language model.
    """

    happened = Signal(object)
    skipped = Signal(object)
    loading = Signal(str)
    ended = Signal(object)
    greeted = Signal(object)
    state_changed = Signal(object)
    notice = Signal(str)
    answered = Signal(object)

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        """``command`` starts a worker; None = the program's own on this computer."""
        super().__init__(parent)
        self.state = WorkerState.OFF
        self._request_id: str | None = None
        self._is_closed = False
        self._supervisor = Supervisor(worker_command() if command is None else command)
        self._supervisor.said.connect(self._hear)
        self._supervisor.state_changed.connect(self._set_state)
        self._supervisor.notice.connect(self._pass_on_notice)
        self._supervisor.ended.connect(self._film_ended)
        self._asked.connect(self._supervisor.obey)
        self._thread = _RenderThread(self._supervisor, self)

    @property
    def request_id(self) -> str | None:
        """The request under way; None when a new one can be submitted."""
        return self._request_id

    def start(self) -> None:
        """Start the worker now, so that it is ready when a film comes."""
        self._ask(Ping())

    def submit(
        self, request: RenderRequest, project: Path, device: str = "auto", skipped: tuple[int, ...] = ()
    ) -> None:
        """Render ``request`` into the folder ``project``, but not the clips ``skipped`` (indexes) and what needs them.

        Raises ValueError while another request is under way.
        """
        if self._request_id is not None:
            raise ValueError("one film at a time")
        self._request_id = request.id
        self._ask(Render(request, project, device, skipped))

    def pause(self) -> None:
        """Wait at the next step; the state becomes PAUSED when it does."""
        self._ask(Pause())

    def resume(self) -> None:
        """Go on after a pause."""
        self._ask(Resume())

    def skip_clip(self, index: int) -> None:
        """Give up the clip ``index`` and what continues from it; the film goes on behind the next cut."""
        self._ask(SkipClip(index))

    def stop(self, *, after_clip: bool = False) -> None:
        """Give up the request at the next step, or after the clip under way. ``ended`` comes within some 5 s."""
        self._ask(Stop(after_clip))

    def write(self, request: StoryRequest) -> None:
        """Ask a language model, or have it stop or forgotten; ``answered`` brings what it says, and how that ends."""
        self._ask(request)

    @Slot()
    def rest(self) -> None:
        """Let an idle worker go, and with it the models in its memory; it starts again with the next film."""
        if self._request_id is None and self._thread.isRunning():
            self._ask(Shutdown())

    def shutdown(self) -> bool:
        """End the worker and the thread, waiting 5 s at most; returns whether they are gone. Nothing is emitted."""
        self._is_closed = True
        self._request_id = None
        return self._thread.stop_and_join() if self._thread.isRunning() else True

    def _ask(self, request: object) -> None:
        if self._is_closed:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._asked.emit(request)

    @Slot(object)
    def _hear(self, message: WorkerMessage) -> None:
        """Messages wait in this thread's queue: those of a request that is over are late, and dropped."""
        if self._is_closed:
            return
        match message:
            case RenderMessage() if message.request_id == self._request_id:
                self.happened.emit(message)
            case Skipped() if message.request_id == self._request_id:
                self.skipped.emit(message)
            case Loading():
                self.loading.emit(loading(message.step, message.name))
            case Hello():
                self.greeted.emit(message)
            case ModelLoading() | AnswerPiece() | AnswerDone() | AnswerFailed():
                self.answered.emit(message)

    @Slot(object)
    def _film_ended(self, end: FilmEnded) -> None:
        if not self._is_closed and end.request_id == self._request_id:
            self._request_id = None
            self.ended.emit(end)

    @Slot(object)
    def _set_state(self, state: WorkerState) -> None:
        self.state = state
        if not self._is_closed:
            self.state_changed.emit(state)

    @Slot(str)
    def _pass_on_notice(self, sentence: str) -> None:
        if not self._is_closed:
            self.notice.emit(sentence)
