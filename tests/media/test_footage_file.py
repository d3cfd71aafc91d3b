"""footage.json is written whole and read with care."""

import errno
import os
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadProject, DiskFull, NewerVersion
from svi_studio.domain.training.footage import FOOTAGE_FILE, FOOTAGE_VERSION, Footage
from svi_studio.media.footage_file import read_footage, write_footage

FOOTAGE = Footage(folder="/videos", num_frames=33, fps=16.0, width=64, height=48, problems=("Größe?",))
PRESENT = f'"schema_version":{FOOTAGE_VERSION}'


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_footage(tmp_path / "run", FOOTAGE)

    assert read_footage(tmp_path / "run") == FOOTAGE


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    write_footage(tmp_path, FOOTAGE)
    write_footage(tmp_path, FOOTAGE)

    assert [each.name for each in tmp_path.iterdir()] == [FOOTAGE_FILE]


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadProject, match="scan the footage first"):
        read_footage(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema_version": 1}', "\udcff"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / FOOTAGE_FILE).write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(BadProject, match="damaged"):
        read_footage(tmp_path)


def test_the_first_version_is_read_and_becomes_the_present_one(tmp_path: Path) -> None:
    text = FOOTAGE.model_dump_json().replace(PRESENT, '"schema_version":1')
    (tmp_path / FOOTAGE_FILE).write_text(text)

    assert read_footage(tmp_path) == FOOTAGE


def test_a_later_version_is_left_alone(tmp_path: Path) -> None:
    text = FOOTAGE.model_dump_json().replace(PRESENT, f'"schema_version":{FOOTAGE_VERSION + 1}')
    (tmp_path / FOOTAGE_FILE).write_text(text)

    with pytest.raises(NewerVersion):
        read_footage(tmp_path)


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("svi_studio.disk.fs_ops.FsOps.sync", full)
    with pytest.raises(DiskFull):
        write_footage(tmp_path, FOOTAGE)
    assert not list(tmp_path.iterdir())
