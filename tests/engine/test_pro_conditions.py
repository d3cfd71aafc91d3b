"""What Pro conditions a clip on, against a few lines written from its description and diffusers' own autoencoder."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLWan

from svi_studio.domain.film.family import FAMILIES, FamilyProfile
from svi_studio.domain.value import with_fields
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.condition import CONDITIONS, Condition
from svi_studio.engine.denoising.motion_amplitude import with_motion_amplitude
from svi_studio.engine.latents.vae import encode_video
from svi_studio.engine.loading.wan_models import WanModels

N, T = 21, 6  # frames and latents of a clip


def pictures(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 16, 32, 3), dtype=np.uint8)


ANCHOR, END = pictures(1, 1), pictures(1, 2)
BEFORE = Carry(pictures(5, 3), torch.randn(1, 16, T, 2, 4, generator=torch.Generator().manual_seed(4)))


def request(**changes: Any) -> ClipRequest:
    whole = ClipRequest("a ball", "", 0, N, 2, 1.0, 5.0, ANCHOR, None)
    return replace(whole, **changes)


def built(models: WanModels, profile: FamilyProfile, asked: ClipRequest) -> Condition:
    return CONDITIONS[profile.hand_off](models.vae, profile)(asked)


def signed(frames: np.ndarray) -> torch.Tensor:
    """``[n, H, W, 3]``, where 127.5 is grey, as ``[1, 3, n, H, W]`` in [-1, 1]."""
    video = torch.from_numpy(frames.astype(np.float32)).mul(2 / 255).sub(1).permute(3, 0, 1, 2)[None].contiguous()
    return torch.where(video.abs() < 1e-6, 0.0, video)


def encoded(vae: AutoencoderKLWan, frames: np.ndarray) -> torch.Tensor:
    """The latents of ``[n, H, W, 3]``, by diffusers; of more than one frame they differ in the last digits."""
    video = signed(frames)
    mean, std = (torch.tensor(each).view(1, -1, 1, 1, 1) for each in (vae.config.latents_mean, vae.config.latents_std))
    with torch.no_grad():
        return (vae.encode(video).latent_dist.mode() - mean) * (1 / std)


@pytest.mark.parametrize("carry", [None, BEFORE], ids=["starts", "goes on"])
@pytest.mark.parametrize("end", [None, END], ids=["", "ends"])
def test_pro_sees_its_anchor_the_last_latent_zeros_and_its_end(
    models: WanModels, carry: Carry | None, end: np.ndarray | None
) -> None:
    latents, mask = torch.zeros(1, 16, T, 2, 4), torch.zeros(1, 4, T, 2, 4)
    latents[:, :, 0], mask[:, :, 0] = encoded(models.vae, ANCHOR)[:, :, 0], 1
    if carry is not None:
        latents[:, :, 1] = carry.latents[:, :, -1]
    if end is not None:
        latents[:, :, -1], mask[:, :, -1] = encoded(models.vae, end)[:, :, 0], 1
    found = built(models, FAMILIES["pro"], request(carry=carry, end=end))
    assert torch.equal(found.y, torch.cat([mask, latents], dim=1))
    assert found.held is None


@pytest.mark.parametrize("name", ["shot", "shot2", "film"])
@pytest.mark.parametrize("goes_on", [False, True])
def test_families_of_frames_end_as_wan_goes_from_a_first_to_a_last_frame(
    models: WanModels, name: str, goes_on: bool
) -> None:
    profile = FAMILIES[name]
    motion = BEFORE.frames[-profile.num_motion_frames :] if goes_on else ANCHOR
    padding = ANCHOR.repeat(N, 0) if profile.ref_pad_num else np.full((N, 16, 32, 3), 127.5)
    video = np.concatenate([motion, padding])[:N]
    video[-1] = END[0]
    marked = torch.zeros(1, 1, N + 3, 2, 4)
    marked[:, :, :4], marked[:, :, -1:] = 1, 1
    mask = marked.view(1, T, 4, 2, 4).transpose(1, 2)
    found = built(models, profile, request(carry=Carry(motion, torch.empty(0)) if goes_on else None, end=END))
    assert torch.equal(found.y[:, :4], mask)
    assert torch.equal(found.y[:, 4:], encode_video(models.vae, signed(video)))
    assert torch.allclose(found.y[:, 4:], encoded(models.vae, video), atol=1e-5)


def test_another_end_is_another_condition_of_the_same_chain_start(models: WanModels) -> None:
    build = CONDITIONS["frames"](models.vae, FAMILIES["shot"])
    found = [build(request(end=end)).y for end in (None, END, pictures(1, 9), None)]
    assert torch.equal(found[0], found[3])
    assert not any(torch.equal(found[0], each) or torch.equal(found[1], each) for each in found[2:3])
    assert not torch.equal(found[0], found[1])


def amplified(latents: torch.Tensor, amplitude: float, known: int, stop: int) -> torch.Tensor:
    """Frame by frame: the distance to latent 0, less its mean, goes further; mean and latent 0 come back."""
    result = latents.double()
    first = result[:, :, 0].clone()
    for frame in range(known, stop):
        away = result[:, :, frame] - first
        mean = away.mean(dim=(1, 2, 3), keepdim=True)
        result[:, :, frame] = (first + mean + (away - mean) * amplitude).clamp(-6, 6)
    return result


def same(found: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether they differ by no more than the last digits of float32, whose means depend on the order of adding."""
    return (found.double() - expected).abs().max().item() < 2e-6


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("amplitude", [1.15, 1.3, 2.0])
def test_motion_is_widened_about_the_mean_of_each_latent_frame(amplitude: float, ends: bool) -> None:
    latents = torch.randn(1, 16, T, 2, 4, generator=torch.Generator().manual_seed(5)) * 3
    found = with_motion_amplitude(latents, amplitude, 2, ends=ends)
    assert same(found, amplified(latents, amplitude, 2, T - ends))
    assert torch.equal(found[:, :, :2], latents[:, :, :2])
    assert found[:, :, 2 : T - ends].abs().max() <= 6
    assert torch.equal(found[:, :, -1], latents[:, :, -1]) is ends


@pytest.mark.parametrize("amplitude", [0.5, 1.0])
def test_only_an_amplitude_above_one_does_anything(amplitude: float) -> None:
    latents = torch.randn(1, 16, T, 2, 4) * 9
    assert with_motion_amplitude(latents, amplitude, 1, ends=False) is latents


@pytest.mark.parametrize("carry", [None, BEFORE], ids=["starts", "goes on"])
@pytest.mark.parametrize("end", [None, END], ids=["", "ends"])
def test_amplitude_leaves_what_pro_knows_alone(models: WanModels, carry: Carry | None, end: np.ndarray | None) -> None:
    plain = built(models, FAMILIES["pro"], request(carry=carry, end=end)).y
    wide = built(models, FAMILIES["pro"], request(carry=carry, end=end, motion_amplitude=1.2)).y
    known = 1 if carry is None else 2
    expected = amplified(plain[:, 4:], 1.2, known, T - (end is not None))
    assert torch.equal(wide[:, :4], plain[:, :4])
    assert same(wide[:, 4:], expected)
    assert torch.equal(wide[:, 4:, :known], plain[:, 4:, :known])
    assert not torch.equal(wide, plain)


@pytest.mark.parametrize(("name", "known"), [("shot", 1), ("film", 2), ("shot2", 2)])
def test_amplitude_leaves_the_motion_frames_of_other_families_alone(models: WanModels, name: str, known: int) -> None:
    carry = Carry(BEFORE.frames[-FAMILIES[name].num_motion_frames :], torch.empty(0))
    plain = built(models, FAMILIES[name], request(carry=carry)).y[:, 4:]
    wide = built(models, FAMILIES[name], request(carry=carry, motion_amplitude=1.3)).y[:, 4:]
    assert same(wide, amplified(plain, 1.3, known, T))


def test_several_anchors_come_before_the_motion_and_are_all_marked(models: WanModels) -> None:
    profile = with_fields(FAMILIES["pro"], {"num_anchors": 3})
    y = built(models, profile, request(carry=BEFORE)).y
    assert torch.equal(y[:, 4:, :3], encoded(models.vae, ANCHOR).expand(-1, -1, 3, -1, -1))
    assert torch.equal(y[:, 4:, 3], BEFORE.latents[:, :, -1])
    assert not y[:, 4:, 4:].any()
    assert y[:, :4, :3].all()
    assert not y[:, :4, 3:].any()


def test_no_family_has_several_anchors_yet() -> None:
    assert {profile.num_anchors for profile in FAMILIES.values()} == {1}
