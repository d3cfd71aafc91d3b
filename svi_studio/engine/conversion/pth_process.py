"""Runs the reader of `.pth` files in a process of its own, with a time limit."""

import errno
import os
import tempfile
from pathlib import Path

from svi_studio.crash_log import write_crash_text
from svi_studio.domain.errors import BadWeights, DiskFull
from svi_studio.media.limited_process import LimitedProcess, TooSlow
from svi_studio.own_python import python_command

_REASON = "reason: "  # as the reader writes it
_SECONDS = 120.0
_SECONDS_A_GIGABYTE = 120.0


def pth_to_safetensors(source: Path, target: Path, *, seconds: float | None = None) -> None:
    """Writes the tensors of the `.pth` file `source` to the safetensors file `target`, without trusting `source`.

    `seconds` limits the time (default: two minutes and two more a gigabyte). Raises BadWeights when the file is
    damaged, is anything but a table of tensors, or takes too much time or memory, and DiskFull.
    """
    limit = seconds or _SECONDS + _SECONDS_A_GIGABYTE * source.stat().st_size / 1024**3
    command = [*python_command("svi_studio.engine.conversion.pth_reader"), str(source.resolve()), str(target.resolve())]
    with tempfile.TemporaryFile() as words:
        try:
            status = LimitedProcess(command, words).finished(limit)
        except TooSlow as error:
            raise BadWeights(
                f"{source} took longer than {limit:.0f} seconds to open and was left alone; download it again."
            ) from error
        if status != 0:
            words.seek(0)
            raise _failure(source, target, status, words.read().decode(errors="replace"))


def _failure(source: Path, target: Path, status: int, words: str) -> BadWeights | DiskFull:
    last = (words.strip().splitlines() or [""])[-1]
    if os.strerror(errno.ENOSPC) in last or os.strerror(errno.EDQUOT) in last:
        return DiskFull(
            f"The disk is full at {target.parent}: free {source.stat().st_size // 1024**2} MB and do it again."
        )
    log = write_crash_text(f"Opening {source} ended with {status}.\n{words}")
    reason = last.removeprefix(_REASON) if last.startswith(_REASON) else "the program that opens it broke off"
    return BadWeights(
        f"{source} could not be read as a table of tensors: {reason[:240]}; download it again. "
        f"The details are in {log}."
    )
