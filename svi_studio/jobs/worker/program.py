"""How this program starts others of its own: the worker and the command line, in processes of their own."""

import contextlib
import os
from collections.abc import Sequence

from PySide6.QtCore import QProcess, QProcessEnvironment

from svi_studio.own_python import niceness, python_command, python_environment


def worker_command() -> tuple[str, ...]:
    """The command that starts the worker."""
    return python_command("svi_studio.worker")


def trainer_command() -> tuple[str, ...]:
    """The beginning of every command of the trainer."""
    return python_command("trainer")


def program_command(*arguments: str) -> tuple[str, ...]:
    """The command that runs ``svi-studio`` with ``arguments``."""
    return (*python_command("svi_studio"), *arguments)


def prepare_process(process: QProcess, command: Sequence[str]) -> None:
    """Makes ``process`` ready to start ``command``, which finds this program's own packages and no others by chance."""
    environment = QProcessEnvironment()
    for name, value in python_environment().items():
        environment.insert(name, value)
    process.setProcessEnvironment(environment)
    process.setProgram(command[0])
    process.setArguments(list(command[1:]))


def stand_back(process: QProcess) -> None:
    """Lets the window go before ``process``, which runs. Windows itself favours the window in front."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, int(process.processId()), niceness())


def last_line(errors: str) -> str:
    """The last thing that a program said on stderr, without its full stop; empty when it said nothing."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return lines[-1][:500].rstrip(".") if lines else ""
