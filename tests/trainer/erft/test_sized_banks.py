"""Clips of several sizes have an error bank each: nothing is laid on a clip of another size, and all of it is saved."""

import random
from pathlib import Path

import pytest
import torch

from svi_studio.domain.training.recipe import ErrorRecycling, Storage
from trainer.erft.sized_banks import BySize, SizedBanks

WIDE, HIGH = (2, 3, 2, 4), (2, 3, 4, 2)
SIGMAS, GRIDS = (0.25, 0.75), (3, 1)


def banks(folder: Path, storage: Storage) -> SizedBanks:
    return SizedBanks.create(ErrorRecycling(grids=5, capacity=4, storage=storage), folder, seed=0)


def filled(folder: Path, storage: Storage) -> SizedBanks:
    made = banks(folder, storage)
    for number, shape in enumerate((WIDE, HIGH, WIDE)):
        residuals = torch.randn((2, *shape), generator=torch.Generator().manual_seed(number))
        made.gather(residuals, SIGMAS, GRIDS, (True, number != 1), everywhere=False)
    return made


@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_errors_have_the_size_of_the_clip_and_survive_a_checkpoint(tmp_path: Path, storage: Storage) -> None:
    first = filled(tmp_path / "bank", storage)
    assert isinstance(first, BySize)
    assert first.fill() == [0, 2, 0, 3, 0]
    first.save(tmp_path / "saved")
    second = banks(tmp_path / "other", storage)
    second.load(tmp_path / "saved")

    assert second.fill() == first.fill()
    for shape in (WIDE, HIGH):
        drawn = [each.of_size(shape).image_error(None, random.Random(7)) for each in (first, second)]
        assert drawn[0] is not None and drawn[1] is not None
        assert tuple(drawn[0].shape) == shape
        assert torch.equal(drawn[0], drawn[1])


def test_a_size_that_has_not_come_yet_has_no_errors(tmp_path: Path) -> None:
    made = filled(tmp_path, "memory")

    assert made.of_size((2, 3, 3, 3)).latent_error(3, random.Random(0)) is None
    assert banks(tmp_path, "memory").fill() == [0] * 5


@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_every_file_that_is_for_good_is_named_by_its_place(tmp_path: Path, storage: Storage) -> None:
    hashes = filled(tmp_path / "bank", storage).save(tmp_path / "saved")

    assert all((tmp_path / "saved" / name).is_file() for name in hashes)
    assert bool(hashes) == (storage == "disk")
