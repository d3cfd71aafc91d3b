"""A pose encoder over a transformer whose patches are larger than Wan 2.1's."""

import json
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.conditions.files import patch_pixels
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork


def twins(patch: int) -> tuple[SkeletonNetwork, SkeletonNetwork]:
    torch.manual_seed(0)
    plain, larger = SkeletonNetwork(8, channels=4), SkeletonNetwork(8, channels=4, patch=patch)
    larger.load_state_dict(plain.state_dict())
    return plain, larger


def test_drawings_are_made_smaller_until_a_patch_has_16_pixels() -> None:
    plain, larger = twins(32)
    small = torch.randint(0, 256, (1, 3, 5, 16, 32), dtype=torch.uint8)
    large = small.repeat_interleave(2, 3).repeat_interleave(2, 4)
    assert larger(large).shape == (1, 2 * 2, 8)  # two latents of 1 x 2 patches
    assert torch.allclose(larger(large), plain(small), atol=1e-6)


@pytest.mark.parametrize("patch", [8, 24])
def test_a_patch_that_is_no_multiple_of_16_pixels_is_refused(patch: int) -> None:
    with pytest.raises(ValueError, match="multiple"):
        SkeletonNetwork(8, patch=patch)


def model(folder: Path, scale: object, patch: object = (1, 2, 2)) -> Path:
    for part, facts in (("vae", {"scale_factor_spatial": scale}), ("transformer", {"patch_size": patch})):
        (folder / part).mkdir()
        (folder / part / "config.json").write_text(json.dumps(facts))
    return folder


def test_the_patch_of_a_model_is_read_from_its_folder(tmp_path: Path) -> None:
    assert patch_pixels(model(tmp_path, 16)) == 32


def test_a_model_that_says_nothing_has_the_patches_of_wan(tmp_path: Path) -> None:
    assert patch_pixels(tmp_path) == 16


@pytest.mark.parametrize(("scale", "patch"), [("x", (1, 2, 2)), (8, ()), (8, 2), (4, (1, 2, 2)), (10, (1, 2, 2))])
def test_sizes_that_no_skeleton_can_be_laid_over_are_refused(tmp_path: Path, scale: object, patch: object) -> None:
    with pytest.raises(BadWeights):
        patch_pixels(model(tmp_path, scale, patch))
