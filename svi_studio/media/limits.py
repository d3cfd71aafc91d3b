"""What a process that opens files from outside may use: so much memory, so much time of the processor, two pipes."""

import contextlib
import os
import sys
import time
from typing import BinaryIO


def stdout_for_answers() -> BinaryIO:
    """What was stdout, for answers alone: what a library prints must not get in between, and goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    return answers


def limit_memory(most: int) -> None:
    """Lets this process have at most ``most`` bytes of address space, where the system can hold it to that.

    A limit that is lower already stays. Whoever asks for more gets a MemoryError.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft == resource.RLIM_INFINITY or soft > wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and does not let it be set
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def limit_seconds(seconds: int) -> None:
    """Ends this process when it has used ``seconds`` more of the processor, where the system can do that."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # ended so, it leaves no picture of its memory behind
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
