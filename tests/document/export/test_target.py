"""Names and folders of exports."""

from pathlib import Path

import pytest

from svi_studio.document.export.kinds import export_kinds
from svi_studio.document.export.target import free_name, last_folder, target_problem, with_ending
from svi_studio.document.preferences import Preferences

MP4, PRORES, FFV1, PNG, SHEET = export_kinds()


def test_a_name_is_made_from_the_title_and_is_free(tmp_path: Path) -> None:
    (tmp_path / "What is this.mp4").touch()
    assert free_name(tmp_path, "What/is: this?", MP4) == "What is this 2.mp4"
    assert free_name(tmp_path, "", PNG) == "Film"


@pytest.mark.parametrize(
    ("name", "kind", "ending"),
    [
        ("cut", MP4, "cut.mp4"),
        ("cut.mp4", PRORES, "cut.mov"),
        ("cut.v2", MP4, "cut.v2.mp4"),
        ("cut.mkv", PNG, "cut"),
        ("sheet.jpg", SHEET, "sheet.jpg"),
        ("sheet.mp4", SHEET, "sheet.png"),
        ("../../up", MP4, "up.mp4"),
        ("  ", MP4, ""),
        (".mp4", MP4, ""),
    ],
)
def test_a_name_gets_the_ending_of_its_kind(name: str, kind: object, ending: str) -> None:
    assert with_ending(name, kind) == ending  # type: ignore[arg-type]


def test_the_last_folder_counts_only_while_it_is_there(qtbot: object, tmp_path: Path) -> None:
    wishes = Preferences(tmp_path / "window.ini")
    wishes.set_text("export_folder", str(tmp_path))
    assert last_folder(wishes) == tmp_path
    wishes.set_text("export_folder", str(tmp_path / "gone"))
    assert last_folder(wishes).is_dir()


def test_what_cannot_be_written_is_told_before(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "note.txt").touch()
    assert "folder of this name" in target_problem(tmp_path / "folder.mp4", MP4)
    assert "file of this name" in target_problem(tmp_path / "file", PNG)
    assert "holds other files" in target_problem(tmp_path / "others", PNG)
    assert target_problem(tmp_path / "film.mp4", MP4) == ""
