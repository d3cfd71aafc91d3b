"""What an export may replace, and what a film notes of it; nothing that lies behind a link is read or written."""

import os
import sys
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.pictures.credit import Credit
from svi_studio.media.formats import FFV1
from svi_studio.project.export.exports import EXPORTS, refuse_to_replace, remember_export
from svi_studio.project.export.film_credits import credits_file, write_credits
from svi_studio.project.export.film_export import film_file
from svi_studio.project.film.project_file import Project
from tests.builders.faulty_disk import CountingDisk, FaultyDisk, failing
from tests.builders.storyboards import film

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")
CREDIT = Credit(picture="a.png", title="A hill", author="Somebody")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Project.create(tmp_path / "film", film(2)).folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "film.mkv").write_bytes(b"a film")
    return tmp_path / "film.mkv"


def may_replace(project: Path, target: Path) -> bool:
    try:
        refuse_to_replace(project, target, overwrite=False)
    except BadInput:
        return False
    return True


def test_only_what_the_film_wrote_and_nobody_changed_is_replaced(project: Path, target: Path) -> None:
    assert not may_replace(project, target)
    remember_export(project, target)
    assert may_replace(project, target)
    target.write_bytes(b"another film")
    assert not may_replace(project, target)
    refuse_to_replace(project, target, overwrite=True)


def test_what_was_noted_of_one_export_outlives_the_next(project: Path, target: Path) -> None:
    remember_export(project, target)
    (target.parent / "other.mkv").write_bytes(b"other")
    remember_export(project, target.parent / "other.mkv")
    assert may_replace(project, target) and may_replace(project, target.parent / "other.mkv")


def test_credits_of_another_hand_are_not_replaced(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.mkv"
    write_credits(target, "Hills", [CREDIT])
    assert "A hill" in credits_file(target).read_text() and may_replace(project, target)
    credits_file(target).write_text("My own notes")
    assert not may_replace(project, target)
    with credits_file(target).open("r+b") as file:
        file.write(b"Pictures in ")
        file.truncate(5 << 20)  # more than credits can have
    assert not may_replace(project, target)


@needs_links
def test_notes_behind_a_link_do_not_count_and_are_not_written(project: Path, target: Path) -> None:
    remember_export(project, target)
    (project / EXPORTS).rename(target.parent / "notes")
    (project / EXPORTS).symlink_to(target.parent / "notes")
    before = (target.parent / "notes").read_bytes()
    assert not may_replace(project, target)
    remember_export(project, target)
    assert (target.parent / "notes").read_bytes() == before and (project / EXPORTS).is_symlink()


def test_the_notes_are_written_whole_and_an_error_is_no_reason_to_stop(project: Path, target: Path) -> None:
    disk = CountingDisk()
    remember_export(project, target, disk)
    assert disk.operations == ["create", "write", "sync", "replace", "sync_folder"]
    before = (project / EXPORTS).read_bytes()
    target.write_bytes(b"another film")
    for at in range(4):
        remember_export(project, target, FaultyDisk(at, failing(28)))
        assert (project / EXPORTS).read_bytes() == before


@needs_links
@pytest.mark.parametrize("sound", ["missing.wav", "playlist.wav"])
def test_a_film_that_could_not_be_written_is_refused_before_any_work(tmp_path: Path, sound: str) -> None:
    (tmp_path / "playlist.wav").write_text("#EXTM3U\n")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").touch()
    with pytest.raises(BadInput, match="does not exist"):
        film_file(tmp_path / "nowhere" / "film.mkv", format_name=None, enlarge=None, sound=None)
    with pytest.raises(BadInput, match="not a picture folder"):
        film_file(tmp_path / "photos", format_name="png", enlarge=None, sound=None)
    with pytest.raises(BadInput, match="holds no sound"):
        film_file(tmp_path / "new", format_name="png", enlarge=None, sound=tmp_path / sound)
    with pytest.raises(BadInput, match=r"not found|playlist"):
        film_file(tmp_path / "film.mkv", format_name=None, enlarge=None, sound=tmp_path / sound)
    os.mkfifo(tmp_path / "pipe.mkv")
    with pytest.raises(StudioError, match="is a pipe"):
        film_file(tmp_path / "pipe.mkv", format_name=None, enlarge=None, sound=None)
    assert film_file(tmp_path / "film.mkv", format_name=None, enlarge=None, sound=None).film_format is FFV1
