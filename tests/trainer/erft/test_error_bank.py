import math
import random
import tracemalloc
from collections import Counter

import pytest
import torch
from torch import Tensor

from svi_studio.domain.errors import StudioError
from tests.trainer.erft.made_residuals import SHAPE, noise_residuals, smooth_residuals
from tests.trainer.erft.paired_banks import residual_errors
from trainer.erft.error_bank import SharedBank


class NoDraws(random.Random):
    def getrandbits(self, k: int, /) -> int:
        raise AssertionError("nothing is to be drawn")


def filled(residuals: Tensor, *, sigma: float = 0.5, grid: int = 0, **settings: object) -> SharedBank:
    bank = SharedBank(**({"grids": 3} | settings))  # type: ignore[arg-type]
    for residual in residuals:
        bank.insert(residual, sigma, grid)
    return bank


def held(bank: SharedBank, sigma: float = 0.5) -> list[Tensor]:
    """The residuals of grid 0 by slot."""
    draws = []
    for slot in range(bank.fill()[0]):
        draw = random.Random()
        draw.randrange = lambda _count, slot=slot: slot  # type: ignore[method-assign,misc,assignment]
        error = bank.latent_error(0, draw)
        assert error is not None
        draws.append(error / -sigma)
    return draws


def nearest_to(residual: Tensor, among: list[Tensor]) -> int:
    return min(range(len(among)), key=lambda k: float((among[k] - residual).norm()))


def relative(error: Tensor, truth: Tensor) -> float:
    return float((error - truth).norm() / truth.norm())


@pytest.mark.parametrize("sigma", [0.02, 0.5, 0.98])
def test_one_residual_serves_both_banks(sigma: float) -> None:
    residual = noise_residuals(1)[0]
    bank = filled(residual[None], sigma=sigma)
    latent, noise = residual_errors(residual, sigma)
    rng = random.Random(0)
    for drawn, truth in ((bank.latent_error(0, rng), latent), (bank.noise_error(0, rng), noise)):
        assert drawn is not None
        assert relative(drawn, truth) < 0.015


def test_a_weak_channel_is_kept_as_exactly_as_a_strong_one() -> None:
    residual = noise_residuals(1)[0] * torch.logspace(-3, 3, SHAPE[0])[:, None, None, None]
    kept = held(filled(residual[None]))[0]
    assert all(relative(one, truth) < 0.015 for one, truth in zip(kept, residual, strict=True))


def test_an_empty_grid_has_no_error_and_draws_nothing() -> None:
    bank = filled(noise_residuals(1), grid=1)
    rng = NoDraws()
    assert (bank.noise_error(0, rng), bank.latent_error(2, rng), bank.image_error(0, rng)) == (None, None, None)


def test_an_empty_bank_has_no_image_error() -> None:
    assert SharedBank().image_error(None, NoDraws()) is None


def test_image_errors_come_from_all_entries_of_all_grids_alike() -> None:
    bank = SharedBank(grids=4)
    for number, grid in enumerate([0, 0, 0, 2, 3, 3]):
        bank.insert(torch.full((1, 1, 1, 1), float(number + 1)), 1.0, grid)
    rng = random.Random(0)
    counts = Counter(round(-float(bank.image_error(None, rng))) for _ in range(1800))  # type: ignore[arg-type]
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]
    assert all(abs(count - 300) < 80 for count in counts.values())


def test_an_image_error_of_a_grid_is_one_of_its_own() -> None:
    bank = SharedBank(grids=2)
    for grid in range(2):
        bank.insert(torch.full((1, 1, 1, 1), grid + 1.0), 1.0, grid)
    assert float(bank.image_error(1, random.Random(0))) == -2  # type: ignore[arg-type]


def test_a_full_grid_replaces_the_nearest_by_l2_distance() -> None:
    residuals = smooth_residuals(36)
    bank = filled(residuals[:30], capacity=30)
    for residual in residuals[30:]:
        before = held(bank)
        bank.insert(residual, 0.5, 0)
        changed = [k for k, (old, new) in enumerate(zip(before, held(bank), strict=True)) if not torch.equal(old, new)]
        best = float((before[nearest_to(residual, before)] - residual).norm())
        assert [float((before[k] - residual).norm()) <= 1.01 * best for k in changed] == [True]


def test_a_near_copy_replaces_its_original() -> None:
    residuals = noise_residuals(100)
    bank = filled(residuals, capacity=100)
    copy = residuals[63] + 0.1 * noise_residuals(1, seed=1)[0]
    bank.insert(copy, 0.5, 0)
    assert relative(held(bank)[63], copy) < 0.015


def test_the_oldest_goes_first_when_asked() -> None:
    bank = filled(noise_residuals(3), capacity=3, replacement="oldest")
    new = noise_residuals(4, seed=1)
    for number, residual in enumerate(new):
        bank.insert(residual, 0.5, 0)
        assert relative(held(bank)[number % 3], residual) < 0.015


def test_random_replacement_is_the_same_for_the_same_seed() -> None:
    def kept(seed: int) -> list[Tensor]:
        return held(filled(noise_residuals(40), capacity=8, replacement="random", seed=seed))

    assert all(torch.equal(one, other) for one, other in zip(kept(1), kept(1), strict=True))
    assert not all(torch.equal(one, other) for one, other in zip(kept(1), kept(2), strict=True))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_residual_that_is_not_finite_is_left_out(bad: float) -> None:
    residuals = noise_residuals(2)
    residuals[1, 0, 0, 0, 0] = bad
    assert filled(residuals).fill() == [1, 0, 0]


def test_a_residual_of_zeros_is_an_error_of_zeros() -> None:
    bank = filled(torch.zeros(3, *SHAPE), capacity=2)
    assert [bool(residual.any()) for residual in held(bank)] == [False, False]


def test_a_residual_of_another_size_is_refused_in_one_sentence() -> None:
    bank = filled(noise_residuals(1))
    with pytest.raises(StudioError, match=r"16 x 3 x 6 x 10 latents and these are of 2 x 1 x 1 x 1; go on with clips"):
        bank.insert(torch.zeros(2, 1, 1, 1), 0.5, 0)


def test_drawn_errors_can_be_changed_without_harm() -> None:
    bank = filled(noise_residuals(1))
    first = bank.latent_error(0, random.Random(0))
    assert first is not None
    kept = first.clone()
    first.zero_()
    again = bank.latent_error(0, random.Random(0))
    assert again is not None and torch.equal(again, kept)


def test_a_bank_takes_memory_only_as_it_fills() -> None:
    residual = noise_residuals(1)[0]
    bank = filled(residual[None])
    tracemalloc.start()
    try:
        for _ in range(10):
            bank.insert(residual, 0.5, 0)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 10 * 0.26 * 4 * residual.numel() * 2  # of float32 pairs, as two banks hold them
