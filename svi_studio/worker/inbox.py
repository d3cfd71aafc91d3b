"""The worker's way in: requests are obeyed as they arrive, films and questions wait until it is their turn."""

import queue
import sys
import threading

from svi_studio.domain.story.answer import AnswerEnd
from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.own_process import end_now
from svi_studio.pipes.packets import PacketError
from svi_studio.pipes.render_messages import (
    REQUESTS,
    Alive,
    Pause,
    Ping,
    Render,
    Request,
    Resume,
    Shutdown,
    SkipClip,
    Stop,
    WorkerMessage,
)
from svi_studio.pipes.requests import obey_requests
from svi_studio.pipes.story_messages import AnswerDone, Ask, ForgetModel, StopAnswer, StoryRequest
from svi_studio.worker.control import Control

Work = Render | Ask | ForgetModel

GRACE_SECONDS = 0.5
"""For the step under way, when the worker is to end. What is unfinished then is a draft, which the next one removes."""
REST_SECONDS = 900.0
"""Without work for so long, a language model gives its memory back: whoever reads its story may not ask again."""

_NOT_UNDERSTOOD = 65


class Inbox:
    """Reads the pipe ``descriptor`` in a thread. When it is closed, the window is gone and the process ends."""

    def __init__(self, descriptor: int, control: Control, outbox: Outbox[WorkerMessage]) -> None:
        self._descriptor = descriptor
        self._control = control
        self._outbox = outbox
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()

    def start(self) -> None:
        """Begins to read."""
        obey_requests(self._descriptor, REQUESTS, self._obey, self._hung_up)

    def next_work(self, patience: float = REST_SECONDS) -> Work | None:
        """The next film or question, waiting for it; None when the worker is to end.

        After ``patience`` seconds without any, it counts as a request that a language model give its memory back.
        """
        try:
            return self._work.get(timeout=patience)
        except queue.Empty:
            return ForgetModel()

    def _hung_up(self, fault: PacketError | None) -> None:
        if fault is not None:
            print(f"The window's request was not understood: {fault}", file=sys.stderr)
            end_now(_NOT_UNDERSTOOD)
        self._end()

    def _obey(self, request: Request) -> None:
        match request:
            case Render():
                self._control.begin(skipped=request.skipped, paused=request.paused)
                self._work.put(request)
            case Ask() | StopAnswer() | ForgetModel():
                self._obey_writer(request)
            case Pause():
                self._control.pause()
            case Resume():
                self._control.resume()
            case SkipClip(index):
                self._control.skip(index)
            case Stop(after_clip):
                self._control.stop(after_clip=after_clip)
            case Ping():
                self._outbox.send(Alive())
            case Shutdown():
                self._end()

    def _obey_writer(self, request: StoryRequest) -> None:
        match request:
            case StopAnswer(question):
                self._control.give_up_answer(question)
            case Ask() if self._control.has_film:
                self._outbox.send(AnswerDone(request.id, AnswerEnd.FILM_FIRST))
            case _:
                self._work.put(request)

    def _end(self) -> None:
        """A step may be long and a load cannot be asked: after a moment the process ends without them."""
        self._control.stop()
        self._work.put(None)
        threading.Event().wait(GRACE_SECONDS)
        end_now(0)
