"""A model that holds known latents: each token has the timestep of its latent frame, and 48 channels go both ways."""

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel

from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.latents.vae import decode_frames, encode_video, latent_shape
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from tests.builders.tiny_models import build_held_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_held_model(tmp_path_factory.mktemp("models") / "held")


@pytest.fixture(scope="module")
def held(folder: Path) -> WanModels:
    return load_models(folder, device="cpu")


@torch.no_grad()
def test_each_token_is_told_the_noise_of_its_own_latent_frame(folder: Path, held: WanModels) -> None:
    """As diffusers expands the timesteps of the 5B model: a mask over latent places, every other of them a token."""
    noise = torch.Generator().manual_seed(0)
    latents, text = torch.randn(1, 48, 3, 4, 6, generator=noise), torch.randn(1, 512, 32, generator=noise)
    mask = torch.ones(1, 1, 3, 4, 6)
    mask[:, :, [0, 2]] = 0
    timesteps = (mask[0][0][:, ::2, ::2] * torch.tensor(937.5)).flatten()[None]
    theirs = WanTransformer3DModel.from_pretrained(folder / "transformer")(latents, timesteps, text).sample
    ours = predict(held.transformer, latents, torch.tensor([[0, 0.9375, 0]]), y=latents[:, :0], text=text, tokens=None)
    assert torch.equal(ours, theirs)
    alike = predict(held.transformer, latents, torch.tensor([0.9375]), y=latents[:, :0], text=text, tokens=None)
    assert not torch.allclose(ours, alike, atol=1e-3)


@torch.no_grad()
def test_clips_of_a_batch_have_noise_levels_of_their_own(held: WanModels) -> None:
    noise = torch.Generator().manual_seed(0)
    latents, text = torch.randn(2, 48, 3, 4, 6, generator=noise), torch.randn(2, 512, 32, generator=noise)
    levels = torch.tensor([[0, 0.9, 0.9], [0.5, 0.25, 0]])
    together = predict(held.transformer, latents, levels, y=latents[:, :0], text=text, tokens=None)
    for k in range(2):
        one = slice(k, k + 1)
        alone = predict(held.transformer, latents[one], levels[one], y=latents[one, :0], text=text[one], tokens=None)
        assert torch.allclose(together[one], alone, atol=1e-5)


@torch.no_grad()
def test_video_becomes_48_channels_and_comes_back_as_in_diffusers(folder: Path, held: WanModels) -> None:
    video = torch.rand(1, 3, 9, 64, 96, generator=torch.Generator().manual_seed(0)) * 2 - 1
    theirs = AutoencoderKLWan.from_pretrained(folder / "vae")
    mean, std = (torch.tensor(v).view(1, -1, 1, 1, 1) for v in (theirs.config.latents_mean, theirs.config.latents_std))
    expected = (theirs.encode(video).latent_dist.mode() - mean) / std
    latents = encode_video(held.vae, video)
    assert latents.shape == latent_shape(held.vae, 9, 96, 64) == (1, 48, 3, 4, 6)
    assert torch.allclose(latents, expected, atol=1e-6)
    decoded = theirs.decode(expected * std + mean).sample[0].clamp(-1, 1)
    frames = ((decoded + 1) * 127.5).permute(1, 2, 3, 0).to(torch.uint8).numpy()
    assert np.abs(frames.astype(int) - decode_frames(held.vae, latents)).max() <= 1
    tiled = decode_frames(held.vae, latents, tiled=True)
    assert np.abs(frames.astype(int) - tiled).max() <= 1
