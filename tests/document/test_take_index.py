import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.takes.job import ClipJob
from svi_studio.jobs.threads.background import Background
from svi_studio.project.takes.ratings import Ratings
from tests.builders.film_parts import commit_take, make_project, numbered
from tests.builders.storyboards import film, plan_of

JOBS: tuple[ClipJob, ...] = plan_of(film(3)).jobs
CLIP = JOBS[0].clip_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "film", numbered(1))


@pytest.fixture
def index(qtbot: QtBot, folder: Path) -> Iterator[TakeIndex]:
    work = Background("test work")
    index = TakeIndex(folder, work)
    yield index
    index.close()
    work.close()


def scan(qtbot: QtBot, index: TakeIndex) -> None:
    with qtbot.waitSignal(index.scanned):
        index.scan()


def test_what_is_on_the_disk_is_found(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    take = commit_take(folder, JOBS[0])
    scan(qtbot, index)
    assert (len(index), index.get(take.take_hash), index.of_clip(CLIP)) == (1, take, (take,))


def test_a_film_without_takes_has_none(qtbot: QtBot, index: TakeIndex) -> None:
    scan(qtbot, index)
    assert (len(index), index.has("0" * 64), index.of_clip(CLIP)) == (0, False, ())


def test_damaged_takes_are_left_out(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    take = commit_take(folder, JOBS[0])
    (folder / "takes" / take.take_hash / "manifest.json").write_text("{")
    scan(qtbot, index)
    assert len(index) == 0


def test_a_new_take_is_read_and_told(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    take = commit_take(folder, JOBS[0])
    with qtbot.waitSignal(index.changed) as told:
        index.add(take.take_hash)
    assert told.args == [frozenset({CLIP})]
    assert index.has(take.take_hash)


def test_takes_of_a_clip_stand_newest_first(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    others = [job.model_copy(update={"clip_id": CLIP}) for job in JOBS]
    days = ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z")
    for job, day in zip(others, days, strict=True):
        commit_take(folder, job, day)
    scan(qtbot, index)
    assert [take.created_at for take in index.of_clip(CLIP)] == sorted(days, reverse=True)
    assert index.newest_of_clip(CLIP) == others[1].take_hash


def test_deleting_frees_the_bytes_that_it_said(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    take = commit_take(folder, JOBS[0])
    scan(qtbot, index)
    size = index.size([take.take_hash])
    assert size == 1000 + len(b"poster")
    with qtbot.waitSignal(index.deleted) as told:
        index.delete([take.take_hash, take.take_hash])
    assert told.args[0] >= size
    assert not index.has(take.take_hash)
    assert index.of_clip(CLIP) == ()
    assert not (folder / "takes" / take.take_hash).exists()


HOLD_A_DRAFT = """
import sys
from pathlib import Path
from svi_studio.project.takes.take_store import TakeStore
from tests.document.test_take_index import JOBS
draft = TakeStore(Path(sys.argv[1])).begin(JOBS[2])
print("ready", flush=True)
sys.stdin.read()
draft.discard()
"""


def test_takes_of_a_film_that_another_process_renders_stay(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    shown, other = commit_take(folder, JOBS[0]), commit_take(folder, JOBS[1])
    scan(qtbot, index)
    command = [sys.executable, "-c", HOLD_A_DRAFT, str(folder / "takes")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as render:
        assert render.stdout is not None and render.stdout.readline() == "ready\n"
        with qtbot.waitSignal(index.refused) as told:
            index.delete([other.take_hash, shown.take_hash], {shown.take_hash})
        assert "is being rendered now" in told.args[0]
        assert (index.has(shown.take_hash), index.has(other.take_hash)) == (True, False)
        render.communicate("")
    with qtbot.waitSignal(index.deleted):
        index.delete([shown.take_hash], {shown.take_hash})
    assert not (folder / "takes" / shown.take_hash).exists()


def test_stars_are_kept_on_the_disk(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    take = commit_take(folder, JOBS[0])
    scan(qtbot, index)
    with qtbot.waitSignal(index.changed):
        index.rate(take.take_hash, 4)
    assert index.rating(take.take_hash) == 4
    qtbot.waitUntil(lambda: Ratings(folder).all() == {take.take_hash: 4}, timeout=10_000)


def test_stars_come_back_at_opening(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    take = commit_take(folder, JOBS[0])
    Ratings(folder).set(take.take_hash, 5)
    scan(qtbot, index)
    assert index.rating(take.take_hash) == 5


@pytest.mark.parametrize("stars", [-1, 6])
def test_there_are_no_other_stars(qtbot: QtBot, index: TakeIndex, folder: Path, stars: int) -> None:
    take = commit_take(folder, JOBS[0])
    scan(qtbot, index)
    index.rate(take.take_hash, stars)
    assert index.rating(take.take_hash) == 0


def test_closing_during_a_scan_ends_it(index: TakeIndex, folder: Path) -> None:
    commit_take(folder, JOBS[0])
    index.scan()
    assert index.close()


def damage(folder: Path, take_hash: str) -> None:
    (folder / "takes" / take_hash / "frames.mkv").write_bytes(b"F" * 1000)


def test_a_take_that_is_damaged_counts_no_more_until_it_is_made_again(
    qtbot: QtBot, index: TakeIndex, folder: Path
) -> None:
    take = commit_take(folder, JOBS[0])
    scan(qtbot, index)
    damage(folder, take.take_hash)
    with qtbot.waitSignal(index.changed) as told:
        index.doubt(take.take_hash)
    assert told.args == [frozenset({CLIP})]
    assert (index.has(take.take_hash), index.has_lost(CLIP), index.has_any(CLIP)) == (False, True, False)
    commit_take(folder, JOBS[0])
    with qtbot.waitSignal(index.changed):
        index.add(take.take_hash)
    assert (index.has(take.take_hash), index.has_lost(CLIP)) == (True, False)


def test_a_take_that_is_doubted_without_reason_stays(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    sound, damaged = commit_take(folder, JOBS[0]), commit_take(folder, JOBS[1])
    scan(qtbot, index)
    damage(folder, damaged.take_hash)
    index.doubt(sound.take_hash)
    with qtbot.waitSignal(index.changed):
        index.doubt(damaged.take_hash)
    assert index.has(sound.take_hash)


def test_takes_that_another_program_found_damaged_count_no_more(qtbot: QtBot, index: TakeIndex, folder: Path) -> None:
    takes = [commit_take(folder, job) for job in JOBS[:2]]
    scan(qtbot, index)
    (folder / "takes" / takes[0].take_hash / "manifest.json").unlink()
    with qtbot.waitSignal(index.changed):
        index.look_again()
    assert [index.has(take.take_hash) for take in takes] == [False, True]
