"""The trainer's way to the window: messages and a sign of life out, the user's wishes in."""

import os
import threading
from collections.abc import Callable

from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.own_process import Pipes
from svi_studio.pipes.packets import PacketError
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINING_REQUESTS,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainingRequest,
)


class Window:
    """Speaks as ``svi_studio.pipes.training_messages`` says. When the window is gone, that is a wish to stop."""

    def __init__(
        self, pipes: Pipes, obey: Callable[[TrainingRequest], object], hung_up: Callable[[], object] | None = None
    ) -> None:
        """``obey`` hears every wish, in a thread. ``hung_up`` is called once, when nobody reads; None: see `Outbox`."""
        self._requests = pipes.requests
        self._obey = obey
        self._outbox: Outbox[TrainerMessage] = Outbox(pipes.messages, TRAINER_MESSAGES.encode, hung_up)

    def start(self) -> None:
        """Begin to listen and to say `TrainerAlive`."""
        self._outbox.start_heartbeat(TrainerAlive())
        threading.Thread(target=self._listen, name="requests", daemon=True).start()

    def send(self, message: TrainerMessage) -> None:
        """Write one message whole; nothing when nobody reads any more."""
        self._outbox.send(message)

    def _listen(self) -> None:
        reader = TRAINING_REQUESTS.reader()
        try:
            while piece := os.read(self._requests, 1 << 16):
                for request in reader.feed(piece):
                    self._obey(request)
        except (OSError, PacketError):
            pass  # whoever speaks like that is not the window any more
        self._obey(StopTraining())
