"""A training whose error bank lies on disk ends the same wherever the process is killed while the bank writes."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.forked import exit_code_of, needs_fork
from tests.trainer.run.faulty_disk import KILLED
from tests.trainer.run.tiny_training import ERRORS, Training, content
from trainer.erft import bank_facts, entry_store
from trainer.erft.error_bank import SharedBank

RECIPE = ERRORS.model_copy(update={"storage": "disk", "capacity": 2, "grids": 2})
WRITES = [(os, "link"), (os, "fsync"), (Path, "unlink"), (entry_store, "write_values"), (bank_facts, "save_file")]


@contextmanager
def each_write(before: Callable[[], None]) -> Iterator[None]:
    """Call ``before`` ahead of every operation by which a bank changes the disk."""

    def told(operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            before()
            return operation(*args, **kwargs)

        return run

    with ExitStack() as stack:
        for place, name in WRITES:
            stack.enter_context(patch.object(place, name, told(getattr(place, name))))
        yield


def train(folder: Path) -> None:
    bank = SharedBank.create(RECIPE, folder / "bank", seed=3)
    Training(folder, memory=bank, errors=RECIPE, steps=4, save_every=2, keep_checkpoints=1).run()


def train_until(folder: Path, last: int) -> None:
    """Train, and die at write number ``last``."""
    count = 0

    def count_down() -> None:
        nonlocal count
        if count == last:
            os._exit(KILLED)
        count += 1

    with each_write(count_down):
        train(folder)


def writes_of_a_training(folder: Path) -> int:
    writes: list[None] = []
    with each_write(lambda: writes.append(None)):
        train(folder)
    return len(writes)


def check_kills(tmp_path: Path, step: int) -> None:
    count = writes_of_a_training(tmp_path / "whole")
    wanted = content(tmp_path / "whole" / "checkpoints" / "00000004")
    for at in range(0, count, step):
        folder = tmp_path / str(at)
        assert exit_code_of(lambda folder=folder, at=at: train_until(folder, at)) == KILLED  # type: ignore[misc]
        train(folder)
        assert content(folder / "checkpoints" / "00000004") == wanted, f"killed at write {at}"


@needs_fork
def test_a_kill_while_the_bank_writes_changes_nothing_in_the_end(tmp_path: Path) -> None:
    check_kills(tmp_path, step=13)


@needs_fork
@pytest.mark.slow
def test_a_kill_at_any_write_of_the_bank_changes_nothing_in_the_end(tmp_path: Path) -> None:
    check_kills(tmp_path, step=1)
