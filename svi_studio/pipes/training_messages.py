"""What the window and the trainer's process say to each other.

The trainer (``python -m trainer ... --events``) writes messages to its stdout and reads requests from its stdin. It
says ``TrainerAlive`` every second from a thread of its own as soon as it runs, ``TrainerReady`` when its libraries are
loaded, then its events. The last event is ``TrainingFinished``, ``TrainingStopped``, ``TrainingPaused``,
``TrainingFailed`` or, of a scan of footage, ``FootageReady``; then it ends. When its stdin is closed, the window is
gone: it does as for ``StopTraining``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from svi_studio.domain.text.told import Told
from svi_studio.domain.training.events import TrainingEvent
from svi_studio.pipes.messages import Messages

TRAINER_PROTOCOL = 2


@dataclass(frozen=True, slots=True)
class PauseTraining:
    """Write a checkpoint after the step under way, say ``TrainingPaused`` and end: the card is free then."""

    kind: Literal["pause_training"] = field(default="pause_training", kw_only=True)


@dataclass(frozen=True, slots=True)
class ResumeTraining:
    """Take back a ``PauseTraining`` that was not carried out yet; nothing answers."""

    kind: Literal["resume_training"] = field(default="resume_training", kw_only=True)


@dataclass(frozen=True, slots=True)
class StopTraining:
    """Write a checkpoint after the step under way, say ``TrainingStopped`` and end. It is more than a pause."""

    kind: Literal["stop_training"] = field(default="stop_training", kw_only=True)


@dataclass(frozen=True, slots=True)
class FilmNow:
    """Save a checkpoint after the step under way and make its test films; then go on."""

    kind: Literal["film_now"] = field(default="film_now", kw_only=True)


@dataclass(frozen=True, slots=True)
class TrainerReady:
    """The trainer's libraries are loaded: its process id, its device, the versions of its libraries."""

    kind: Literal["trainer_ready"] = field(default="trainer_ready", kw_only=True)
    pid: int
    device: Told
    versions: Mapping[str, str] = field(default_factory=dict)
    protocol: int = TRAINER_PROTOCOL


@dataclass(frozen=True, slots=True)
class TrainerAlive:
    """The trainer's interpreter runs; said every second."""

    kind: Literal["trainer_alive"] = field(default="trainer_alive", kw_only=True)


TrainingRequest = PauseTraining | ResumeTraining | StopTraining | FilmNow
TrainerMessage = TrainerReady | TrainerAlive | TrainingEvent

TRAINING_REQUESTS = Messages[TrainingRequest](TrainingRequest)
TRAINER_MESSAGES = Messages[TrainerMessage](TrainerMessage, max_text=1 << 20, max_data=0)  # all that it says is short
