"""A project survives the end of the process, and every error of the disk, at every single operation."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import BadProject, StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.film.project_file import Project
from tests.builders.faulty_disk import ERRNOS, KILLED, CountingDisk, FaultyDisk, PowerCut, count, cut, die_at, failing
from tests.builders.storyboards import film
from tests.domain import short_edits
from tests.forked import needs_fork

SAVED = film(3)
EDITED = short_edits.set_prompt(SAVED, "c2", "another scene")
LATER = short_edits.delete_clip(EDITED, "c1")


def prepared(folder: Path) -> Path:
    """A project with one unsaved edit in its journal."""
    project = Project.create(folder / "film", SAVED)
    project.record(EDITED)
    return project.folder


Work = Callable[[Path], Callable[[FsOps], None]]


def record(folder: Path) -> Callable[[FsOps], None]:
    return lambda fs: Project.open(folder, fs).record(LATER)


def save(folder: Path) -> Callable[[FsOps], None]:
    return lambda fs: Project.open(folder, fs).save(LATER)


WORK = pytest.mark.parametrize("work", [record, save])


def state(folder: Path) -> Storyboard:
    return Project.open(folder).storyboard


def can_go_on(folder: Path) -> bool:
    """Whether the project takes another edit and another save, and gives them back."""
    more = short_edits.append_prompt(state(folder), "one more")
    Project.open(folder).record(more)
    kept = state(folder) == more
    Project.open(folder).save()
    return kept and state(folder) == more


@WORK
@pytest.mark.parametrize("torn", [False, True])
def test_a_cut_at_any_operation_leaves_the_old_or_the_new_film(tmp_path: Path, work: Work, torn: bool) -> None:
    for at in range(count(work(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        with pytest.raises(PowerCut):
            work(folder)(FaultyDisk(at, cut, torn=torn))
        assert state(folder) in (EDITED, LATER) and can_go_on(folder)


@needs_fork
@WORK
def test_a_killed_process_leaves_the_old_or_the_new_film(tmp_path: Path, work: Work) -> None:
    for at in range(count(work(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        assert die_at(at, work(folder), torn=True) == KILLED
        assert state(folder) in (EDITED, LATER) and can_go_on(folder)


@WORK
@pytest.mark.parametrize("code", ERRNOS)
@pytest.mark.parametrize("for_good", [False, True])
def test_an_error_at_any_operation_loses_nothing(tmp_path: Path, work: Work, code: int, for_good: bool) -> None:
    for at in range(count(work(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        with pytest.raises(StudioError):
            work(folder)(FaultyDisk(at, failing(code), torn=True, for_good=for_good))
        assert state(folder) in (EDITED, LATER) and can_go_on(folder)


@pytest.mark.parametrize("code", ERRNOS)
@pytest.mark.parametrize("for_good", [False, True])
def test_after_an_error_the_open_project_can_record_and_save_again(tmp_path: Path, code: int, for_good: bool) -> None:
    operations = count(save(prepared(tmp_path / "count")))
    for at in range(operations):
        disk = FaultyDisk(at, failing(code), torn=True, for_good=for_good)
        project = Project.open(prepared(tmp_path / str(at)), disk)
        with pytest.raises(StudioError):
            project.save(LATER)
        disk.before = lambda operation, path: None  # type: ignore[method-assign]
        project.record(short_edits.append_prompt(LATER, "more"))
        assert state(project.folder) == short_edits.append_prompt(LATER, "more")
        project.save(LATER)
        assert state(project.folder) == LATER


@pytest.mark.parametrize("code", ERRNOS)
def test_after_an_edit_that_could_not_be_kept_the_next_one_can(tmp_path: Path, code: int) -> None:
    for at in range(count(record(prepared(tmp_path / "count")))):
        disk = FaultyDisk(at, failing(code), torn=True, for_good=True)
        project = Project.open(prepared(tmp_path / str(at)), disk)
        with pytest.raises(StudioError):
            project.record(LATER)
        disk.before = lambda operation, path: None  # type: ignore[method-assign]
        project.record(LATER)
        assert state(project.folder) == LATER


def test_a_cut_while_a_project_is_made_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    for at in range(count(lambda fs: Project.create(tmp_path / "count", SAVED, fs))):
        with pytest.raises(PowerCut):
            Project.create(tmp_path / str(at), SAVED, FaultyDisk(at, cut))
        try:
            assert state(tmp_path / f"{at}.svi") == SAVED
        except BadProject:
            Project.create(tmp_path / str(at), SAVED)
        assert state(tmp_path / f"{at}.svi") == SAVED


@needs_fork
def test_a_save_clears_what_killed_saves_left(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    die_at(2, save(folder))
    Project.open(folder).save()
    assert {entry.name for entry in folder.iterdir()} == {"project.json", "journal.jsonl", "media", "takes", ".lock"}


@pytest.mark.parametrize("code", ERRNOS)
def test_an_edit_that_was_not_kept_does_not_come_back(tmp_path: Path, code: int) -> None:
    folder = prepared(tmp_path)
    before = (folder / "journal.jsonl").read_bytes()
    disk = CountingDisk()
    Project.open(folder, disk).record(LATER)
    (folder / "journal.jsonl").write_bytes(before)
    with pytest.raises(StudioError):
        Project.open(folder, FaultyDisk(disk.operations.index("sync"), failing(code))).record(LATER)
    assert (folder / "journal.jsonl").read_bytes() == before and state(folder) == EDITED


def test_a_journal_with_a_second_name_is_written_anew_and_synced(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    (folder / "backup").hardlink_to(folder / "journal.jsonl")
    disk = CountingDisk()
    Project.open(folder, disk).record(LATER)
    anew = ["create", "write", "sync", "replace", "sync_folder"]
    assert disk.operations == [*anew, "open_append", "write", "sync"] and state(folder) == LATER


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system does not list open files")
def test_an_edit_lets_go_of_the_journal_also_when_it_fails(tmp_path: Path) -> None:
    project = Project.open(prepared(tmp_path))
    before = sorted(entry.name for entry in Path("/dev/fd").iterdir())
    project.record(LATER)
    with pytest.raises(StudioError):
        Project.open(project.folder, FaultyDisk(2, failing(ERRNOS[0]))).record(SAVED)
    assert sorted(entry.name for entry in Path("/dev/fd").iterdir()) == before
