"""What the user types before the arguments of the command line: what a message names has to run as it is told."""

import os
import re
import shlex
import subprocess

from svi_studio.settings import COMMAND


def command_name() -> str:
    """``./svi`` or however the program was started from its folder, else ``svi-studio``, as a shell takes it."""
    started = COMMAND.text()
    if not re.fullmatch(r"[^\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]{1,500}", started):
        return COMMAND.default
    return shlex.quote(started) if os.name == "posix" else subprocess.list2cmdline([started])


def command_line(*words: str) -> str:
    """What to type for the command ``words``: each in quotes that the system's shell takes, where it needs any."""
    rest = shlex.join(words) if os.name == "posix" else subprocess.list2cmdline(words)
    return f"{command_name()} {rest}"
