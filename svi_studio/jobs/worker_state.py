"""What the worker is doing, as far as the window knows."""

from enum import StrEnum


class WorkerState(StrEnum):
    """OFF: there is no process. IDLE: it waits for work, its models loaded. FAILED: it ended too often."""

    OFF = "off"
    STARTING = "starting"
    LOADING = "loading"
    IDLE = "idle"
    RENDERING = "rendering"
    PAUSED = "paused"
    STOPPING = "stopping"
    NOT_ANSWERING = "not_answering"
    RESTARTING = "restarting"
    FAILED = "failed"
