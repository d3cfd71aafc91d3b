"""The worker's way in: requests are obeyed as they arrive, films to render wait until the renderer is free."""

import os
import queue
import sys
import threading

from svi_studio.worker.control import Control
from svi_studio.worker.outbox import Outbox
from svi_studio.worker.own_process import end_now
from svi_studio.worker.protocol import (
    Alive,
    FrameError,
    MessageReader,
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

GRACE_SECONDS = 0.5
"""For the step under way, when the worker is to end. What is unfinished then is a draft, which the next one removes."""
_CHUNK = 1 << 16
_NOT_UNDERSTOOD = 65


class Inbox:
    """Reads the pipe ``descriptor`` in a thread. When it is closed, the window is gone and the process ends."""

    def __init__(self, descriptor: int, control: Control, outbox: Outbox[WorkerMessage]) -> None:
        self._descriptor = descriptor
        self._control = control
        self._outbox = outbox
        self._films: queue.SimpleQueue[Render | None] = queue.SimpleQueue()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def next_film(self) -> Render | None:
        """The next film to render, waiting for it; None when the worker is to end."""
        return self._films.get()

    def _read(self) -> None:
        reader = MessageReader()
        try:
            while piece := os.read(self._descriptor, _CHUNK):
                for request in reader.feed(piece):
                    self._obey(request)
        except FrameError as error:
            print(f"The window's request was not understood: {error}", file=sys.stderr)
            end_now(_NOT_UNDERSTOOD)
        except OSError:
            pass  # a broken pipe says the same as a closed one
        self._end()

    def _obey(self, request: Request) -> None:
        match request:
            case Render():
                self._control.begin(skipped=request.skipped, paused=request.paused)
                self._films.put(request)
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

    def _end(self) -> None:
        """A step may be long and a load cannot be asked: after a moment the process ends without them."""
        self._control.stop()
        self._films.put(None)
        threading.Event().wait(GRACE_SECONDS)
        end_now(0)
