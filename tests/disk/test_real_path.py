"""Where the system opens no folders, as Windows, each one on the way is looked at instead: no link is followed."""

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from svi_studio.disk import real_path
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.plain_file import open_plain
from svi_studio.disk.real_path import Reached, kind_of, require_kind
from svi_studio.domain.errors import Refused

Work = Callable[[FsOps, Path], object]
WORKS: dict[str, Work] = {
    "read": lambda _, film: open_plain(film / "inner" / "file", 100, root=film).close(),
    "create": lambda disk, film: os.close(disk.create(film / "inner" / "new")),
    "append": lambda disk, film: os.close(disk.open_append(film / "inner" / "file")),
    "truncate": lambda disk, film: disk.truncate(film / "inner" / "file", 0),
    "replace": lambda disk, film: disk.replace(film / "mine", film / "inner" / "file"),
    "remove": lambda disk, film: disk.remove(film / "inner" / "file"),
    "make a folder": lambda disk, film: disk.make_folder(film / "inner" / "new"),
    "remove a tree": lambda disk, film: disk.remove_tree(film / "inner" / "folder"),
}


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(real_path, "_HAS_FOLDERS", False)
    (tmp_path / "film").mkdir()
    (tmp_path / "film" / "mine").write_bytes(b"mine")
    (tmp_path / "outside" / "folder").mkdir(parents=True)
    (tmp_path / "outside" / "file").write_bytes(b"a thesis")
    return tmp_path / "film"


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link")
@pytest.mark.parametrize("work", WORKS)
def test_a_link_on_the_way_is_refused(film: Path, work: str) -> None:
    (film / "inner").symlink_to(film.parent / "outside")
    with pytest.raises(Refused, match="inner is a link"):
        WORKS[work](REAL_DISK.below(film), film)
    assert sorted(entry.name for entry in (film.parent / "outside").iterdir()) == ["file", "folder"]
    assert (film.parent / "outside" / "file").read_bytes() == b"a thesis"


@pytest.mark.parametrize("work", WORKS)
def test_real_folders_on_the_way_are_walked(film: Path, work: str) -> None:
    (film.parent / "outside").rename(film / "inner")
    WORKS[work](REAL_DISK.below(film), film)


def test_a_junction_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = 0xA0000003
    found = SimpleNamespace(st_mode=stat.S_IFDIR | 0o700, st_reparse_tag=tag)
    monkeypatch.setattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", tag, raising=False)
    monkeypatch.setattr(os, "stat", lambda *_, **__: found)
    assert kind_of(Reached(str(tmp_path), None)) == stat.S_IFLNK


def test_what_is_missing_is_told_by_its_whole_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as told:
        require_kind(Reached(str(tmp_path / "file"), None), tmp_path / "film" / "file", stat.S_IFREG)
    assert told.value.errno == errno.ENOENT and told.value.filename == str(tmp_path / "film" / "file")
    require_kind(Reached(str(tmp_path / "file"), None), tmp_path / "file", stat.S_IFREG, or_nothing=True)
