"""A training whose error bank lies on disk ends the same wherever the process is killed while the bank writes."""

from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from tests.builders.faulty_disk import KILLED, count, die_at
from tests.forked import needs_fork
from tests.trainer.run.tiny_training import ERRORS, Training, content
from trainer.erft.error_bank import SharedBank

RECIPE = ERRORS.model_copy(update={"storage": "disk", "capacity": 2, "grids": 2})


def train(folder: Path, disk: FsOps = REAL_DISK) -> None:
    bank = SharedBank.create(RECIPE, folder / "bank", seed=3, fs=disk)
    Training(folder, memory=bank, errors=RECIPE, steps=4, save_every=2, keep_checkpoints=1).run()


def check_kills(tmp_path: Path, step: int) -> None:
    writes = count(lambda disk: train(tmp_path / "whole", disk))
    wanted = content(tmp_path / "whole" / "checkpoints" / "00000004")
    for at in range(0, writes, step):
        folder = tmp_path / str(at)
        assert die_at(at, lambda disk, folder=folder: train(folder, disk), torn=True) == KILLED  # type: ignore[misc]
        train(folder)
        assert content(folder / "checkpoints" / "00000004") == wanted, f"killed at write {at}"


@needs_fork
def test_a_kill_while_the_bank_writes_changes_nothing_in_the_end(tmp_path: Path) -> None:
    check_kills(tmp_path, step=13)


@needs_fork
@pytest.mark.slow
def test_a_kill_at_any_write_of_the_bank_changes_nothing_in_the_end(tmp_path: Path) -> None:
    check_kills(tmp_path, step=1)
