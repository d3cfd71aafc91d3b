"""The window's end of the renderer: one film at a time goes in, what happens comes out as signals."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.domain.render.request import RenderRequest
from svi_studio.jobs.worker.film_under_way import FilmEnded, FilmUnderWay
from svi_studio.jobs.worker.process_client import ProcessClient
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.program import worker_command
from svi_studio.jobs.worker.question import Question
from svi_studio.jobs.worker.wire_protocol import RENDERER
from svi_studio.jobs.worker.worker_words import loading
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
    Ask,
    ModelLoading,
    StoryRequest,
)


class RenderService(QObject):
    """Lives in the window's thread and never waits, except in ``shutdown``. The worker starts with the first film.

    Signals: ``happened`` brings a ``RenderMessage`` (request id and event), ``skipped`` a ``Skipped``, ``loading`` what
    takes long before the first step, ``ended`` a ``FilmEnded``, ``greeted`` the ``Hello`` of a worker that is ready,
    ``state_changed`` a ``ProcessState``, ``notice`` a sentence about a worker that is late or was lost, ``answered`` a
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

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        """``command`` starts a worker; None = the program's own on this computer."""
        super().__init__(parent)
        self._client = ProcessClient("render", RENDERER, self, worker_command() if command is None else command)
        self._client.said.connect(self._hear)
        self._client.over.connect(self._end)
        self._client.state_changed.connect(self.state_changed)
        self._client.notice.connect(self.notice)

    @property
    def state(self) -> ProcessState:
        """What the worker is doing."""
        return self._client.state

    @property
    def request_id(self) -> str | None:
        """The request under way; None when a new one can be submitted."""
        key: str | None = self._client.task_key
        return key

    def start(self) -> None:
        """Starts the worker now, so that it is ready when a film comes."""
        self._client.ask(Ping())

    def submit(
        self,
        request: RenderRequest,
        project: Path,
        device: str = "auto",
        skipped: tuple[int, ...] = (),
        *,
        memory_plan: str = "auto",
    ) -> None:
        """Renders ``request`` into the folder ``project``, but not the clips ``skipped`` (indexes) and what needs them.

        ``memory_plan``: what the user wishes of it, as ``parse_wishes`` reads it.

        Raises ValueError while another request is under way.
        """
        if self.request_id is not None:
            raise ValueError("one film at a time")
        self._client.begin(FilmUnderWay(Render(request, project, device, skipped, memory_plan=memory_plan)))

    def pause(self) -> None:
        """Pauses the film at its next step; the state becomes PAUSED then."""
        self._client.tell(Pause())

    def resume(self) -> None:
        """Goes on after a pause."""
        self._client.tell(Resume())

    def skip_clip(self, index: int) -> None:
        """Gives up the clip ``index`` and what continues from it; the film goes on behind the next cut."""
        self._client.tell(SkipClip(index))

    def stop(self, *, after_clip: bool = False) -> None:
        """Gives up the request at the next step, or after the clip under way. ``ended`` comes within some 5 s."""
        self._client.tell(Stop(after_clip))

    def write(self, request: StoryRequest) -> None:
        """Asks a language model, or has it stop or forgotten; ``answered`` brings what it says, and how that ends."""
        if isinstance(request, Ask):
            self._client.ask(Question(request))
        elif self._client.is_running:
            self._client.ask(request)

    @Slot()
    def rest(self) -> None:
        """Lets an idle worker go, and with it the models in its memory; it starts again with the next film."""
        if self._client.is_running:
            self._client.ask(Shutdown())

    def shutdown(self) -> bool:
        """Ends the worker and the thread, waiting 5 s at most; returns whether they are gone. Nothing is emitted."""
        return self._client.shutdown()

    @Slot(object)
    def _hear(self, message: WorkerMessage) -> None:
        match message:
            case RenderMessage():
                self.happened.emit(message)
            case Skipped():
                self.skipped.emit(message)
            case Loading():
                self.loading.emit(loading(message.step, message.name))
            case Hello():
                self.greeted.emit(message)
            case ModelLoading() | AnswerPiece():
                self.answered.emit(message)

    @Slot(object)
    def _end(self, end: FilmEnded | AnswerDone | AnswerFailed) -> None:
        if isinstance(end, FilmEnded):
            self.ended.emit(end)
        else:
            self.answered.emit(end)
