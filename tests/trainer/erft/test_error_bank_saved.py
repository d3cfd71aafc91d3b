"""A bank that was saved goes on as if it had never stopped, wherever its entries lie."""

import errno
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import DiskFull, StudioError
from svi_studio.domain.training.recipe import ErrorRecycling
from tests.builders.faulty_disk import failing
from tests.trainer.erft.made_residuals import smooth_residuals
from tests.trainer.erft.paired_banks import PairedBanks
from trainer.erft.error_bank import SharedBank

RESIDUALS = smooth_residuals(40, shape=(4, 3, 4, 6))
NewBank = Callable[..., SharedBank]


@pytest.fixture(params=["memory", "disk"])
def new_bank(request: pytest.FixtureRequest, tmp_path: Path) -> NewBank:
    def create(name: str = "working", **changes: object) -> SharedBank:
        errors = {"grids": 2, "capacity": 6, "storage": request.param} | changes
        return SharedBank.create(ErrorRecycling(**errors), tmp_path / name, seed=7)  # type: ignore[arg-type]

    return create


def insert(bank: SharedBank | PairedBanks, numbers: range) -> None:
    for number in numbers:
        bank.insert(RESIDUALS[number], 0.1 + number / 100, number % 3 % 2)


def draws(bank: SharedBank) -> torch.Tensor:
    rng = random.Random(5)
    drawn = [draw(grid, rng) for _ in range(12) for grid in range(2) for draw in (bank.noise_error, bank.image_error)]
    return torch.stack([error for error in drawn if error is not None])


@pytest.mark.parametrize("replacement", ["nearest", "random", "oldest"])
def test_a_loaded_bank_goes_on_bit_for_bit(new_bank: NewBank, tmp_path: Path, replacement: str) -> None:
    whole = new_bank("whole", replacement=replacement)
    insert(whole, range(40))
    first = new_bank(replacement=replacement)
    insert(first, range(25))
    first.save(tmp_path / "saved")
    second = new_bank(replacement=replacement)
    second.load(tmp_path / "saved")
    insert(second, range(25, 40))
    assert torch.equal(draws(second), draws(whole))
    assert [second.numbers(grid) for grid in range(2)] == [whole.numbers(grid) for grid in range(2)]


def test_what_was_saved_stays_when_the_bank_goes_on(new_bank: NewBank, tmp_path: Path) -> None:
    bank = new_bank()
    insert(bank, range(20))
    bank.save(tmp_path / "saved")
    wanted = draws(bank)
    insert(bank, range(20, 40))
    bank.load(tmp_path / "saved")
    assert torch.equal(draws(bank), wanted)


def test_an_empty_bank_can_be_saved(new_bank: NewBank, tmp_path: Path) -> None:
    new_bank().save(tmp_path / "saved")
    bank = new_bank()
    bank.load(tmp_path / "saved")
    insert(bank, range(2))
    assert sum(bank.fill()) == 2


def test_loading_forgets_what_the_bank_held(new_bank: NewBank, tmp_path: Path) -> None:
    new_bank().save(tmp_path / "saved")
    bank = new_bank()
    insert(bank, range(5))
    bank.load(tmp_path / "saved")
    assert bank.fill() == [0, 0]


def test_a_bank_of_other_grids_is_refused(new_bank: NewBank, tmp_path: Path) -> None:
    new_bank().save(tmp_path / "saved")
    with pytest.raises(StudioError, match="does not have 3 timesteps of at most 6 errors"):
        new_bank(grids=3).load(tmp_path / "saved")


def test_a_bank_with_more_entries_than_the_recipe_allows_is_refused(new_bank: NewBank, tmp_path: Path) -> None:
    bank = new_bank()
    insert(bank, range(20))
    bank.save(tmp_path / "saved")
    with pytest.raises(StudioError, match="at most 2 errors"):
        new_bank(capacity=2).load(tmp_path / "saved")


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_every_damaged_file_is_one_sentence(new_bank: NewBank, tmp_path: Path, damage: str) -> None:
    bank = new_bank()
    insert(bank, range(10))
    bank.save(tmp_path / "saved")
    for path in sorted((tmp_path / "saved").iterdir()):
        content = path.read_bytes()
        path.unlink()
        if damage == "cut":
            path.write_bytes(content[:-7])
        with pytest.raises(StudioError, match=r"is damaged; go on from an earlier checkpoint\."):
            new_bank().load(tmp_path / "saved")
        path.unlink(missing_ok=True)
        path.write_bytes(content)
    new_bank().load(tmp_path / "saved")


def test_a_bank_of_a_newer_program_says_so(new_bank: NewBank, tmp_path: Path) -> None:
    new_bank().save(tmp_path / "saved")
    summary = tmp_path / "saved" / "bank.json"
    summary.write_text(json.dumps(json.loads(summary.read_text()) | {"version": 99}))
    with pytest.raises(StudioError, match="newer version of the program"):
        new_bank().load(tmp_path / "saved")


@pytest.fixture
def disk_bank(tmp_path: Path) -> SharedBank:
    return SharedBank.create(ErrorRecycling(grids=2, capacity=6, storage="disk"), tmp_path / "working", seed=7)


def test_a_checkpoint_shares_the_entries_with_the_bank(disk_bank: SharedBank, tmp_path: Path) -> None:
    insert(disk_bank, range(5))
    disk_bank.save(tmp_path / "saved")
    assert {path.stat().st_nlink for path in (tmp_path / "saved").glob("*.entry")} == {2}


def test_entries_that_nobody_has_any_more_leave_the_disk(disk_bank: SharedBank, tmp_path: Path) -> None:
    insert(disk_bank, range(40))
    assert len(list((tmp_path / "working").iterdir())) == sum(disk_bank.fill())


def test_a_new_bank_clears_what_a_killed_one_left(disk_bank: SharedBank, tmp_path: Path) -> None:
    insert(disk_bank, range(5))
    SharedBank.create(ErrorRecycling(storage="disk"), tmp_path / "working", seed=7)
    assert list((tmp_path / "working").iterdir()) == []


def test_saved_entries_come_with_their_hashes(disk_bank: SharedBank, tmp_path: Path) -> None:
    from svi_studio.disk.plain_file import sha256_of

    insert(disk_bank, range(5))
    hashes = disk_bank.save(tmp_path / "saved")
    assert {name: sha256_of(tmp_path / "saved" / name) for name in hashes} == hashes
    assert len(hashes) == 5


def test_where_the_disk_knows_no_links_entries_are_copied(
    disk_bank: SharedBank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    insert(disk_bank, range(20))
    disk_bank.save(tmp_path / "saved")
    wanted = draws(disk_bank)
    disk_bank.load(tmp_path / "saved")
    assert torch.equal(draws(disk_bank), wanted)


def test_a_full_disk_is_one_sentence_and_replaces_nothing(
    disk_bank: SharedBank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(disk_bank, range(20))
    wanted, held = draws(disk_bank), list((tmp_path / "working").iterdir())
    with monkeypatch.context() as full, pytest.raises(DiskFull, match="The disk is full"):
        full.setattr(FsOps, "write", lambda *_: failing(errno.ENOSPC)())
        insert(disk_bank, range(20, 21))
    assert list((tmp_path / "working").iterdir()) == held
    assert torch.equal(draws(disk_bank), wanted)
