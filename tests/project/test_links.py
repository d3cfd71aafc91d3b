"""A project from a stranger may hold links, pipes and devices: nothing is written, cut or deleted through them."""

import os
import platform
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.lock import try_lock
from svi_studio.domain.errors import BadProject, StudioError
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.queue_file import open_queue, write_queue
from svi_studio.project.film.window_lock import WindowLock
from svi_studio.project.media.media_store import MediaStore
from svi_studio.project.takes.ratings import Ratings
from svi_studio.project.takes.take_catalogue import scan_takes
from svi_studio.project.takes.take_store import TakeStore
from tests.builders.faulty_disk import CountingDisk
from tests.builders.storyboards import film
from tests.domain import short_edits
from tests.project.test_hostile_files import is_one_sentence
from tests.project.test_take_store import JOBS, commit

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")

HASH = JOBS[0].take_hash
TAKE = "ab" * 32
FILES = ["journal.jsonl", "project.json", ".lock", "ratings.json", "queue.json", ".window.lock", ".window.json"]


def link_out(place: Path, victim: Path) -> None:
    place.symlink_to(victim)


def link_without_target(place: Path, victim: Path) -> None:
    place.symlink_to(victim.parent / "nothing there")


def pipe(place: Path, victim: Path) -> None:
    os.mkfifo(place)


def listening(place: Path, victim: Path) -> None:
    os.chdir(place.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(place.name)


def folder(place: Path, victim: Path) -> None:
    place.mkdir()


def link_to_a_device(place: Path, victim: Path) -> None:
    place.symlink_to("/dev/full")


Thing = Callable[[Path, Path], None]
THINGS = pytest.mark.parametrize("thing", [link_out, link_without_target, pipe, listening, folder, link_to_a_device])


class Home:
    """A film, and beside it a victim's files, with a picture of everything there."""

    def __init__(self, place: Path) -> None:
        self.victim = place / "victim"
        (self.victim / "containers" / TAKE / "diff").mkdir(parents=True)
        (self.victim / "containers" / TAKE / "diff" / "data").write_bytes(b"container data")
        (self.victim / "thesis.txt").write_bytes(b"a thesis\n" * 1000)
        self.film = Project.create(place / "film", film(2)).folder

    def put(self, name: str, thing: Thing, victim: str = "thesis.txt") -> Path:
        place = self.film / name
        if place.is_dir():
            place.rmdir()
        place.unlink(missing_ok=True)
        thing(place, self.victim / victim)
        return place

    def everything(self) -> dict[str, bytes | None]:
        files = sorted(self.victim.rglob("*"))
        return {str(file): file.read_bytes() if file.is_file() else None for file in files}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.chdir(tmp_path)
    return Home(tmp_path)


def work_on(film_folder: Path) -> None:
    """All that changes a project, one after the other, each with what is wrong in one sentence."""
    more = short_edits.append_prompt(film(2), "one more")

    def edit() -> None:
        project = Project.open(film_folder)
        project.record(more)
        project.save(film(2))

    def keep_out() -> None:
        lock = WindowLock(film_folder)
        try:
            assert lock.acquire() or is_one_sentence(lock.holder())
        finally:
            lock.release()

    works: list[Callable[[], object]] = [
        edit,
        lambda: MediaStore(film_folder).add(film_folder.parent / "picture"),
        lambda: Ratings(film_folder).set(HASH, 3),
        lambda: write_queue(film_folder, []),
        lambda: open_queue(film_folder),
        lambda: TakeStore(film_folder / "takes").clean(),
        lambda: TakeStore(film_folder / "takes").delete(TAKE),
        lambda: TakeStore(film_folder / "takes").delete(HASH),
        lambda: list(scan_takes(film_folder / "takes")),
        lambda: commit(TakeStore(film_folder / "takes")),
        keep_out,
    ]
    for work in works:
        try:
            work()
        except StudioError as error:
            assert is_one_sentence(str(error))


@THINGS
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_in_a_project_leads_nowhere(home: Home, name: str, thing: Thing) -> None:
    (home.film.parent / "picture").write_bytes(b"a picture")
    place = home.put(name, thing)
    before, there = home.everything(), os.lstat(place).st_ino
    work_on(home.film)
    assert home.everything() == before and os.lstat(place).st_ino == there


@THINGS
@pytest.mark.parametrize("name", ["takes", "media"])
def test_what_is_no_folder_in_a_project_leads_nowhere(home: Home, name: str, thing: Thing) -> None:
    (home.film.parent / "picture").write_bytes(b"a picture")
    if thing is folder:
        pytest.skip("a folder belongs there")
    place = home.put(name, thing, "containers")
    before, there = home.everything(), os.lstat(place).st_ino
    work_on(home.film)
    assert home.everything() == before and os.lstat(place).st_ino == there


@THINGS
@pytest.mark.parametrize("name", [HASH, ".draft-0123456789abcdef", ".draft-0123456789abcdef.lock", ".lock"])
def test_what_is_no_take_among_the_takes_leads_nowhere(home: Home, name: str, thing: Thing) -> None:
    place = home.put(f"takes/{name}", thing, "containers")
    before, there = home.everything(), os.lstat(place).st_ino
    work_on(home.film)
    assert home.everything() == before
    assert thing is folder or os.lstat(place).st_ino == there  # an empty folder is what a killed render leaves


@THINGS
@pytest.mark.parametrize("name", ["manifest.json", "frames.mkv", ".svi-unfinished", ".svi-0123456789abcdef.tmp"])
def test_what_is_no_file_in_a_take_leads_nowhere(home: Home, name: str, thing: Thing) -> None:
    commit(TakeStore(home.film / "takes"))
    home.put(f"takes/{HASH}/{name}", thing)
    before = home.everything()
    work_on(home.film)
    assert home.everything() == before


@pytest.mark.parametrize("name", ["takes", "media"])
def test_a_film_whose_parts_lie_behind_a_link_is_refused_when_it_is_opened(home: Home, name: str) -> None:
    home.put(name, link_out, "containers")
    for path in (home.film, home.film / "project.json"):
        with pytest.raises(BadProject, match=f"{name} is a link to another place"):
            open_film(path)


def test_a_journal_that_is_a_link_is_refused_by_name(home: Home) -> None:
    home.put("journal.jsonl", link_out)
    with pytest.raises(BadProject, match=r"journal\.jsonl is a link to another place"):
        Project.open(home.film)


def test_a_journal_that_becomes_a_link_while_the_film_is_open_is_refused(home: Home) -> None:
    project = Project.open(home.film)
    home.put("journal.jsonl", link_out)
    before = home.everything()
    for work in (project.save, lambda: project.record(short_edits.append_prompt(film(2), "one more"))):
        with pytest.raises(StudioError):
            work()
    assert home.everything() == before


def test_takes_that_become_a_link_while_the_film_is_open_are_refused(home: Home) -> None:
    takes = Project.open(home.film).takes
    home.put("takes", link_out, "containers")
    with pytest.raises(BadProject, match="takes is a link to another place"):
        takes.begin(JOBS[0])
    assert not (home.victim / "containers" / ".lock").exists()


def test_a_journal_with_a_second_name_is_changed_under_one_name_only(home: Home) -> None:
    project = Project.open(home.film)
    project.record(short_edits.append_prompt(film(2), "one more"))
    os.link(home.film / "journal.jsonl", home.victim / "backup")
    before = home.everything()
    project.record(short_edits.append_prompt(project.storyboard, "and another"))
    assert len(Project.open(home.film).storyboard.clips) == 4
    os.link(home.film / "journal.jsonl", home.victim / "later backup")
    kept = (home.victim / "later backup").read_bytes()
    project.save()
    assert (home.victim / "later backup").read_bytes() == kept
    (home.victim / "later backup").unlink()
    assert home.everything() == before


@pytest.mark.parametrize("name", ["films/film.svi", "film of links.svi"])
def test_a_film_that_is_itself_reached_through_a_link_works_as_ever(home: Home, name: str) -> None:
    (home.film.parent / "picture").write_bytes(b"a picture")
    (home.film.parent / "films").symlink_to(home.film.parent)
    (home.film.parent / "film of links.svi").symlink_to(home.film)
    place = home.film.parent / name
    project = Project.open(place)
    project.record(short_edits.append_prompt(film(2), "one more"))
    project.save()
    assert project.media.is_whole(project.media.add(home.film.parent / "picture"))
    take = commit(project.takes)
    Ratings(place).set(take.take_hash, 3)
    assert TakeStore(home.film / "takes").load(take.take_hash) == take
    assert project.takes.delete(take.take_hash) > 0
    assert len(Project.open(home.film).storyboard.clips) == 3


def test_nothing_outside_of_its_folder_is_changed_by_a_disk_that_is_bound_to_it(home: Home) -> None:
    disk = CountingDisk().below(home.film)
    for path in (home.victim / "thesis.txt", home.film / ".." / "victim" / "thesis.txt"):
        with pytest.raises(ValueError, match=r"is not in|leads out"):
            disk.remove(path)
    assert (home.victim / "thesis.txt").exists()


def test_a_project_file_that_becomes_a_link_to_its_copy_is_refused(home: Home) -> None:
    project = Project.open(home.film)
    (home.film / "project.json").rename(home.victim / "copy")
    (home.film / "project.json").symlink_to(home.victim / "copy")
    before = home.everything()
    for work in (project.save, lambda: project.record(short_edits.append_prompt(film(2), "one more"))):
        with pytest.raises(BadProject, match=r"project\.json is a link to another place"):
            work()
    assert home.everything() == before and not (home.film / "journal.jsonl").exists()


def test_a_lock_is_not_taken_behind_a_link(home: Home) -> None:
    (home.film / "inner").symlink_to(home.victim)
    with pytest.raises(StudioError, match="inner is a link to another place"):
        try_lock(home.film / "inner" / "lock", CountingDisk().below(home.film))
    assert not (home.victim / "lock").exists()


def test_what_a_link_leads_to_is_not_even_read(home: Home) -> None:
    """The content would do: it was written by this program."""
    Ratings(home.film).set(HASH, 3)
    write_queue(home.film, [])
    Project.open(home.film).record(short_edits.append_prompt(film(2), "one more"))
    window = WindowLock(home.film)
    assert window.acquire()
    named = (home.film / ".window.json").read_text().replace(platform.node() or '"computer":""', "elsewhere")
    (home.film / ".window.json").write_text(named)
    for name in ("ratings.json", "queue.json", ".window.json", "journal.jsonl"):
        (home.film / name).rename(home.victim / name)
        (home.film / name).symlink_to(home.victim / name)
    assert Ratings(home.film).all() == {}
    assert "queue.json is a link to another place" in (open_queue(home.film).problem or "")
    assert "elsewhere" not in WindowLock(home.film).holder()
    window.release()
    with pytest.raises(BadProject, match=r"journal\.jsonl is a link to another place"):
        Project.open(home.film)
    (home.film / "journal.jsonl").unlink()
    (home.film / "project.json").rename(home.victim / "project.json")
    (home.film / "project.json").symlink_to(home.victim / "project.json")
    with pytest.raises(BadProject, match=r"project\.json is a link to another place"):
        Project.open(home.film)
