"""Gate 1: the process is killed at every operation of the disk, and at random ones, while it writes or recovers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.queue_file import open_queue, write_queue
from tests.builders.faulty_disk import KILLED, count, die_at
from tests.builders.renders import request
from tests.builders.storyboards import film
from tests.domain import short_edits
from tests.gates.gate import Gate, Run
from tests.project.test_project_crash import can_go_on
from tests.project.test_take_crash import commit_in, damaged, is_sound

KILLS, RECOVERIES = "kills", "kills during recovery"
Work = Callable[..., object]


@dataclass(frozen=True)
class Writer:
    """Something that writes: ``prepare`` a folder for it, what it does there, and whether all is well afterwards."""

    name: str
    prepare: Callable[[Path, int], Path]
    work: Callable[[Path, int], Work]
    sound: Callable[[Path, int], bool]


def boards(size: int) -> tuple[Storyboard, Storyboard]:
    """The film before and after the edit that is number ``size``."""
    before = film(1 + size % 40)
    return before, short_edits.set_prompt(before, "c1", f"words {size}" * (1 + size % 7))


def _project(folder: Path, size: int) -> Path:
    return Project.create(folder / "film", boards(size)[0]).folder


def _old_or_new(folder: Path, size: int) -> bool:
    return Project.open(folder).storyboard in boards(size) and can_go_on(folder)


def _takes(folder: Path, size: int) -> Path:
    takes = folder / "takes"
    takes.mkdir()
    return damaged(takes) if size % 2 else takes


def _queue(folder: Path, size: int) -> Path:
    write_queue(folder, [request("old", 1 + size % 5)])
    return folder


def _queue_is_old_or_new(folder: Path, size: int) -> bool:
    found = open_queue(folder)
    write_queue(folder, [request("next", 1)])
    names = [item.request.id for item in found.items]
    return found.problem is None and names in (["old"], ["new"]) and len(open_queue(folder).items) == 1


WRITERS = (
    Writer("edit", _project, lambda f, n: lambda fs: Project.open(f, fs).record(boards(n)[1]), _old_or_new),
    Writer("save", _project, lambda f, n: lambda fs: Project.open(f, fs).save(boards(n)[1]), _old_or_new),
    Writer("take", _takes, lambda f, _: commit_in(f), lambda f, _: is_sound(f)),
    Writer(
        "queue", _queue, lambda f, n: lambda fs: write_queue(f, [request("new", 1 + n % 5)], fs), _queue_is_old_or_new
    ),
)


def exercise(run: Run) -> None:
    """Every operation of each writer once, then random ones; a tenth of the time for kills while it recovers."""
    folders = run.folders("kill")
    for writer in WRITERS:
        for size in (3, 4):
            for at in range(operations(writer, next(folders), size)):
                for torn in (False, True):
                    _kill(run, writer, next(folders), size, at, torn)
    in_time = run.part(0.85)
    while run.wants(KILLS, GATE.promised[KILLS], in_time):
        writer, size = run.dice.choice(WRITERS), run.dice.randrange(10_000)
        at = run.dice.randrange(operations(writer, next(folders), size))
        _kill(run, writer, next(folders), size, at, run.dice.random() < 0.5)
    while run.wants(RECOVERIES, GATE.promised[RECOVERIES]):
        _kill_the_recovery(run, run.dice.choice(WRITERS), next(folders), run.dice.randrange(10_000))


def operations(writer: Writer, folder: Path, size: int) -> int:
    """How many operations of the disk it takes."""
    return count(writer.work(writer.prepare(folder, size), size))


def _kill(run: Run, writer: Writer, folder: Path, size: int, at: int, torn: bool) -> None:
    with run.case(KILLS, f"{writer.name} {size} killed at operation {at}"):
        place = writer.prepare(folder, size)
        assert die_at(at, writer.work(place, size), torn=torn) == KILLED, "it was not killed"
        assert writer.sound(place, size), "neither the old nor the new is there whole"


def _kill_the_recovery(run: Run, writer: Writer, folder: Path, size: int) -> None:
    """The process that comes after a kill is killed as well, at any of its operations; the third finds all well."""
    with run.case(RECOVERIES, f"{writer.name} {size} killed twice"):
        place = writer.prepare(folder, size)
        work = writer.work(place, size)
        die_at(run.dice.randrange(30), work, torn=True)
        die_at(run.dice.randrange(30), work, torn=True)
        assert writer.sound(place, size), "neither the old nor the new is there whole"


GATE = Gate(1, "kill -9 while writing", {KILLS: 5_000, RECOVERIES: 500}, exercise)
