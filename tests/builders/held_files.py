"""What Windows does with files that somebody has open, for tests on Linux."""

import errno
import os
from pathlib import Path

import pytest

needs_maps = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="asks Linux what is mapped")


def is_mapped(place: Path) -> bool:
    """Whether this process has a file at or below ``place`` mapped into its memory."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return any(line.partition("/")[1:] and f"/{line.partition('/')[2]}".startswith(str(place)) for line in lines)


def is_held() -> PermissionError:
    """What Windows says of such a file."""
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    return error


def keep_what_is_mapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a file that is mapped is neither replaced nor removed."""
    replace, unlink = os.replace, os.unlink

    def place_of(name: str, folder: int | None) -> Path:
        return Path(name) if folder is None else Path(f"/proc/self/fd/{folder}").readlink() / name

    def replace_free(old: str, new: str, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        if is_mapped(place_of(new, dst_dir_fd)):
            raise is_held()
        replace(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    def unlink_free(name: str, *, dir_fd: int | None = None) -> None:
        if is_mapped(place_of(name, dir_fd)):
            raise is_held()
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "replace", replace_free)
    monkeypatch.setattr(os, "unlink", unlink_free)
