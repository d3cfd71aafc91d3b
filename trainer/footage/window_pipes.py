"""A scan's way to the window: messages out, a sign of life every second, and the wish to stop."""

import os
import threading
from collections.abc import Callable

from svi_studio.domain.training_messages import (
    MessageError,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    from_text,
    to_text,
)
from svi_studio.worker.frames import FrameError, FrameReader, pack
from svi_studio.worker.outbox import Outbox
from svi_studio.worker.own_process import Pipes


class WindowPipes:
    """Speaks as ``svi_studio.domain.training_messages`` says. When the window is gone, that is a wish to stop."""

    def __init__(self, pipes: Pipes, on_stop: Callable[["WindowPipes"], None]) -> None:
        """``on_stop`` is called once, from a thread; when nobody reads any more, the process ends instead."""
        self._requests, self._on_stop = pipes.requests, on_stop
        self._outbox: Outbox[TrainerMessage] = Outbox(pipes.messages, _frame)

    def start(self) -> None:
        """Begin to listen and to say ``TrainerAlive``."""
        self._outbox.start_heartbeat(TrainerAlive())
        threading.Thread(target=self._listen, name="requests", daemon=True).start()

    def send(self, message: TrainerMessage) -> None:
        """Write one message whole."""
        self._outbox.send(message)

    def _listen(self) -> None:
        reader = FrameReader()
        try:
            while piece := os.read(self._requests, 1 << 16):
                if any(isinstance(from_text(frame.text), StopTraining) for frame in reader.feed(piece)):
                    break
        except (OSError, FrameError, MessageError):
            pass  # whoever speaks like that is not the window any more
        self._on_stop(self)


def _frame(message: TrainerMessage) -> bytes:
    return pack(to_text(message))
