"""Exports: durable before they have their name, and what a killed one left goes only when it is this program's."""

from pathlib import Path

import pytest

from svi_studio.disk.publish import check_can_write, make_part_folder, part_path, publish_file, publish_part_folder
from svi_studio.domain.errors import StudioError
from tests.builders.faulty_disk import CountingDisk
from tests.builders.volatile_disk import VolatileDisk

NEVER = 10_000


def test_an_exported_file_is_on_the_disk_before_its_name_and_its_name_before_the_end(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(b"film")
    disk = CountingDisk()
    publish_file(tmp_path / "part", tmp_path / "film.mp4", disk)
    assert disk.operations == ["sync", "replace", "sync_folder"]


@pytest.mark.parametrize("eager", [False, True])
def test_an_exported_file_outlasts_a_power_cut(tmp_path: Path, eager: bool) -> None:
    (tmp_path / "film.mp4").write_bytes(b"old")
    disk = VolatileDisk(tmp_path, NEVER, eager=eager)
    (tmp_path / "part").write_bytes(b"film")
    disk._synced[tmp_path / "part"] = b""
    publish_file(tmp_path / "part", tmp_path / "film.mp4", disk)
    assert disk.durable[tmp_path / "film.mp4"] == b"film"


@pytest.mark.parametrize("forgotten", ["sync", "sync_folder"])
def test_a_power_cut_shows_a_forgotten_sync_of_an_export(tmp_path: Path, forgotten: str) -> None:
    (tmp_path / "film.mp4").write_bytes(b"old")
    disk = VolatileDisk(tmp_path, NEVER, eager=forgotten == "sync")
    setattr(disk, forgotten, lambda *_: None)
    (tmp_path / "part").write_bytes(b"film")
    disk._synced[tmp_path / "part"] = b""
    publish_file(tmp_path / "part", tmp_path / "film.mp4", disk)
    assert disk.durable[tmp_path / "film.mp4"] != b"film"


def test_a_folder_is_published_without_its_mark(tmp_path: Path) -> None:
    part = make_part_folder(tmp_path / "model")
    (part / "inner").mkdir()
    (part / "inner" / "weights").write_bytes(b"x")
    disk = CountingDisk()
    publish_part_folder(part, tmp_path / "model", disk)
    assert [entry.name for entry in (tmp_path / "model").iterdir()] == ["inner"]
    assert disk.operations.count("sync") == 2 and disk.operations[-3:] == ["rename_folder", "sync_folder", "remove"]


def test_what_a_killed_export_left_is_removed(tmp_path: Path) -> None:
    part_path(tmp_path / "film.mp4").write_bytes(b"half")
    (make_part_folder(tmp_path / "film.mp4") / "1.png").write_bytes(b"half")
    part_path(tmp_path / "film.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [".film.abcdefgh.part.mp4", ".film.12345678.part", "film.12345678.part.mp4"])
def test_a_file_that_is_only_called_nearly_so_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")
    part_path(tmp_path / "film.mp4")
    assert (tmp_path / name).read_bytes() == b"mine"


def test_a_folder_of_that_name_without_the_mark_stays(tmp_path: Path) -> None:
    (tmp_path / ".film.12345678.part.mp4").mkdir()
    (tmp_path / ".film.12345678.part.mp4" / "mine").touch()
    part_path(tmp_path / "film.mp4")
    assert (tmp_path / ".film.12345678.part.mp4" / "mine").exists()


@pytest.mark.parametrize("name", ["[film]*?.mp4", "film (1).mp4", "a+b.mp4"])
def test_names_with_signs_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    part_path(tmp_path / name).write_bytes(b"half")
    part_path(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_a_device_is_no_place_for_a_film(device: str) -> None:
    with pytest.raises(StudioError, match=f"{device} is a device, not a file"):
        check_can_write(Path(device))


def test_trying_whether_a_film_can_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    check_can_write(tmp_path / "film.mp4")
    assert not list(tmp_path.iterdir())
