"""The trainer's way to the window: messages and a sign of life out, what the user asks for in."""

from collections.abc import Callable

from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.own_process import Pipes
from svi_studio.pipes.requests import obey_requests
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINING_REQUESTS,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainingRequest,
)


class Window:
    """Speaks as ``svi_studio.pipes.training_messages`` says. When the window is gone, that is a request to stop."""

    def __init__(
        self, pipes: Pipes, obey: Callable[[TrainingRequest], object], hung_up: Callable[[], object] | None = None
    ) -> None:
        """``obey`` gets requests, in a thread. ``hung_up`` is called once, when nobody reads; None: see `Outbox`."""
        self._requests = pipes.requests
        self._obey = obey
        self._outbox: Outbox[TrainerMessage] = Outbox(pipes.messages, TRAINER_MESSAGES.encode, hung_up)

    def start(self) -> None:
        """Begins to listen and to say `TrainerAlive`."""
        self._outbox.start_heartbeat(TrainerAlive())
        obey_requests(self._requests, TRAINING_REQUESTS, self._obey, lambda _: self._obey(StopTraining()))

    def send(self, message: TrainerMessage) -> None:
        """Writes one message whole; nothing when nobody reads any more."""
        self._outbox.send(message)
