"""Gate 2: what a power cut leaves on a disk that forgets whatever was not synced."""

from pathlib import Path

from svi_studio.project.film.project_file import Project
from svi_studio.project.takes.take_store import TakeStore
from tests.gates.gate import Gate, Run
from tests.gates.kills import WRITERS, Writer, boards, operations
from tests.project.test_power_loss import cut_at
from tests.project.test_take_store import JOBS

STATES = "states after a cut"


def exercise(run: Run) -> None:
    """A cut before each operation of each writer, on disks that keep names at once or late."""
    folders = run.folders("cut")
    writers = [writer for writer in WRITERS if writer.name != "queue"]  # a queue can be asked for again
    while run.wants(STATES, GATE.promised[STATES]):
        for writer in writers:
            size = 2 * run.dice.randrange(10_000)
            for eager in (False, True):
                _every_cut(run, writer, next(folders), size, eager)


def _every_cut(run: Run, writer: Writer, folder: Path, size: int, eager: bool) -> None:
    whole = operations(writer, _made(folder / "count"), size)
    for at in range(whole + 1):
        if not run.wants(STATES, GATE.promised[STATES]):
            return
        place = writer.prepare(_made(folder / str(at)), size)
        names = "at once" if eager else "late"
        with run.case(STATES, f"{writer.name} {size} cut before operation {at}, names {names}"):
            disk = cut_at(place, writer.work(place, size), at, eager)
            left = disk.lay_out(place, folder / f"{at} left.svi")
            assert _is_sound(writer, left, size, at == whole), "neither the old nor the new is there whole"


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _is_sound(writer: Writer, left: Path, size: int, is_finished: bool) -> bool:
    """Old or new and whole; what has returned to its caller must be the new."""
    if writer.name == "take":
        store, take = TakeStore(left), JOBS[0].take_hash
        if (left / take / "manifest.json").exists():
            return store.load(take).take_hash == take
        return not is_finished and not store.has(take)
    before, after = boards(size)
    found = Project.open(left).storyboard
    return found == after or (found == before and not is_finished)


GATE = Gate(2, "power loss", {STATES: 20_000}, exercise)
