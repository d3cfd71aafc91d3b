"""A file or folder appears under its final name only when it is whole: made under a hidden name beside it, renamed."""

import contextlib
import os
import re
import secrets
import shutil
import stat
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.real_path import Reached, kind_of, refusal
from svi_studio.domain.errors import BadInput, from_os_error

MARK = ".svi-unfinished"
"""What this program puts into a folder while it is half made or half removed; only such a one is cleaned."""


def part_path(target: Path) -> Path:
    """A fresh hidden name beside ``target``; what an earlier killed run left there for the same target is removed.

    A folder goes only with this program's mark in it, see ``make_part_folder``.
    """
    pattern = re.compile(rf"\.{re.escape(target.stem)}\.[0-9a-f]{{8}}\.part{re.escape(target.suffix)}")
    with plain_errors(target):
        for stale in target.parent.iterdir():
            if pattern.fullmatch(stale.name) and _is_ours(stale):
                remove(stale)
    return target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part{target.suffix}")


def make_part_folder(target: Path, fs: FsOps = REAL_DISK) -> Path:
    """An empty hidden folder beside ``target``, with this program's mark in it. Raises DiskFull or StudioError."""
    part = part_path(target)
    with plain_errors(target):
        fs.make_folder(part)
        os.close(fs.create(part / MARK))
    return part


def publish_file(part: Path, target: Path, fs: FsOps = REAL_DISK) -> None:
    """Makes the finished ``part`` durable and gives it its final name; raises StudioError or DiskFull."""
    with plain_errors(target):
        fs.sync_file(part)
        fs.replace(part, target)
        fs.sync_folder(target.parent)


def publish_part_folder(part: Path, target: Path, fs: FsOps = REAL_DISK) -> None:
    """Gives the finished folder ``part`` its final name, which is free, without its mark; raises as
    ``publish_file``.
    """
    publish_folder(part, target, fs)
    with plain_errors(target):
        fs.remove(target / MARK)


def publish_folder(temporary: Path, final: Path, fs: FsOps = REAL_DISK) -> None:
    """Gives a finished folder its final name, which is free, with everything in it on the disk first.

    Raises DiskFull or StudioError; then ``final`` does not exist.
    """
    with plain_errors(final):
        sync_tree(temporary, fs)
        fs.rename_folder(temporary, final)
        fs.sync_folder(final.parent)


def sync_tree(folder: Path, fs: FsOps = REAL_DISK) -> None:
    """Waits until a folder with everything in it is on the disk; links are left alone. Raises OSError."""
    for place, _, names in os.walk(folder):
        for file in [Path(place, name) for name in names]:
            if kind_of(Reached(os.fspath(file), None)) == stat.S_IFREG:
                fs.sync_file(file)
        fs.sync_folder(Path(place))


def check_can_write(target: Path) -> None:
    """Finds out before any work whether ``target`` can be written; raises BadInput, StudioError or DiskFull."""
    if not os.path.isdir(target.parent):  # noqa: PTH112 - False for a name that the system refuses
        raise BadInput(f'The folder "{target.parent}" for the film does not exist; create it or choose another place.')
    if target.suffix and os.path.isdir(target):  # noqa: PTH112
        raise BadInput(f'"{target}" is a folder; give the film a name of its own.')
    refuse_other_things(target)
    probe = part_path(target)
    try:
        with plain_errors(target):
            probe.write_bytes(bytes(4096))
            if target.is_file():
                with contextlib.suppress(FileExistsError):
                    target.rename(target)  # changes nothing; Windows refuses it while a player has the film open
    finally:
        remove(probe)


def refuse_other_things(target: Path) -> None:
    """Raises StudioError when a pipe, a device or a socket has the name ``target``: no file can take its place."""
    try:
        kind = stat.S_IFMT(target.stat().st_mode)
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        return  # said better by the attempt to write
    if kind not in {stat.S_IFREG, stat.S_IFDIR}:
        raise from_os_error(refusal(target, kind), target)


def remove(path: Path) -> None:
    """Deletes a file or folder that this process made, if it is there; a failure to tidy up is never worth an error."""
    with contextlib.suppress(OSError):
        if kind_of(Reached(os.fspath(path), None)) == stat.S_IFDIR:
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _is_ours(stale: Path) -> bool:
    """A file of that name; a folder only with the mark in it, or with nothing."""
    kind = kind_of(Reached(os.fspath(stale), None))
    if kind != stat.S_IFDIR:
        return kind == stat.S_IFREG
    return kind_of(Reached(os.fspath(stale / MARK), None)) == stat.S_IFREG or not any(stale.iterdir())
