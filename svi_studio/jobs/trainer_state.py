"""What the trainer's process is doing, as far as the window knows."""

from enum import StrEnum


class TrainerState(StrEnum):
    """OFF: there is no process. PREPARING: it encodes clips, loads the model or makes test films before its steps."""

    OFF = "off"
    STARTING = "starting"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"
    NOT_ANSWERING = "not_answering"
    RESTARTING = "restarting"
