"""The training's way to the window: its events and a sign of life out, the user's wishes in."""

import os
import threading

from svi_studio.domain.training_messages import (
    MessageError,
    PauseTraining,
    ResumeTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    from_text,
    to_text,
)
from svi_studio.worker.frames import FrameError, FrameReader, pack
from svi_studio.worker.outbox import Outbox
from svi_studio.worker.own_process import Pipes
from trainer.run.control import TrainingControl


class Window:
    """Speaks as `svi_studio.domain.training_messages` says. When the window is gone, that is a wish to stop."""

    def __init__(self, pipes: Pipes, control: TrainingControl) -> None:
        self._requests = pipes.requests
        self._control = control
        self._outbox: Outbox[TrainerMessage] = Outbox(pipes.messages, _frame, hung_up=control.stop)

    def start(self) -> None:
        """Begin to listen and to say `TrainerAlive`."""
        self._outbox.start_heartbeat(TrainerAlive())
        threading.Thread(target=self._listen, name="requests", daemon=True).start()

    def send(self, message: TrainerMessage) -> None:
        """Write one message whole; nothing when nobody reads any more."""
        self._outbox.send(message)

    def _listen(self) -> None:
        reader = FrameReader()
        try:
            while piece := os.read(self._requests, 1 << 16):
                for frame in reader.feed(piece):
                    self._obey(frame.text)
        except (OSError, FrameError, MessageError):
            pass  # whoever speaks like that is not the window any more
        self._control.stop()

    def _obey(self, text: bytes) -> None:
        match from_text(text):
            case PauseTraining():
                self._control.pause()
            case ResumeTraining():
                self._control.resume()
            case StopTraining():
                self._control.stop()
            case _:
                raise MessageError("a trainer's message came from the window")


def _frame(message: TrainerMessage) -> bytes:
    return pack(to_text(message))
