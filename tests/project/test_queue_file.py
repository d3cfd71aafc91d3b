"""The queue on disk: it comes back as it was, whatever happened to the program or the file."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import StudioError
from svi_studio.domain.render.request import QueueStatus
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.queue_file import QUEUE, open_queue, read_queue, write_queue
from tests.builders.faulty_disk import ERRNOS, KILLED, FaultyDisk, PowerCut, count, cut, die_at, failing
from tests.builders.renders import request
from tests.builders.storyboards import film
from tests.forked import exit_code, fork, needs_fork

OLD, NEW = (request("one"), request("two", status=QueueStatus.DONE)), (request("three"),)


def prepared(folder: Path) -> Path:
    folder.mkdir()
    write_queue(folder, OLD)
    return folder


def writing(folder: Path) -> Callable[[FsOps], None]:
    return lambda fs: write_queue(folder, NEW, fs)


def changed(folder: Path, change: Callable[[dict[str, object]], object]) -> Path:
    document = json.loads((folder / QUEUE).read_text())
    change(document)
    (folder / QUEUE).write_text(json.dumps(document))
    return folder


def test_a_queue_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read_queue(prepared(tmp_path / "film")) == OLD


def test_an_empty_queue_comes_back_empty(tmp_path: Path) -> None:
    write_queue(tmp_path, ())
    assert open_queue(tmp_path) == ((), None)


def test_no_queue_is_an_empty_one(tmp_path: Path) -> None:
    assert open_queue(tmp_path) == ((), None)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 5000, b'{"schema_version": 1}', b"{}"])
def test_a_damaged_queue_is_empty_and_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / QUEUE).write_bytes(content)
    found = open_queue(tmp_path)
    assert found.items == ()
    assert "add what is still to be rendered" in (found.problem or "")


def test_one_damaged_request_does_not_take_the_others_along(tmp_path: Path) -> None:
    folder = changed(prepared(tmp_path / "film"), lambda document: document["items"][0]["request"].update(first=99))
    found = open_queue(folder)
    assert (found.items, (found.problem or "")[:9]) == (OLD[1:], "1 request")


def test_a_request_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    def older(document: dict[str, object]) -> None:
        for item in document["items"]:
            board = item["request"]["storyboard"]
            board["schema_version"] = 1
            del board["character"]

    assert open_queue(changed(prepared(tmp_path / "film"), older)) == (OLD, None)


def test_a_request_of_a_newer_version_is_left_out(tmp_path: Path) -> None:
    folder = changed(
        prepared(tmp_path / "film"),
        lambda document: document["items"][0]["request"]["storyboard"].update(schema_version=99),
    )
    assert open_queue(folder).items == OLD[1:]


def test_a_queue_of_many_long_films_is_read(tmp_path: Path) -> None:
    long = tuple(request(f"r{number}", clips=2000) for number in range(20))
    write_queue(tmp_path, long)
    assert read_queue(tmp_path) == long


@pytest.mark.parametrize("torn", [False, True])
def test_a_cut_at_any_operation_leaves_the_old_or_the_new_queue(tmp_path: Path, torn: bool) -> None:
    for at in range(count(writing(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        with pytest.raises(PowerCut):
            writing(folder)(FaultyDisk(at, cut, torn=torn))
        assert open_queue(folder) in ((OLD, None), (NEW, None))


@needs_fork
def test_a_killed_process_leaves_the_old_or_the_new_queue(tmp_path: Path) -> None:
    for at in range(count(writing(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        assert die_at(at, writing(folder), torn=True) == KILLED
        assert open_queue(folder) in ((OLD, None), (NEW, None))


@pytest.mark.parametrize("code", ERRNOS)
def test_an_error_of_the_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, code: int) -> None:
    for at in range(count(writing(prepared(tmp_path / "count")))):
        folder = prepared(tmp_path / str(at))
        with pytest.raises(StudioError):
            writing(folder)(FaultyDisk(at, failing(code), torn=True))
        assert open_queue(folder) in ((OLD, None), (NEW, None))


@needs_fork
def test_a_save_of_the_project_never_takes_a_queue_that_is_being_written(tmp_path: Path) -> None:
    """A save clears what killed processes left; a queue in the making is not that."""
    project = Project.create(tmp_path / "film", film(1))
    child = fork(lambda: [write_queue(project.folder, NEW) for _ in range(30)])
    for _ in range(30):
        project.save()
    assert exit_code(child) == 0
    assert read_queue(project.folder) == NEW
