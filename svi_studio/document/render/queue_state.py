"""How a render queue stands, and what becomes of the request under way."""

from enum import Enum, auto


class QueueState(Enum):
    """From each state to the next: ``pause``, ``resume`` and ``stop`` always lead to PAUSED, RUNNING and HELD.

    Adding a request or trying one again releases HELD, skipping a clip releases PAUSED. CLOSED is the last.
    """

    RUNNING = auto()
    """The first request that waits begins when its turn comes."""
    PAUSED = auto()
    """The user paused: nothing begins, and what is under way waits."""
    HELD = auto()
    """Nothing begins by itself, after a stop or a start of the program."""
    CLOSED = auto()
    """Nothing begins and nothing is told any more."""

    @property
    def is_halted(self) -> bool:
        """Whether ``resume`` is what helps."""
        return self in {QueueState.PAUSED, QueueState.HELD}


class AfterThis(Enum):
    """What follows when the request under way has ended."""

    NEXT = auto()
    """The next one begins."""
    RENEWED = auto()
    """It ends with its present clip, and goes on as the film is then."""
    REMOVED = auto()
    """It is taken out of the queue."""
