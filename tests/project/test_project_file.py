import json
import os
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, BadProject, StudioError
from svi_studio.project.film.journal import JOURNAL, MAX_JOURNAL
from svi_studio.project.film.project_file import SAVE_AT, Project
from tests.builders.faulty_disk import CountingDisk
from tests.builders.storyboards import film
from tests.domain import short_edits


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "My film", film(3))


def test_a_new_project_has_its_folders(project: Project) -> None:
    assert project.folder.name == "My film.svi" and (project.folder / "media").is_dir()


def test_a_project_opens_as_it_was_made(project: Project) -> None:
    assert Project.open(project.folder).storyboard == film(3)


def test_the_project_file_opens_the_project(project: Project) -> None:
    assert Project.open(project.folder / "project.json").storyboard == film(3)


def test_a_project_is_not_made_over_another(project: Project) -> None:
    with pytest.raises(BadInput, match="already"):
        Project.create(project.folder, film(1))


def test_unsaved_edits_come_back(project: Project) -> None:
    project.record(short_edits.delete_clip(project.storyboard, "c1"))
    project.record(short_edits.append_prompt(project.storyboard, "ünï côdé"))
    again = Project.open(project.folder)
    assert (again.storyboard, again.recovered) == (project.storyboard, 2)


def test_nothing_is_recovered_after_a_save(project: Project) -> None:
    project.record(short_edits.delete_clip(project.storyboard, "c1"))
    project.save()
    again = Project.open(project.folder)
    assert (again.storyboard, again.recovered) == (project.storyboard, 0)


def test_a_save_empties_the_journal(project: Project) -> None:
    project.record(short_edits.delete_clip(project.storyboard, "c1"))
    project.save()
    assert (project.folder / JOURNAL).stat().st_size == 0


def test_opening_writes_nothing(project: Project) -> None:
    project.record(short_edits.delete_clip(project.storyboard, "c1"))
    before = {file: file.read_bytes() for file in project.folder.iterdir() if file.is_file()}
    Project.open(project.folder)
    assert {file: file.read_bytes() for file in project.folder.iterdir() if file.is_file()} == before


def test_a_torn_last_line_loses_only_that_edit(project: Project) -> None:
    first = short_edits.delete_clip(project.storyboard, "c1")
    project.record(first)
    project.record(short_edits.append_prompt(first, "lost"))
    journal = project.folder / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-3])
    assert Project.open(project.folder).storyboard == first


def test_an_edit_after_a_torn_line_is_kept(project: Project) -> None:
    with (project.folder / JOURNAL).open("ab") as stream:
        stream.write(b'{"crc32": 12, "ent')
    again = Project.open(project.folder)
    again.record(short_edits.delete_clip(again.storyboard, "c1"))
    assert Project.open(project.folder).storyboard == again.storyboard


def test_a_changed_byte_ends_the_recovery_before_it(project: Project) -> None:
    project.record(short_edits.set_prompt(project.storyboard, "c1", "first"))
    kept = project.storyboard
    project.record(short_edits.set_prompt(project.storyboard, "c2", "second"))
    journal = project.folder / JOURNAL
    journal.write_bytes(journal.read_bytes().replace(b"second", b"sXcond"))
    assert Project.open(project.folder).storyboard == kept


def test_a_journal_from_before_the_save_is_left_out(project: Project) -> None:
    project.record(short_edits.set_prompt(project.storyboard, "c1", "first"))
    stale = (project.folder / JOURNAL).read_bytes()
    project.save(film(2))
    (project.folder / JOURNAL).write_bytes(stale)
    assert Project.open(project.folder).storyboard == film(2)


def test_a_long_journal_becomes_a_save(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svi_studio.project.film.project_file.SAVE_AT", 100)
    project.record(short_edits.set_prompt(project.storyboard, "c1", "x" * 200))
    project.record(short_edits.set_prompt(project.storyboard, "c1", "y"))
    again = Project.open(project.folder)
    assert (again.storyboard, again.recovered) == (project.storyboard, 0)


@pytest.mark.parametrize("how", ["save", "record"])
def test_a_project_that_another_program_changed_is_not_overwritten(project: Project, how: str) -> None:
    other = Project.open(project.folder)
    getattr(other, how)(film(2))
    with pytest.raises(BadProject, match="Another program changed"):
        project.save(film(1))
    assert Project.open(project.folder).storyboard == film(2)


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="the administrator may write everywhere")
def test_a_project_on_a_read_only_disk_opens(project: Project) -> None:
    project.folder.chmod(0o555)
    try:
        assert Project.open(project.folder).storyboard == film(3)
    finally:
        project.folder.chmod(0o755)


def test_a_project_that_was_deleted_meanwhile_is_named(project: Project) -> None:
    (project.folder / "project.json").unlink()
    with pytest.raises(StudioError, match=r"There is no .*project\.json"):
        project.save()


def test_a_touched_project_file_is_still_ones_own(project: Project) -> None:
    os.utime(project.folder / "project.json", (1, 1))
    project.save(film(2))
    assert Project.open(project.folder).storyboard == film(2)


def test_the_project_file_says_what_it_is(project: Project) -> None:
    document = json.loads((project.folder / "project.json").read_text())
    assert (document["format"], document["schema_version"]) == ("svi-studio project", 1)


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProject, match="no film"):
        Project.open(tmp_path)


@pytest.mark.parametrize("revision", [2**53 - 1, 2**53])
def test_a_film_that_was_saved_as_often_as_can_be_is_saved_again(tmp_path: Path, revision: int) -> None:
    folder = Project.create(tmp_path / "film", film(2)).folder
    document = json.loads((folder / "project.json").read_text())
    (folder / "project.json").write_text(json.dumps(document | {"revision": revision}))
    project = Project.open(folder)
    for clips in (3, 4, 5):
        project.record(film(clips))
        project.save()
    assert Project.open(folder).storyboard == film(5)


def test_a_revision_beyond_the_last_is_refused(tmp_path: Path) -> None:
    folder = Project.create(tmp_path / "film", film(2)).folder
    document = json.loads((folder / "project.json").read_text())
    (folder / "project.json").write_text(json.dumps(document | {"revision": 2**53 + 1}))
    with pytest.raises(BadProject, match="revision"):
        Project.open(folder)


def test_edits_are_saved_long_before_their_journal_is_too_long_to_be_read() -> None:
    assert SAVE_AT * 2 <= MAX_JOURNAL


def test_a_new_project_is_made_by_the_disk_that_it_is_given(tmp_path: Path) -> None:
    disk = CountingDisk()
    Project.create(tmp_path / "film", film(2), disk)
    assert disk.operations.count("make_folder") == 3
    assert disk.operations[-5:] == ["create", "write", "sync", "replace", "sync_folder"]
