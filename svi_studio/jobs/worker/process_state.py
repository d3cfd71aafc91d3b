"""What a process of the window is doing, as far as the window knows."""

from enum import StrEnum


class ProcessState(StrEnum):
    """OFF: there is no process. IDLE: it waits for work, its models loaded. FAILED: it ended too often.

    LOADING and RENDERING are of films. PREPARING and TRAINING are of trainings: clips are encoded, the model is loaded
    or test films are made between the steps.
    """

    OFF = "off"
    STARTING = "starting"
    LOADING = "loading"
    PREPARING = "preparing"
    IDLE = "idle"
    RENDERING = "rendering"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"
    NOT_ANSWERING = "not_answering"
    RESTARTING = "restarting"
    FAILED = "failed"
