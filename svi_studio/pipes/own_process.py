"""What the worker does to its own process: pipes that nothing else can write to, a low priority, a quick end."""

import faulthandler
import os
import signal
import sys
from typing import NamedTuple, NoReturn

from svi_studio.own_python import niceness

_IN, _OUT, _ERRORS = 0, 1, 2
_BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS


class Pipes(NamedTuple):
    """File descriptors of the two pipes to the window."""

    requests: int
    messages: int


def take_over_pipes() -> Pipes:
    """Keeps stdin and stdout for the protocol alone: what libraries print goes to stderr, and they read nothing.

    The new descriptors are not inherited, so a video encoder that outlives the worker does not hold the pipes open.
    """
    pipes = Pipes(os.dup(_IN), os.dup(_OUT))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, _IN)
    os.close(nothing)
    os.dup2(_ERRORS, _OUT)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - not there on other systems

        for descriptor in pipes:
            msvcrt.setmode(descriptor, os.O_BINARY)
    return pipes


def stand_back() -> None:
    """Lets the window and other programs go first, and leaves Ctrl-C in the terminal to the window."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - windll is not there on other systems

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(max(0, niceness() - os.nice(0)))


def tell_crashes() -> None:
    """A fault in a driver leaves a trace in stderr, which the window keeps."""
    faulthandler.enable()


def end_now(status: int) -> NoReturn:
    """Ends without waiting for threads or a driver: every finished take is on the disk, and nothing else matters."""
    try:
        sys.stderr.flush()
    finally:
        os._exit(status)
