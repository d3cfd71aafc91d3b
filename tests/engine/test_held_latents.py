"""Pro on 5B: known latents stay clean among the noisy ones, as diffusers' own pipeline for that model does it."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import FAMILIES
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.sampling import DenoisingStep, flow_sigmas, seeded_noise
from svi_studio.engine.latents.vae import encode_video
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from tests.builders.tiny_models import build_held_model

WIDTH, HEIGHT, FRAMES, STEPS = 64, 32, 13, 4
SHAPE = (1, 48, 4, 2, 4)


@pytest.fixture(scope="module")
def held_models(tmp_path_factory: pytest.TempPathFactory) -> WanModels:
    return load_models(build_held_model(tmp_path_factory.mktemp("models") / "tiny-held"), device="cpu")


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (1, HEIGHT, WIDTH, 3), dtype=np.uint8)


def latent(models: WanModels, shown: np.ndarray) -> torch.Tensor:
    pixels = torch.from_numpy(shown.astype(np.float32)).mul(2 / 255).sub(1).permute(3, 0, 1, 2)[None]
    return encode_video(models.vae, pixels)[:, :, 0]


def asked(**changes: Any) -> ClipRequest:
    return replace(ClipRequest("a ball", "fog", 3, FRAMES, STEPS, 2.5, 5.0, picture(1), None), **changes)


def by_hand(models: WanModels, known: Mapping[int, torch.Tensor], texts: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Put back after every step, timestep 0 for the tokens of the known frames."""
    latents = seeded_noise(SHAPE, 3)
    sigmas = flow_sigmas(STEPS, 5.0).tolist()
    for frame, each in known.items():
        latents[:, :, frame] = each
    for sigma, following in pairwise(sigmas):
        times = torch.full((SHAPE[2], SHAPE[3] // 2, SHAPE[4] // 2), 1000 * torch.tensor(sigma))
        times[list(known)] = 0
        with torch.no_grad():
            told, untold = (
                models.transformer(latents, times.flatten()[None], text, None, return_dict=False)[0] for text in texts
            )
        latents = latents + (untold + 2.5 * (told - untold)) * (following - sigma)
        for frame, each in known.items():
            latents[:, :, frame] = each
    return latents


BEFORE = torch.randn(SHAPE, generator=torch.Generator().manual_seed(8))


@pytest.mark.parametrize("goes_on", [False, True])
@pytest.mark.parametrize("ends", [False, True])
def test_known_latents_are_put_back_after_every_step(held_models: WanModels, goes_on: bool, ends: bool) -> None:
    known = {0: latent(held_models, picture(1))}
    request = asked(end=picture(2)) if ends else asked()
    if goes_on:
        known[1] = BEFORE[:, :, -1]
        request = replace(request, carry=Carry(picture(5), BEFORE))
    if ends:
        known[3] = latent(held_models, picture(2))
    texts = {"a ball": torch.randn(1, 512, 32), "fog": torch.randn(1, 512, 32)}
    renderer = ClipRenderer(held_models, FAMILIES["pro5b"], texts.__getitem__)
    steps: list[DenoisingStep] = []
    found = renderer.latents(request, on_step=steps.append)
    assert torch.equal(found, by_hand(held_models, known, (texts["a ball"], texts["fog"])))
    for frame, each in known.items():
        assert all(torch.equal(step.latents[:, :, frame], each) for step in steps)
        assert all(torch.equal(step.clean_estimate()[:, :, frame], each) for step in steps)


def test_an_amplitude_has_nothing_to_work_on(held_models: WanModels) -> None:
    renderer = ClipRenderer(held_models, FAMILIES["pro5b"])
    assert torch.equal(renderer.latents(asked()), renderer.latents(asked(motion_amplitude=1.3)))


def test_a_clip_of_the_small_model_decodes_to_all_its_frames(held_models: WanModels, tmp_path: Path) -> None:
    renderer = ClipRenderer(held_models, FAMILIES["pro5b"])
    assert renderer.frames(renderer.latents(asked())).shape == (FRAMES, HEIGHT, WIDTH, 3)
