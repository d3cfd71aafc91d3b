"""How the window speaks with the trainer's process."""

from dataclasses import replace

from svi_studio.jobs.training import words
from svi_studio.jobs.training.patience import TrainerPatience
from svi_studio.jobs.worker.wire_protocol import WireProtocol
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINER_PROTOCOL,
    TRAINING_REQUESTS,
    StopTraining,
    TrainerReady,
)

TRAINER = WireProtocol(
    "trainer",
    TRAINING_REQUESTS,
    TRAINER_MESSAGES,
    TrainerPatience,
    words.late,
    TrainerReady,
    TRAINER_PROTOCOL,
    StopTraining(),
    may_stay=True,
)
"""A training that the window leaves writes its checkpoint first, and then ends by itself."""

SCANNER = replace(TRAINER, may_stay=False)
"""One that looks through footage has nothing to save."""
