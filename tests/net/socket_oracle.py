"""Sees every connection that this process opens, at the socket, and lets only those to known local servers through."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_watch: "list[Oracle]" = []


class Oracle:
    """``seen`` holds the (address, port) of every connection that was tried; all but ``allowed`` fail unreached."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        self.allowed: set[tuple[str, int]] = set()

    def look(self, address: Any) -> None:
        target = (str(address[0]), int(address[1])) if isinstance(address, tuple) else (str(address), 0)
        self.seen.append(target)
        if target not in self.allowed:
            raise ConnectionRefusedError("the oracle lets nothing else through")


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _watch:
        _watch[-1].look(arguments[1])


sys.addaudithook(_hook)  # Python has no way to take one back: it does nothing outside of ``watched_sockets``


@contextmanager
def watched_sockets() -> Iterator[Oracle]:
    oracle = Oracle()
    _watch.append(oracle)
    try:
        yield oracle
    finally:
        _watch.remove(oracle)
