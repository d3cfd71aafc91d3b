"""The error bank in checkpoints: whatever file it is writing when the process is killed, nothing changes in the end."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from svi_studio.domain.training.recipe import ErrorRecycling, Storage
from tests.builders.faulty_disk import KILLED
from tests.forked import exit_code_of, needs_fork
from tests.trainer.run.tiny_training import ERRORS, Training, content
from trainer.erft.error_bank import SharedBank

_CHANGES = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "os.truncate"}

pytestmark = needs_fork


def train(folder: Path, storage: Storage, steps: int = 6) -> None:
    errors: ErrorRecycling = ERRORS.model_copy(update={"storage": storage, "capacity": 2})
    bank = SharedBank.create(errors, folder / "bank", seed=3)
    Training(folder, memory=bank, errors=errors, steps=steps, save_every=2, keep_checkpoints=1).run()


def train_until(at: int, folder: Path, storage: Storage) -> None:
    """Train in this process, which ends at the change number ``at`` below a bank's folder of the last checkpoints."""
    seen = [0]

    def die(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES and str(arguments[0]).endswith(("bank", ".int8", ".entry", ".json", ".safetensors")):
            where = Path(os.fsdecode(arguments[0])).parts
            if "checkpoints" in where and "bank" in where:
                seen[0] += 1
                if seen[0] > at:
                    os._exit(KILLED)

    sys.addaudithook(die)  # stays for the rest of this process, which is a forked one
    train(folder, storage)


def is_killed(at: int, folder: Path, storage: Storage) -> bool:
    return exit_code_of(lambda: train_until(at, folder, storage)) == KILLED


@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_a_kill_at_any_file_of_the_bank_changes_nothing_in_the_end(tmp_path: Path, storage: Storage) -> None:
    train(tmp_path / "whole", storage)
    wanted = content(tmp_path / "whole" / "checkpoints" / "00000006")
    at = 0
    while is_killed(at, tmp_path / str(at), storage):
        folder = tmp_path / str(at)
        train(folder, storage)
        assert content(folder / "checkpoints" / "00000006") == wanted, f"killed at change {at}"
        at += 5  # a fifth of all places, spread over three checkpoints
    assert at > 6


@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_a_resumed_bank_draws_and_replaces_as_if_nothing_had_been(tmp_path: Path, storage: Storage) -> None:
    train(tmp_path / "whole", storage, steps=12)
    for steps in (5, 8, 12):
        train(tmp_path / "parts", storage, steps=steps)
    folders = [tmp_path / name / "checkpoints" / "00000012" for name in ("whole", "parts")]
    whole, parts = (content(folder) for folder in folders)
    assert parts["process-0/bank/bank.json"] == whole["process-0/bank/bank.json"]
    assert parts == whole
