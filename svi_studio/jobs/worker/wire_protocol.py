"""How the window speaks with a process of its own: what either side may say, how long to wait, how to part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from svi_studio.jobs.worker import worker_words
from svi_studio.jobs.worker.patience import Patience, Verdict
from svi_studio.pipes.messages import Messages
from svi_studio.pipes.render_messages import PROTOCOL_VERSION, REQUESTS, WORKER_MESSAGES, Hello, Shutdown


class Watch(Protocol):
    """Judges how long a process may say nothing."""

    def sent(self, request: Any) -> None:
        """Notes that the window has sent a request."""

    def heard(self, message: Any) -> None:
        """Notes a message of any kind."""

    def pass_time(self, seconds: float) -> Verdict:
        """Counts ``seconds`` of silence and returns a verdict."""


@dataclass(frozen=True)
class WireProtocol:
    """``greeting`` is the message of a process that is ready, with its ``version``. ``farewell`` asks it to end.

    ``late`` is what the user is told when nothing has been heard for a while, while something loads or not.
    ``may_stay``: a process that was asked to end may take its time, because it has something to save; only one that
    does not answer is ended.
    """

    name: str
    requests: Messages[Any]
    messages: Messages[Any]
    watch: Callable[[], Watch]
    late: Callable[[bool], str]
    greeting: type[Any]
    version: int
    farewell: Any
    may_stay: bool = False


RENDERER = WireProtocol(
    "renderer", REQUESTS, WORKER_MESSAGES, Patience, worker_words.late, Hello, PROTOCOL_VERSION, Shutdown()
)
"""The renderer's worker."""
