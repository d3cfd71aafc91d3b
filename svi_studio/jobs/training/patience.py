"""How long the window waits for the trainer: for its heartbeat, and for a step that takes far longer than others."""

from svi_studio.domain.training.events import BankFilled, PreparationStage, Preparing, StepTrained
from svi_studio.jobs.worker.patience import Limits, Verdict
from svi_studio.pipes.training_messages import (
    PauseTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainerReady,
    TrainingRequest,
)

BEATS = Limits(late=6.0, lost=60.0)
"""The heartbeat comes every second. Ending a trainer costs the steps since its checkpoint, so it may be silent long."""

BEATS_WHILE_LOADING = Limits(late=9.0, lost=180.0)
"""Loading libraries and a large model may hold Python's interpreter, and with it the heartbeat, for long."""

TIMES_THE_SLOWEST = 20.0
AT_LEAST = 60.0
"""Seconds: a step is told to be late after this, or after 20 times the slowest one before it. It is never ended."""


class TrainerPatience:
    """Counts the seconds since the last heartbeat, and those of the step under way.

    Only a step is timed: encoding, checkpoints and test films take as long as they take. Time is told in small pieces,
    so that a computer that slept blames nobody.
    """

    def __init__(self) -> None:
        self._silence = self._since_event = self._slowest = 0.0
        self._is_loading = True
        self._is_step = False

    def sent(self, request: TrainingRequest) -> None:
        """Notes a request of the user; a stop and a pause are followed by a checkpoint, which is no step."""
        if isinstance(request, StopTraining | PauseTraining):
            self._is_step = False

    def heard(self, message: TrainerMessage) -> None:
        """Notes a message of any kind; an event also says whether a step is next."""
        self._silence = 0.0
        match message:
            case TrainerAlive() | BankFilled():
                return
            case TrainerReady():
                self._is_loading = False
            case StepTrained():
                if self._is_step:
                    self._slowest = max(self._slowest, self._since_event)
                self._is_step, self._is_loading = True, False
            case Preparing(stage=PreparationStage.LIBRARIES | PreparationStage.MODEL):
                self._is_step, self._is_loading = False, True
            case _:
                self._is_step = self._is_loading = False
        self._since_event = 0.0

    def pass_time(self, seconds: float) -> Verdict:
        """Counts ``seconds`` and judges."""
        self._silence += seconds
        self._since_event += seconds
        beats = BEATS_WHILE_LOADING if self._is_loading else BEATS
        if self._silence >= beats.lost:
            return Verdict.LOST
        too_slow = self._is_step and self._since_event >= max(AT_LEAST, TIMES_THE_SLOWEST * self._slowest)
        return Verdict.LATE if too_slow or self._silence >= beats.late else Verdict.FINE
