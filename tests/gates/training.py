"""Gate 15: a training that is killed at any write ends with the same weights, optimizer, dice and bank."""

from functools import cache
from pathlib import Path

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.training.recipe import ErrorRecycling
from tests.builders.faulty_disk import KILLED, CountingDisk, FaultyDisk, die
from tests.forked import exit_code_of
from tests.gates.gate import Gate, Run
from tests.trainer.run.tiny_training import ERRORS, Training, content
from trainer.erft.error_bank import SharedBank

KILLS, STEPS = "kills", 200
_BANK: ErrorRecycling = ERRORS.model_copy(update={"capacity": 4})


def _train(folder: Path, disk: FsOps) -> None:
    bank = SharedBank.create(_BANK, folder / "bank", seed=3)
    Training(folder, disk, memory=bank, errors=_BANK, steps=STEPS, save_every=STEPS // 2, keep_checkpoints=1).run()


def _end(folder: Path) -> dict[str, bytes]:
    return content(folder / "checkpoints" / f"{STEPS:08}")


@cache
def _operations(folder: Path) -> int:
    disk = CountingDisk()
    _train(folder, disk)
    return len(disk.operations)


def exercise(run: Run) -> None:
    """Every operation once, in an order of dice; then some again, killed a second time while it goes on."""
    whole = run.folder / "whole"
    points = list(range(_operations(whole)))
    run.dice.shuffle(points)
    wanted = _end(whole)
    folders = run.folders("training")
    again = [run.dice.choice(points) for _ in range(GATE.promised[KILLS])]
    for number, at in enumerate([*points, *again]):
        if not run.wants(KILLS, max(GATE.promised[KILLS], len(points))):
            return
        folder = next(folders)
        with run.case(KILLS, f"killed at operation {at}"):
            assert exit_code_of(lambda: _train(folder, FaultyDisk(at, die, torn=True))) == KILLED, "it was not killed"  # noqa: B023
            if number >= len(points):
                exit_code_of(lambda: _train(folder, FaultyDisk(run.dice.randrange(20), die, torn=True)))  # noqa: B023
            _train(folder, FsOps())
            assert _end(folder) == wanted, "another end than without the kill"


GATE = Gate(15, "training killed", {KILLS: 100}, exercise)
