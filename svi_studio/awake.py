"""Keeps the computer from going to sleep by itself in the middle of long work: Windows does so after half an hour of no
keys, however busy its graphics card is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from svi_studio.settings import MAY_SLEEP

_MAC_COMMAND = "/usr/bin/caffeinate"


class Awake:
    """Asks the system to stay awake from ``hold`` on, until ``let_go``; the screen may go dark, and a lid may be shut.

    Where the system cannot be asked, nothing happens. What is asked ends with this process, however that ends. For one
    thread.
    """

    def __init__(self) -> None:
        self._held: ExitStack | None = None

    def hold(self) -> None:
        """Asks for it, unless that is done already."""
        if self._held is None and MAY_SLEEP.text() != "1":
            self._held = ExitStack()
            self._held.enter_context(_on_mac() if sys.platform == "darwin" else _elsewhere())

    def let_go(self) -> None:
        """Lets the computer sleep when it wants to."""
        if self._held is not None:
            self._held.close()
            self._held = None


@contextmanager
def awake() -> Iterator[Awake]:
    """Holds it for the block; a pause inside may let go for a while."""
    held = Awake()
    held.hold()
    try:
        yield held
    finally:
        held.let_go()


@contextmanager
def _elsewhere() -> Iterator[None]:
    from wakepy import keep  # noqa: PLC0415 - a tenth of a second

    asked = ExitStack()
    asked.enter_context(keep.running(on_fail="pass"))
    try:
        yield
    finally:
        with suppress(RuntimeError):  # whoever was asked may be gone: no reason to lose a film
            asked.close()


@contextmanager
def _on_mac() -> Iterator[None]:
    """By the system's command, told to end with this process: wakepy's would stay when this one is killed."""
    with ExitStack() as stack:
        with suppress(OSError):
            asked = subprocess.Popen(
                [_MAC_COMMAND, "-i", "-w", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(asked.wait)
            stack.callback(asked.terminate)
        yield
