"""Copies that are spoilt by hand: what each kind does, how often it comes, and that a seed means one copy."""

import random

import numpy as np
import pytest
import torch

from trainer.dataset import degraded as module
from trainer.dataset.degraded import degraded, equalised, saturated, with_soft_patch


def dim_video(frames: int = 3, height: int = 48, width: int = 64) -> torch.Tensor:
    """A dull picture: greys from 0.4 to 0.6 from left to right, with a little red."""
    ramp = torch.linspace(0.4, 0.6, width).expand(frames, 3, height, width).clone()
    ramp[:, 0] += 0.02
    return ramp


def test_equalising_stretches_a_dull_picture() -> None:
    before = dim_video()
    after = equalised(before, clip_limit=4.0, tiles=1)
    assert after.std() > 1.5 * before.std()
    assert after.min() >= 0 and after.max() <= 1


def test_equalising_without_a_limit_makes_levels_even() -> None:
    after = equalised(dim_video(), clip_limit=1e9, tiles=1)[0, 1, 0]
    assert torch.allclose(after, torch.linspace(0, 1, len(after)), atol=0.06)


def test_the_limit_keeps_noise_of_a_flat_picture_small() -> None:
    flat = 0.5 + 0.004 * torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    strong, limited = equalised(flat, 1e9), equalised(flat, 2.0)
    assert limited.std() < 0.35 * strong.std()


@pytest.mark.parametrize("limit", [2.0, 4.0])
def test_equalising_agrees_with_opencv_on_grey_pictures(limit: float) -> None:
    """In parts so large that OpenCV's whole counts, which spread a rest over the darkest bins, do not matter."""
    cv2 = pytest.importorskip("cv2")
    rng = np.random.default_rng(0)
    picture = np.clip(np.linspace(60, 180, 512)[None] + rng.normal(0, 12, (256, 512)), 0, 255).astype(np.uint8)
    theirs = cv2.createCLAHE(clipLimit=limit, tileGridSize=(2, 2)).apply(picture).astype(np.float32)
    video = torch.from_numpy(picture / 255).float().expand(1, 3, -1, -1)
    ours = (equalised(video, limit, tiles=2)[0, 0] * 255).numpy()
    assert np.abs(ours - theirs).mean() < 0.1 * np.abs(picture - theirs).mean()


def test_a_still_video_stays_still() -> None:
    after = equalised(dim_video(), 3.0)
    assert torch.equal(after[0], after[2])


def test_saturation_moves_colours_from_grey_and_leaves_grey() -> None:
    grey = torch.full((1, 3, 4, 4), 0.3)
    assert torch.allclose(saturated(grey, 3.0), grey, atol=1e-6)
    red = grey + torch.tensor([0.1, 0.0, 0.0])[:, None, None]
    assert saturated(red, 2.0)[0, 0].mean() - saturated(red, 2.0)[0, 1].mean() == pytest.approx(0.2, abs=1e-5)


def test_a_soft_patch_is_one_box_of_all_frames() -> None:
    noise = torch.rand(3, 3, 60, 100, generator=torch.Generator().manual_seed(0))
    changed = (with_soft_patch(noise, random.Random(1)) != noise).any(dim=1)
    assert torch.equal(changed[0], changed[1])
    rows, columns = changed[0].any(1).sum().item(), changed[0].any(0).sum().item()
    assert 6 <= rows <= 18 and 10 <= columns <= 30
    assert changed[0].sum() == rows * columns


def test_the_same_draws_make_the_same_copy() -> None:
    frames = np.random.default_rng(0).integers(0, 256, (5, 32, 48, 3), dtype=np.uint8)
    one, other = (degraded(frames, random.Random(7)) for _ in range(2))
    assert (one.dtype, one.shape) == (frames.dtype, frames.shape)
    assert np.array_equal(one, other)
    assert not np.array_equal(one, frames)
    assert not np.array_equal(one, degraded(frames, random.Random(8)))


@pytest.mark.parametrize(("kind", "share"), [("equalised", 0.9), ("saturated", 0.3)])
def test_kinds_come_as_often_as_in_everanimate(kind: str, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(module, kind, lambda video, _strength: (made.append(1), video)[1])
    if kind != "equalised":
        monkeypatch.setattr(module, "equalised", lambda video, _limit: video)
    frames = np.zeros((1, 8, 8, 3), np.uint8)
    rng = random.Random(0)
    for _ in range(600):
        degraded(frames, rng)
    assert len(made) / 600 == pytest.approx(share, abs=0.05)


def test_tiny_pictures_can_be_spoilt() -> None:
    frames = np.random.default_rng(0).integers(0, 256, (1, 8, 16, 3), dtype=np.uint8)
    for seed in range(20):
        assert degraded(frames, random.Random(seed)).shape == frames.shape
