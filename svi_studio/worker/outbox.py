"""The worker's way out: messages from several threads, one whole frame after the other, and a sign of life."""

import os
import threading

from svi_studio.worker.own_process import end_now
from svi_studio.worker.protocol import Alive, WorkerMessage, encode

HEARTBEAT_SECONDS = 1.0


class Outbox:
    """Writes messages to the pipe ``descriptor``. When nobody reads there any more, the process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, message: WorkerMessage) -> None:
        """Write one message whole; waits when the reader is slow."""
        frame = memoryview(encode(message))
        with self._lock:
            try:
                while frame:
                    frame = frame[os.write(self._descriptor, frame) :]
            except OSError:  # the window is gone
                end_now(0)

    def start_heartbeat(self) -> None:
        """Say ``Alive`` every second from a thread of its own, for as long as the process lives."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(HEARTBEAT_SECONDS):
            self.send(Alive())
