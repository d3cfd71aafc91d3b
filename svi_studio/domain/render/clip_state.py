"""The state of a clip: what its card shows."""

from enum import StrEnum


class ClipState(StrEnum):
    """Where a clip stands. Locked is not one of them: a locked clip has a state too."""

    EMPTY = "empty"
    """It has no take yet."""
    STALE = "stale"
    """Its takes were made from other settings, or from another take of the clip before."""
    QUEUED = "queued"
    RENDERING = "rendering"
    DONE = "done"
    """Its take is there, made from these settings or kept by the user."""
    FAILED = "failed"
