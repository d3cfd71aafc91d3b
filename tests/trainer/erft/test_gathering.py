"""In the warm-up the errors of all processes enter the bank of each, each by its own flag (paper section 4.3)."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import distributed

from tests.forked import exit_code, fork
from tests.trainer.erft.made_residuals import noise_residuals
from tests.trainer.erft.paired_banks import PairedBanks
from trainer.erft.error_bank import SharedBank
from trainer.erft.gathering import kept_errors

RESIDUALS = noise_residuals(4, shape=(2, 1, 2, 3))
SIGMAS, GRIDS = (0.1, 0.2, 0.3, 0.4), (0, 1, 0, 1)
needs_processes = pytest.mark.skipif(
    not hasattr(os, "fork") or not distributed.is_available(), reason="processes cannot meet on this system"
)


def in_two_processes(meeting: Path, work: Callable[[int], None]) -> None:
    """Do ``work(rank)`` in two forked processes that gloo connects; both must end well."""

    def take_part(rank: int) -> None:
        distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
        work(rank)

    children = [fork(partial(take_part, rank)) for rank in range(2)]
    assert [exit_code(child) for child in children] == [0, 0]


def gather_share(bank: SharedBank | PairedBanks, rank: int, keep: list[bool], *, everywhere: bool) -> None:
    """The half of the errors that process ``rank`` has made."""
    mine = slice(2 * rank, 2 * rank + 2)
    bank.gather(RESIDUALS[mine], SIGMAS[mine], GRIDS[mine], keep[mine], everywhere=everywhere)


def test_one_process_keeps_what_its_flags_say() -> None:
    kept = list(kept_errors(RESIDUALS, SIGMAS, GRIDS, [True, False, False, True], everywhere=True))
    assert [(sigma, grid) for _, sigma, grid in kept] == [(0.1, 0), (0.4, 1)]
    assert torch.equal(torch.stack([residual for residual, _, _ in kept]), RESIDUALS[[0, 3]])


@needs_processes
def test_two_processes_get_the_same_bank_as_one_with_all_the_clips(tmp_path: Path) -> None:
    keep = [True, False, True, True]
    one = PairedBanks(grids=2)
    one.gather(RESIDUALS, SIGMAS, GRIDS, keep, everywhere=True)

    def work(rank: int) -> None:
        bank = PairedBanks(grids=2)
        gather_share(bank, rank, keep, everywhere=True)
        assert bank.fill() == [2, 1]
        for mine, whole in ((bank.noise, one.noise), (bank.latent, one.latent)):
            for errors, wanted in zip(mine.lists, whole.lists, strict=True):
                assert torch.equal(torch.stack(errors), torch.stack(wanted))

    in_two_processes(tmp_path / "meeting", work)


@needs_processes
def test_after_the_warm_up_each_process_keeps_its_own(tmp_path: Path) -> None:
    def work(rank: int) -> None:
        bank = SharedBank(grids=2)
        gather_share(bank, rank, [True, True, True, False], everywhere=False)
        assert bank.fill() == ([1, 1] if rank == 0 else [1, 0])

    in_two_processes(tmp_path / "meeting", work)


@needs_processes
def test_a_clean_error_of_another_process_stays_out_though_the_own_one_is_kept(tmp_path: Path) -> None:
    def work(rank: int) -> None:
        bank = SharedBank(grids=2)
        gather_share(bank, rank, [True, True, False, False], everywhere=True)
        assert bank.fill() == [1, 1]

    in_two_processes(tmp_path / "meeting", work)
