"""Exporting pictures again: only what the last export wrote goes, and the old or the new film stands there."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.publish import MARK
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.media.frames import Frames
from svi_studio.media.picture_folder import refuse_to_replace_other_folders
from svi_studio.media.picture_writer import PictureFolderWriter
from tests.builders.faulty_disk import CountingDisk, FaultyDisk, PowerCut, cut, failing
from tests.builders.held_files import is_held

CAN_EXCHANGE = pytest.mark.skipif(sys.platform == "win32", reason="two folders cannot be exchanged there")
OLD, NEW = 10, 200


def export(folder: Path, level: int, frames: int = 2, fs: FsOps = REAL_DISK) -> None:
    made: Frames = np.full((frames, 4, 6, 3), level, np.uint8)
    with PictureFolderWriter(folder, width=6, height=4, fps=8, enlarge=1, metadata={"title": "x"}, fs=fs) as writer:
        writer.write(made)


def level_of(folder: Path) -> int:
    """The grey of all pictures in ``folder``, which are as many as its ``film.json`` says."""
    facts = json.loads((folder / "film.json").read_text())
    pictures = sorted(folder.glob("0*.png"))
    assert len(pictures) == facts["frames"]
    levels = {int(np.asarray(Image.open(picture))[0, 0, 0]) for picture in pictures}
    assert len(levels) == 1
    return levels.pop()


def of_the_user(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in ("notes.txt", "retouched/1.png")}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """An export of three pictures, with files of the user's beside them."""
    return with_user_files(tmp_path / "film")


def with_user_files(folder: Path) -> Path:
    export(folder, OLD, frames=3)
    (folder / "retouched").mkdir()
    (folder / "notes.txt").write_bytes(b"my notes")
    (folder / "retouched" / "1.png").write_bytes(b"my work")
    return folder


def hidden(place: Path) -> list[str]:
    return [entry.name for entry in place.iterdir() if entry.name.startswith(".")]


def test_what_the_user_put_beside_the_pictures_outlives_the_next_export(film: Path) -> None:
    kept = of_the_user(film)
    export(film, NEW)
    assert level_of(film) == NEW and of_the_user(film) == kept
    assert sorted(entry.name for entry in film.iterdir()) == [
        "000001.png", "000002.png", "film.json", "notes.txt", "retouched",
    ]  # fmt: skip
    assert [entry.name for entry in film.parent.iterdir()] == ["film"]


def test_a_link_of_the_user_stays_a_link(film: Path) -> None:
    (film / "music").symlink_to("../somewhere")
    export(film, NEW)
    assert (film / "music").readlink() == Path("../somewhere")


@pytest.mark.parametrize("name", ["000002.png", "000009.png"])
def test_a_picture_that_is_not_as_the_export_left_it_is_never_written_over(film: Path, name: str) -> None:
    (film / name).write_bytes(b"my own picture")
    os.utime(film / name, (1, 1))  # as old as can be: its time gives nothing away
    with pytest.raises(BadInput, match=f"{name}.* is not as the last export left it"):
        export(film, NEW)
    assert (film / name).read_bytes() == b"my own picture" and len(list(film.glob("0*.png"))) >= 3


def test_a_picture_of_the_same_size_that_was_changed_later_is_told_by_its_content(film: Path) -> None:
    content = (film / "000002.png").read_bytes()
    (film / "000002.png").write_bytes(content[:-1] + b"!")
    os.utime(film / "000002.png", (4e9, 4e9))
    with pytest.raises(BadInput, match="000002"):
        refuse_to_replace_other_folders(film)


def test_a_copy_of_an_export_with_other_times_is_still_ours(film: Path) -> None:
    for number in (1, 2, 3):
        os.utime(film / f"00000{number}.png", (4e9, 4e9))
    export(film, NEW)
    assert level_of(film) == NEW


def test_an_export_of_an_earlier_version_is_replaced_too(film: Path) -> None:
    facts = json.loads((film / "film.json").read_text())
    del facts["pictures"]
    (film / "film.json").write_text(json.dumps(facts))
    export(film, NEW)
    assert level_of(film) == NEW and of_the_user(film)


@pytest.mark.parametrize("content", ["{}", "[]", '{"frames": "x"}', '{"frames": 3, "pictures": 7}', "[" * 99_999])
def test_a_folder_with_some_other_film_json_is_refused(film: Path, content: str) -> None:
    (film / "film.json").write_text(content)
    with pytest.raises(BadInput, match="not a picture folder of this program"):
        export(film, NEW)


@CAN_EXCHANGE
def test_a_kill_at_any_operation_leaves_the_old_or_the_new_film_with_the_users_files(tmp_path: Path) -> None:
    def check(folder: Path, frames: int) -> None:
        kept = of_the_user(folder)
        assert kept == {"notes.txt": b"my notes", "retouched/1.png": b"my work"}
        assert level_of(folder) in {OLD, NEW}
        export(folder, NEW, frames)
        assert level_of(folder) == NEW and of_the_user(folder) == kept and not hidden(folder.parent)
        assert not hidden(folder)

    at_every_operation(tmp_path, with_user_files, lambda folder, fs: export(folder, NEW, fs=fs), check)


def at_every_operation(
    place: Path,
    prepare: Callable[[Path], Path],
    work: Callable[[Path, FsOps], None],
    check: Callable[[Path, int], None],
) -> None:
    def prepared(name: str) -> Path:
        (place / name).mkdir()
        return prepare(place / name / "film")

    disk = CountingDisk()
    work(prepared("count"), disk)
    for at in range(len(disk.operations)):
        folder = prepared(str(at))
        with pytest.raises(PowerCut):
            work_without_tidying(work, folder, FaultyDisk(at, cut))
        check(folder, 2)


def work_without_tidying(work: Callable[[Path, FsOps], None], folder: Path, fs: FsOps) -> None:
    """As a kill does it: nothing that the writer would throw away is thrown away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PictureFolderWriter, "discard", lambda self: None)
        work(folder, fs)


@pytest.mark.parametrize("code", [5, 28])
def test_an_error_at_any_operation_leaves_the_old_or_the_new_film(tmp_path: Path, code: int) -> None:
    disk = CountingDisk()
    export(with_user_files(tmp_path / "count"), NEW, fs=disk)
    for at in range(len(disk.operations)):
        folder = with_user_files(tmp_path / str(at))
        with pytest.raises(StudioError):
            export(folder, NEW, fs=FaultyDisk(at, failing(code)))
        assert level_of(folder) in {OLD, NEW} and of_the_user(folder)


def test_where_folders_cannot_be_exchanged_the_old_film_never_hides(tmp_path: Path) -> None:
    class Plain(CountingDisk):
        def exchange(self, one: Path, other: Path) -> bool:
            return False

        def before(self, operation: str, path: Path) -> None:
            super().before(operation, path)
            folders = [entry for entry in tmp_path.iterdir() if not entry.name.startswith(".")]
            assert any((folder / "film.json").exists() for folder in folders)

    film = with_user_files(tmp_path / "film")
    export(film, NEW, fs=Plain())
    assert level_of(film) == NEW and of_the_user(film) and [entry.name for entry in tmp_path.iterdir()] == ["film"]


def test_where_folders_cannot_be_exchanged_the_old_film_comes_back_when_the_new_one_is_refused(tmp_path: Path) -> None:
    class Held(CountingDisk):
        def exchange(self, one: Path, other: Path) -> bool:
            return False

        def before(self, operation: str, path: Path) -> None:
            super().before(operation, path)
            if path == film and self.operations.count("rename_folder") == 2 and operation == "rename_folder":
                raise is_held()

    film = with_user_files(tmp_path / "film")
    with pytest.raises(StudioError):
        export(film, NEW, fs=Held())
    assert level_of(film) == OLD and of_the_user(film) and [entry.name for entry in tmp_path.iterdir()] == ["film"]
    export(film, NEW)
    assert level_of(film) == NEW


def test_every_picture_is_on_the_disk_before_the_folder_has_its_name(tmp_path: Path) -> None:
    disk = CountingDisk()
    export(tmp_path / "film", NEW, frames=1, fs=disk)
    assert disk.operations == [
        "make_folder", "sync_folder", "create",
        "create", "write", "create", "write",
        "sync", "sync", "sync", "sync_folder", "rename_folder", "sync_folder", "remove",
    ]  # fmt: skip


def test_facts_that_are_a_link_are_not_an_exports_own(film: Path) -> None:
    (film / "film.json").rename(film.parent / "film.json")
    (film / "film.json").symlink_to(film.parent / "film.json")
    with pytest.raises(BadInput, match="not a picture folder of this program"):
        refuse_to_replace_other_folders(film)


def test_another_folder_is_refused_before_the_first_picture(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").write_bytes(b"mine")
    with pytest.raises(BadInput, match="not a picture folder of this program"):
        PictureFolderWriter(tmp_path / "photos", width=6, height=4, fps=8, enlarge=1, metadata={})
    assert [entry.name for entry in tmp_path.iterdir()] == ["photos"]


def test_a_film_without_a_picture_leaves_nothing_behind(tmp_path: Path) -> None:
    writer = PictureFolderWriter(tmp_path / "film", width=6, height=4, fps=8, enlarge=1, metadata={})
    with pytest.raises(BadInput, match="would have no frames"):
        writer.close()
    assert not list(tmp_path.iterdir())


def test_what_came_in_meanwhile_is_on_the_disk_before_the_old_film_goes(film: Path) -> None:
    disk = CountingDisk()
    export(film, NEW, fs=disk)
    assert disk.operations[-2:] == ["sync_folder", "remove_tree"]


def test_the_mark_of_the_old_film_goes_last_so_that_what_a_kill_leaves_of_it_is_known(film: Path) -> None:
    removed: list[str] = []

    class Watched(CountingDisk):
        def _remove_any(self, path: Path) -> None:
            removed.append(path.name)
            super()._remove_any(path)

    (film / "zebra.txt").write_bytes(b"after the mark by name")
    export(film, NEW, fs=Watched())
    assert removed[-1] == MARK and len(removed) > 1
