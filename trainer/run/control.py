"""What the user has asked of the training: pause, go on, stop. Asked in one thread, obeyed between two steps."""

from svi_studio.pipes.training_messages import FilmNow, PauseTraining, ResumeTraining, StopTraining, TrainingRequest


class TrainingControl:
    """What the user asked of one training.

    A pause ends the process as a stop does, after a checkpoint: only a process that is gone has surely given the
    graphics card back. They differ in what is said of it. Nothing here waits or locks: a signal comes at any moment.
    """

    def __init__(self) -> None:
        self._paused = self._stop = self._film = False

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
        self._paused = True

    def resume(self) -> None:
        """Takes back a pause that has not begun yet."""
        self._paused = False

    def stop(self) -> None:
        """Lets the training write a checkpoint before its next step and end; more than a pause."""
        self._stop = True

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
