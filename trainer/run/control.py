"""What the user has asked of the training: pause, go on, stop. Asked in one thread, obeyed between two steps."""

import threading
from collections.abc import Callable

from svi_studio.pipes.training_messages import FilmNow, PauseTraining, ResumeTraining, StopTraining, TrainingRequest


class TrainingControl:
    """What the user asked of one training."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paused = False
        self._stop = self._film = False

    def obey(self, request: TrainingRequest) -> None:
        """Carries out a request of the window."""
        match request:
            case PauseTraining():
                self.pause()
            case ResumeTraining():
                self.resume()
            case StopTraining():
                self.stop()
            case FilmNow():
                self._film = True

    def pause(self) -> None:
        """Lets the training wait before its next step."""
        self._set(paused=True)

    def resume(self) -> None:
        """Lets the training go on."""
        self._set(paused=False)

    def stop(self) -> None:
        """Lets the training write a checkpoint before its next step and end. A pause ends with it."""
        self._stop = True  # alone and first: a signal may arrive while this very thread holds the lock
        threading.Thread(target=self._set, kwargs={"paused": False}, daemon=True).start()

    @property
    def stops(self) -> bool:
        """Whether the training is to end."""
        return self._stop

    def takes_film(self) -> bool:
        """Whether test films are wanted at once; each wish counts once."""
        wanted, self._film = self._film, False
        return wanted

    def wait_for_pause(self, seconds: float) -> bool:
        """Waits until the training is to pause, ``seconds`` at most; whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: self._paused, seconds)

    def wait_for_stop(self, seconds: float) -> bool:
        """Waits until the training is to end, ``seconds`` at most; whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: self._stop, seconds)

    def wait_while_paused(self, on_pause: Callable[[], None]) -> bool:
        """Returns at once, or when the pause ends, after a call of ``on_pause``; whether there was one."""
        with self._condition:
            waited = self._paused and not self._stop
            if waited:
                on_pause()
            self._condition.wait_for(lambda: not self._paused or self._stop)
        return waited

    def _set(self, *, paused: bool) -> None:
        with self._condition:
            self._paused = paused
            self._condition.notify_all()
