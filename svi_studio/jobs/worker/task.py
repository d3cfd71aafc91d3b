"""What a process is asked to do, through the lives of several processes: how it goes, how it ends, when to give up."""

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, ClassVar

from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.watched_worker import Loss
from svi_studio.jobs.worker.worker_words import Cause


class Outcome(StrEnum):
    """How a task ended."""

    DONE = "done"
    STOPPED = "stopped"
    PAUSED = "paused"
    """It goes on later, in another process."""
    FAILED = "failed"


class EndNow:
    """Asks for the end of the process at once, whatever it does; what it has written is whole."""


class Task(ABC):
    """One task until it is over. ``end`` says how it ended, as soon as its process has said so.

    ``is_stopping``: the user gave it up. ``must_end``: and its process is ended when it takes longer than a user waits.
    """

    is_main: ClassVar[bool] = True
    """Whether it is what the process is there for, and decides its state."""
    has_own_process: ClassVar[bool] = False
    """Whether its process does nothing else, and ends with it."""
    state_when_ready: ClassVar[ProcessState | None] = None
    state_when_restarted: ClassVar[ProcessState] = ProcessState.RESTARTING
    state_when_given_up: ClassVar[ProcessState] = ProcessState.OFF

    def __init__(self, key: object, command: tuple[str, ...] = ()) -> None:
        """``key`` tells it from other tasks. ``command`` starts its process; empty: the one of its supervisor."""
        self.key, self.command = key, command
        self.is_stopping = self.must_end = False
        self.end: Any = None

    def prepare(self) -> None:  # noqa: B027 - most have nothing to prepare
        """Writes what the process is going to read. Raises StudioError."""

    @abstractmethod
    def opening(self) -> list[Any]:
        """What a process is told when it begins with the task, or goes on with it."""

    @abstractmethod
    def takes(self, request: Any) -> bool:
        """Whether ``request`` is for this task."""

    @abstractmethod
    def asked(self, request: Any) -> ProcessState | None:
        """Remembers ``request`` for the next process; returns the state that it leads to, None for the same."""

    @abstractmethod
    def hears(self, message: Any) -> bool:
        """Whether ``message`` is about this task."""

    @abstractmethod
    def heard(self, message: Any) -> ProcessState | None:
        """Follows the task; returns the state that ``message`` shows, None for the same."""

    @abstractmethod
    def ended(self, outcome: Outcome, sentence: str = "") -> Any:
        """How it ended when its process did not say so; ``sentence`` tells why it failed."""

    @abstractmethod
    def process_died(self) -> bool:
        """Whether another process should go on with it."""

    @abstractmethod
    def starts_again(self, cause: Cause) -> str:
        """What the user is told when another process goes on."""

    @abstractmethod
    def last_words(self, loss: Loss) -> str:
        """What the user is told when none does."""
