import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.save_state import SaveKind
from svi_studio.jobs.film import edit_saver
from svi_studio.jobs.film.edit_saver import EditSaver
from svi_studio.project.film.journal import JOURNAL
from svi_studio.project.film.project_file import Project
from tests.builders.film_parts import numbered
from tests.domain.short_edits import set_prompt


class SwitchedDisk(FsOps):
    """Refuses every write with the error ``code`` while that is not 0."""

    code = 0

    def before(self, operation: str, path: Path) -> None:
        if self.code:
            raise OSError(self.code, os.strerror(self.code), str(path))


@pytest.fixture
def disk() -> SwitchedDisk:
    return SwitchedDisk()


@pytest.fixture
def project(tmp_path: Path, disk: SwitchedDisk) -> Project:
    return Project.create(tmp_path / "film", numbered(2), disk)


@pytest.fixture
def writer(qtbot: QtBot, project: Project) -> Iterator[EditSaver]:
    writer = EditSaver(project, retry_seconds=0.05, quiet_seconds=60)
    yield writer
    writer.close()


def edited(words: str) -> Storyboard:
    return set_prompt(numbered(2), "c1", words)


def wait_for(qtbot: QtBot, writer: EditSaver, kind: SaveKind) -> None:
    qtbot.waitUntil(lambda: writer.state.kind == kind, timeout=10_000)


def keep(qtbot: QtBot, writer: EditSaver, board: Storyboard) -> None:
    writer.keep(board)
    qtbot.waitUntil(lambda: not writer.unsaved, timeout=10_000)


def test_an_edit_is_in_the_journal_soon(qtbot: QtBot, writer: EditSaver, project: Project) -> None:
    keep(qtbot, writer, edited("new"))
    found = Project.open(project.folder)
    assert (found.storyboard, found.recovered) == (edited("new"), 1)


def test_closing_saves_everything(qtbot: QtBot, writer: EditSaver, project: Project) -> None:
    writer.keep(edited("new"))
    assert writer.close()
    found = Project.open(project.folder)
    assert (found.storyboard, found.recovered) == (edited("new"), 0)


def test_saving_empties_the_journal(qtbot: QtBot, writer: EditSaver, project: Project) -> None:
    keep(qtbot, writer, edited("new"))
    writer.save()
    qtbot.waitUntil(lambda: (project.folder / JOURNAL).stat().st_size == 0, timeout=10_000)


def test_a_quiet_moment_saves_by_itself(qtbot: QtBot, project: Project) -> None:
    writer = EditSaver(project, quiet_seconds=0.05)
    keep(qtbot, writer, edited("new"))
    qtbot.waitUntil(lambda: (project.folder / JOURNAL).stat().st_size == 0, timeout=10_000)
    writer.close()


def test_the_journal_stays_short(
    qtbot: QtBot, writer: EditSaver, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_saver, "MOST_IN_JOURNAL", 2)
    for number in range(3):
        keep(qtbot, writer, edited(f"words {number}"))
    found = Project.open(project.folder)
    assert (found.storyboard, found.recovered) == (edited("words 2"), 0)


def test_a_film_that_nobody_edits_is_not_written(writer: EditSaver, project: Project) -> None:
    before = (project.folder / "project.json").stat().st_mtime_ns
    assert writer.close()
    assert (project.folder / "project.json").stat().st_mtime_ns == before


def test_a_full_disk_is_told_and_the_edit_kept_in_memory(qtbot: QtBot, writer: EditSaver, disk: SwitchedDisk) -> None:
    disk.code = errno.ENOSPC
    writer.keep(edited("new"))
    wait_for(qtbot, writer, SaveKind.FAILED)
    assert writer.unsaved
    assert writer.state.sentence.startswith("The disk is full at ")


def test_the_disk_is_tried_again_until_it_has_room(
    qtbot: QtBot, writer: EditSaver, disk: SwitchedDisk, project: Project
) -> None:
    disk.code = errno.ENOSPC
    writer.keep(edited("new"))
    wait_for(qtbot, writer, SaveKind.FAILED)
    disk.code = 0
    wait_for(qtbot, writer, SaveKind.SAVED)
    assert Project.open(project.folder).storyboard == edited("new")


def test_a_failure_is_told_once_until_it_is_over(qtbot: QtBot, writer: EditSaver, disk: SwitchedDisk) -> None:
    told: list[SaveKind] = []
    writer.state_changed.connect(lambda state: told.append(state.kind))
    disk.code = errno.ENOSPC
    writer.keep(edited("new"))
    wait_for(qtbot, writer, SaveKind.FAILED)
    qtbot.wait(200)
    disk.code = 0
    qtbot.waitUntil(lambda: told == [SaveKind.SAVING, SaveKind.FAILED, SaveKind.SAVED], timeout=10_000)


def test_the_next_edit_tries_again_at_once(qtbot: QtBot, project: Project, disk: SwitchedDisk) -> None:
    writer = EditSaver(project, retry_seconds=600)
    disk.code = errno.ENOSPC
    writer.keep(edited("new"))
    wait_for(qtbot, writer, SaveKind.FAILED)
    disk.code = 0
    writer.keep(edited("newer"))
    wait_for(qtbot, writer, SaveKind.SAVED)
    assert Project.open(project.folder).storyboard == edited("newer")
    writer.close()


def test_closing_on_a_full_disk_says_that_edits_would_be_lost(
    qtbot: QtBot, writer: EditSaver, disk: SwitchedDisk
) -> None:
    disk.code = errno.ENOSPC
    writer.keep(edited("new"))
    assert not writer.close()


def test_taking_back_an_edit_that_could_not_be_saved_needs_no_disk(
    qtbot: QtBot, writer: EditSaver, disk: SwitchedDisk, project: Project
) -> None:
    disk.code = errno.EROFS
    start = project.storyboard
    writer.keep(edited("new"))
    wait_for(qtbot, writer, SaveKind.FAILED)
    writer.keep(start)
    wait_for(qtbot, writer, SaveKind.SAVED)


def test_another_program_that_changed_the_film_is_told(qtbot: QtBot, writer: EditSaver, project: Project) -> None:
    Project.open(project.folder).save(edited("theirs"))
    writer.keep(edited("ours"))
    wait_for(qtbot, writer, SaveKind.FAILED)
    assert "Another program changed" in writer.state.sentence


@pytest.mark.parametrize("words", ["שלום עולם", "مرحبا", "👩‍👩‍👧‍👦 🏳️‍🌈", "e\u0301\u202eabc\u202c", "a\u0000b\u2028c"])
def test_words_of_every_script_come_back_as_they_were(
    qtbot: QtBot, writer: EditSaver, project: Project, words: str
) -> None:
    keep(qtbot, writer, edited(words))
    assert Project.open(project.folder).storyboard.clips[0].prompt == words
    writer.close()
    assert Project.open(project.folder).storyboard.clips[0].prompt == words
