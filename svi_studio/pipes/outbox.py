"""A worker's way out: messages from several threads, one whole packet after the other, and a sign of life."""

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from svi_studio.pipes.own_process import end_now

HEARTBEAT_SECONDS = 1.0

M = TypeVar("M")


class Outbox(Generic[M]):
    """Writes messages to the pipe ``descriptor``. Nothing is written any more when nobody reads there."""

    def __init__(
        self, descriptor: int, encode: Callable[[M], bytes], hung_up: Callable[[], object] | None = None
    ) -> None:
        """``encode`` makes the packet of a message, header included. ``hung_up`` is called once, when nobody reads.

        None: the process ends then, because everything that is finished is on the disk.
        """
        self._descriptor = descriptor
        self._encode = encode
        self._hung_up = hung_up
        self._is_open = True
        self._lock = threading.Lock()

    def send(self, message: M) -> None:
        """Writes one message whole; waits when the reader is slow."""
        packet = memoryview(self._encode(message))
        with self._lock:
            try:
                while packet and self._is_open:
                    packet = packet[os.write(self._descriptor, packet) :]
                return
            except OSError:
                self._is_open = False
        self._end()

    def _end(self) -> None:
        if self._hung_up is None:
            end_now(0)
        else:
            self._hung_up()

    def start_heartbeat(self, sign: M) -> None:
        """Sends ``sign`` every second from a thread of its own, for as long as the process lives."""
        threading.Thread(target=self._beat, args=(sign,), name="heartbeat", daemon=True).start()

    def _beat(self, sign: M) -> None:
        pause = threading.Event()
        while not pause.wait(HEARTBEAT_SECONDS):
            self.send(sign)
