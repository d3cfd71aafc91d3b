import random

import pytest
import torch

from tests.trainer.erft.made_residuals import noise_residuals
from tests.trainer.erft.paired_banks import PairedBanks, residual_errors


def test_both_errors_of_a_residual_are_kept_exactly() -> None:
    residual = noise_residuals(1)[0]
    banks = PairedBanks(grids=2)
    banks.insert(residual, 0.3, 1)
    latent, noise = residual_errors(residual, 0.3)
    assert torch.equal(banks.latent.lists[1][0], latent)
    assert torch.equal(banks.noise.lists[1][0], noise)


def test_the_oldest_leaves_and_the_others_move_up() -> None:
    errors = noise_residuals(4)
    banks = PairedBanks(1, 3, "oldest")
    for error in errors:
        banks.insert_errors(error, -error, 0)
    assert torch.equal(torch.stack(banks.noise.lists[0]), errors[1:])


def test_each_bank_replaces_its_own_nearest() -> None:
    one, two = noise_residuals(2)
    banks = PairedBanks(1, 2, "nearest")
    banks.insert_errors(one, two, 0)
    banks.insert_errors(two, one, 0)
    banks.insert_errors(two + 0.01, two + 0.01, 0)
    assert torch.equal(banks.noise.lists[0][1], two + 0.01)
    assert torch.equal(banks.latent.lists[0][0], two + 0.01)


def test_a_full_bank_keeps_its_size_under_random_replacement() -> None:
    banks = PairedBanks(1, 3, "random", seed=4)
    for error in noise_residuals(20):
        banks.insert_errors(error, error, 0)
    assert banks.fill() == [3]


@pytest.mark.parametrize("grid", [None, 0])
def test_an_empty_bank_has_no_error(grid: int | None) -> None:
    assert PairedBanks().image_error(grid, random.Random(0)) is None
