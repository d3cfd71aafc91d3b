"""Forked processes for tests of locks, crashes and processes that meet; none outlives its test by long."""

import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest

LIMIT = 100  # seconds
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")


def fork(work: Callable[[], object]) -> int:
    """Do ``work`` in a copy of this process, which then ends with code 0, or 1 after an error; returns its number.

    A copy that hangs says where and is killed: left alone it would keep the pipes of the whole test run open.
    """
    child = os.fork()
    if child == 0:
        _do_and_end(work)
    return child


def _do_and_end(work: Callable[[], object]) -> NoReturn:
    try:
        gc.freeze()  # what others left behind is not to be destroyed here: its threads do not exist in this copy
        _end_after(LIMIT)
        work()
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        raise
    finally:
        os._exit(1)


def _end_after(seconds: int) -> None:
    """Then this process says where it stands and dies of the signal; one that Python handles would wait for Python."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    faulthandler.register(signal.SIGALRM, file=2, chain=True)
    signal.alarm(seconds)


def exit_code(child: int) -> int:
    """Wait until process ``child`` ends; its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def exit_code_of(work: Callable[[], object]) -> int:
    """Do ``work`` in a copy of this process and tell how that ended."""
    return exit_code(fork(work))
