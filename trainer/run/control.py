"""What the user has asked of the training: pause, go on, stop. Asked in one thread, obeyed between two steps."""

import threading

from svi_studio.pipes.training_messages import FilmNow, PauseTraining, ResumeTraining, StopTraining, TrainingRequest


class TrainingControl:
    """What the user asked of one training.

    A pause ends the process as a stop does, after a checkpoint: only a process that is gone has surely given the
    graphics card back. They differ in what is said of it.
    """

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
        """Lets the training write a checkpoint before its next step and end, to go on later."""
        self._paused = True  # alone and first: a signal may arrive while this very thread holds the lock
        self._tell_waiting()

    def resume(self) -> None:
        """Takes back a pause that has not begun yet."""
        self._paused = False

    def stop(self) -> None:
        """Lets the training write a checkpoint before its next step and end; more than a pause."""
        self._stop = True
        self._tell_waiting()

    @property
    def ends(self) -> bool:
        """Whether the training is to end, for good or for a pause."""
        return self._stop or self._paused

    @property
    def stops(self) -> bool:
        """Whether the training is to end for good."""
        return self._stop

    def takes_film(self) -> bool:
        """Whether test films are wanted at once; each wish counts once."""
        wanted, self._film = self._film, False
        return wanted

    def wait_for_end(self, seconds: float) -> bool:
        """Waits until the training is to end, ``seconds`` at most; whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: self.ends, seconds)

    def wait_for_stop(self, seconds: float) -> bool:
        """Waits until the training is to end for good, ``seconds`` at most; whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: self._stop, seconds)

    def _tell_waiting(self) -> None:
        threading.Thread(target=self._notify, daemon=True).start()

    def _notify(self) -> None:
        with self._condition:
            self._condition.notify_all()
