"""Clients for tests: nothing but the given local servers and the given names exist."""

from collections.abc import Mapping, Sequence
from ssl import SSLContext

from svi_studio.net.guarded_client import GuardedClient, guarded_client
from tests.net.raw_server import RawServer


class Names:
    """A resolver: each look-up of a name gives the next of its lists of addresses, the last one for ever."""

    def __init__(self, known: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._known = known
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._known:
            raise OSError("no such name")
        answers = self._known[host]
        return answers[min(self.asked.count(host), len(answers)) - 1]


def client_for(
    *servers: RawServer,
    deadline_s: float = 5.0,
    max_bytes: int = 100_000,
    allow_private: bool = False,
    ssl_context: SSLContext | None = None,
    silence_s: float = 600.0,
) -> GuardedClient:
    """A client that may reach public addresses and exactly these servers."""
    return guarded_client(
        deadline_s=deadline_s,
        max_bytes=max_bytes,
        allow_private=allow_private,
        also_allowed={server.place for server in servers},
        ssl_context=ssl_context,
        silence_s=silence_s,
    )
