"""A file or folder appears under its final name only when it is whole: temporary sibling, fsync, rename."""

import contextlib
import os
import secrets
import shutil
from pathlib import Path

from svi_studio.domain.errors import BadInput, from_os_error


def part_path(target: Path) -> Path:
    """A fresh hidden name beside ``target``; what an earlier killed run left there for the same target is removed."""
    pattern = f".{_escape(target.stem)}.????????.part{_escape(target.suffix)}"
    try:
        for stale in target.parent.glob(pattern):
            remove(stale)
    except OSError as error:
        raise from_os_error(error, target) from error
    return target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part{target.suffix}")


def publish_file(part: Path, target: Path) -> None:
    """Make the finished ``part`` durable and give it its final name; raises StudioError or DiskFull."""
    try:
        _sync_file(part)
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise from_os_error(error, target) from error


def publish_folder(part: Path, target: Path) -> None:
    """Give the finished folder ``part`` its final name; an earlier folder of that name is replaced."""
    old = target.with_name(f".{target.name}.{secrets.token_hex(4)}.old")
    try:
        for path in (*part.rglob("*"), part):
            (_sync_folder if path.is_dir() else _sync_file)(path)
        if target.exists():
            target.rename(old)
        part.rename(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise from_os_error(error, target) from error
    remove(old)


def check_can_write(target: Path) -> None:
    """Find out before any work whether ``target`` can be written; raises BadInput, StudioError or DiskFull."""
    if not os.path.isdir(target.parent):  # noqa: PTH112 - False for a name that the system refuses
        raise BadInput(f'The folder "{target.parent}" for the film does not exist; create it or choose another place.')
    if target.suffix and os.path.isdir(target):  # noqa: PTH112
        raise BadInput(f'"{target}" is a folder; give the film a name of its own.')
    probe = part_path(target)
    try:
        probe.write_bytes(bytes(4096))
    except OSError as error:
        raise from_os_error(error, target) from error
    finally:
        remove(probe)


def remove(path: Path) -> None:
    """Delete a file or folder if it is there; a failure to tidy up is never worth an error."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows keeps renames in its own journal and cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _escape(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)
