# ruff: noqa: N818 - the names say what happened; every one of them is a StudioError
"""The errors a user can meet: one plain sentence each, and the exit code that the command line gives for it."""

import errno
import os
from pathlib import Path


class StudioError(Exception):
    """Something the user can act on. The message is one sentence: what is wrong, where, what to do."""

    exit_code: int = 1


class BadInput(StudioError):
    """An image, a storyboard or an option that cannot be used."""

    exit_code = 2


class BadProject(StudioError):
    """A project or storyboard file that cannot be read."""

    exit_code = 2


class NewerVersion(BadProject):
    """A project file that a newer version of the program wrote."""


class NotAFile(BadProject):
    """A link, a pipe, a device or a file of impossible size where a film has a file: it is left as it is."""


class Refused(OSError):
    """What lies at a path is nothing that this program writes or reads; the text of it is the sentence to show."""

    def __init__(self, sentence: str) -> None:
        super().__init__(errno.ELOOP, sentence)

    def __str__(self) -> str:
        return str(self.strerror)


class BadWeights(StudioError):
    """A model or LoRA that is missing, damaged, of another architecture or unsafe to open."""

    exit_code = 3


class DiskFull(StudioError):
    """The disk or the user's quota is full."""

    exit_code = 4


class NotFinite(StudioError):
    """A clip came out as NaN or infinity twice."""

    exit_code = 5


class NotEnoughMemory(StudioError):
    """Memory ran out, and there was no smaller way left to go on."""


class Stopped(StudioError):
    """The user stopped the work; everything finished is kept."""

    exit_code = 130


_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_HELD = {5, 32, 33, 1224}
"""What Windows says of a file that somebody has open or mapped; 5 also of one that nobody may change."""


def from_os_error(error: OSError, path: Path) -> StudioError:
    """Says in one sentence why the file or folder ``path`` could not be written or read."""
    if isinstance(error, Refused):
        return NotAFile(str(error))
    if error.errno in _FULL:
        return DiskFull(f"The disk is full at {path}: free some space and do it again; everything finished is kept.")
    if error.errno == errno.EROFS:
        return StudioError(f"Cannot write to {path} because that disk is read-only: choose another folder.")
    held = getattr(error, "winerror", None) in _HELD
    if held or error.errno in _FORBIDDEN:
        return StudioError(_held_words(path) if held else _forbidden_words(path))
    if error.errno == errno.ENAMETOOLONG:
        return BadInput(f"The name {path} is too long for this disk: choose a shorter one.")
    reason = error.strerror or type(error).__name__
    fault = f"The disk reported a fault at {path} ({reason}): check the disk and do it again."
    return StudioError(f"There is no {path}: check the name." if error.errno == errno.ENOENT else fault)


def _held_words(path: Path) -> str:
    words = f"{path} is open in another program, or there is no permission for it"
    return f"{words}: close it there and do it again, or choose another folder."


def _forbidden_words(path: Path) -> str:
    return f"No permission for {path}: allow access to it or choose another folder."


def as_studio_error(error: Exception) -> StudioError | None:
    """What a user can act on: a StudioError itself, or the disk's error at a file it names; None for anything else."""
    if isinstance(error, StudioError):
        return error
    if isinstance(error, Refused):
        return NotAFile(str(error))
    if isinstance(error, OSError) and error.filename:
        return from_os_error(error, Path(os.fsdecode(error.filename)))
    return None
