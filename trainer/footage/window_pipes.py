"""A scan's way to the window: messages out, a sign of life every second, and the wish to stop."""

import os
import threading
from collections.abc import Callable
from typing import Self

from svi_studio.domain.training_messages import (
    MessageError,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    from_text,
    to_text,
)
from svi_studio.worker.frames import FrameError, FrameReader, pack
from svi_studio.worker.outbox import HEARTBEAT_SECONDS
from svi_studio.worker.own_process import Pipes, end_now


class WindowPipes:
    """Speaks as ``svi_studio.domain.training_messages`` says. When the window is gone, that is a wish to stop."""

    def __init__(self, pipes: Pipes, on_stop: Callable[[Self], None]) -> None:
        """``on_stop`` is called once, from a thread."""
        self._pipes, self._on_stop = pipes, on_stop
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to listen and to say ``TrainerAlive``."""
        for work, name in ((self._listen, "requests"), (self._beat, "heartbeat")):
            threading.Thread(target=work, name=name, daemon=True).start()

    def send(self, message: TrainerMessage) -> None:
        """Write one message whole; the process ends when nobody reads any more."""
        frame = memoryview(pack(to_text(message)))
        with self._lock:
            try:
                while frame:
                    frame = frame[os.write(self._pipes.messages, frame) :]
            except OSError:
                end_now(0)

    def _listen(self) -> None:
        reader = FrameReader()
        try:
            while piece := os.read(self._pipes.requests, 1 << 16):
                if any(isinstance(from_text(frame.text), StopTraining) for frame in reader.feed(piece)):
                    break
        except (OSError, FrameError, MessageError):
            pass  # whoever speaks like that is not the window any more
        self._on_stop(self)

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(HEARTBEAT_SECONDS):
            self.send(TrainerAlive())
