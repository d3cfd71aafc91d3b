"""A file that another program has open for a moment, as Windows lets nobody rename or remove it: it is waited for."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from svi_studio.disk import fs_ops
from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.disk.publish import check_can_write
from svi_studio.domain.errors import StudioError, from_os_error
from tests.builders.held_files import is_held
from tests.patience import SECONDS

CHANGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "replace": ("replace", lambda place: REAL_DISK.replace(place / "file", place / "other")),
    "rename a folder": ("rename", lambda place: REAL_DISK.rename_folder(place / "inner", place / "renamed")),
    "remove": ("unlink", lambda place: REAL_DISK.remove(place / "file")),
    "remove in a film": ("unlink", lambda place: REAL_DISK.below(place).remove(place / "file")),
    "remove a tree": ("unlink", lambda place: REAL_DISK.remove_tree(place / "inner")),
    "remove a folder": ("rmdir", lambda place: REAL_DISK.remove_folder(place / "empty")),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("inner", "empty"):
        (tmp_path / name).mkdir()
    for name in ("file", "inner/file"):
        (tmp_path / name).write_bytes(b"content")
    return tmp_path


def hold(monkeypatch: pytest.MonkeyPatch, call: str, times: int) -> Callable[[], int]:
    """Lets the system refuse the first ``times`` calls; says how many there were."""
    real, asked = getattr(os, call), []

    def held(*names: Any, **where: Any) -> None:
        asked.append(names)
        if len(asked) <= times:
            raise is_held()
        real(*names, **where)

    monkeypatch.setattr(os, call, held)
    return lambda: len(asked)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_open_for_a_moment_is_changed_when_it_is_free(
    place: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, act = CHANGES[change]
    monkeypatch.setattr(fs_ops, "_BUSY_SECONDS", SECONDS)
    asked = hold(monkeypatch, call, times=3)
    act(place)
    assert asked() == 4


@pytest.mark.parametrize("change", CHANGES)
def test_what_stays_open_is_an_error(place: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call, act = CHANGES[change]
    monkeypatch.setattr(fs_ops, "_BUSY_SECONDS", 0.05)
    asked = hold(monkeypatch, call, times=10**6)
    with pytest.raises(PermissionError):
        act(place)
    assert asked() > 1


@pytest.mark.skipif(os.name == "nt", reason="there it is worth waiting")
def test_what_this_system_forbids_is_not_tried_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = hold(monkeypatch, "replace", times=10**6)
    with pytest.raises(PermissionError):
        REAL_DISK.replace(place / "file", place / "other")
    assert asked() == 1


def test_a_film_that_a_player_has_open_is_named_before_any_work(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, "rename", times=1)
    with pytest.raises(StudioError, match=r"file is open in another program.*close it there"):
        check_can_write(place / "file")
    check_can_write(place / "file")
    assert (place / "file").read_bytes() == b"content"


def test_an_open_file_is_not_called_a_want_of_permission_alone() -> None:
    text = str(from_os_error(is_held(), Path("film.mp4")))
    assert text.startswith("film.mp4 is open in another program")
