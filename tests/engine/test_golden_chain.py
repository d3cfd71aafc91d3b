"""Three chained clips, through the program's own chain, against what the authors' program rendered."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image

from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.film.film_time import film_time
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.engine.denoising.carry import Carry, read_carry, save_latents, save_tail
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.pixels import resize_picture
from svi_studio.engine.denoising.sampling import seeded_noise
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.frames import Frames
from tests.engine.golden_networks import Golden, golden_image_encoder, golden_transformer, golden_vae

MODES = ["shot", "film"]
EXACT = 1e-4
AFTER_FLIPS = 5e-3
"""A value on the edge between two levels may be truncated to the other on another processor; from there on the chain
runs from a tail that differs by one level in a few places."""


class Chain(NamedTuple):
    golden: Golden
    latents: list[torch.Tensor]
    frames: list[Frames]
    profile: FamilyProfile


def golden_models(folder: Path) -> WanModels:
    weights = Golden(folder, "rollout_weights")
    clip_facts = Golden(folder, "clip").facts["config"] | weights.facts["clip"]
    return WanModels(
        transformer=golden_transformer(weights.weights("w.dit."), weights.facts["dit"]),
        vae=golden_vae(weights.weights("w.vae."), weights.facts["vae_base_dim"]),
        text_encoder=None,
        tokenizer=None,
        image_encoder=golden_image_encoder(weights.weights("w.clip."), clip_facts),
        device=torch.device("cpu"),
        dtype=torch.float32,
        card=ModelCard(name="golden"),
    )


def profile_of(facts: dict[str, int]) -> FamilyProfile:
    return FamilyProfile(
        name="golden",
        title="",
        num_motion_frames=facts["num_motion_frames"],
        ref_pad_num=facts["ref_pad_num"],
    )


def request_of(golden: Golden, k: int, carry: Carry | None) -> ClipRequest:
    facts = golden.facts
    return ClipRequest(
        prompt=f"context_{k}",
        negative_prompt="neg_context",
        seed=facts["seeds"][k],
        num_frames=facts["num_frames"],
        num_inference_steps=facts["steps"],
        guidance_scale=facts["cfg"],
        shift=facts["shift"],
        anchor=resize_picture(Image.fromarray(golden["ref_image"].numpy()), facts["width"], facts["height"]),
        carry=carry,
    )


def through_files(folder: Path, latents: torch.Tensor, frames: Frames, count: int) -> Carry:
    """What the next clip finds of a clip on disk."""
    folder.mkdir()
    save_latents(latents, folder.joinpath)
    save_tail(frames, count, folder.joinpath)
    return read_carry(count, folder.joinpath)


def render(golden: Golden, models: WanModels, scratch: Path) -> Chain:
    """Clip after clip; each starts from what the one before left on disk."""
    profile = profile_of(golden.facts)
    renderer = ClipRenderer(models, profile, encode_prompt=golden.__getitem__)
    chain = Chain(golden, [], [], profile)
    carry: Carry | None = None
    for k in range(golden.facts["clips"]):
        latents = renderer.latents(request_of(golden, k, carry))
        frames = renderer.frames(latents)
        carry = through_files(scratch / f"clip-{k}", latents, frames, profile.num_motion_frames)
        chain.latents.append(latents)
        chain.frames.append(frames)
    return chain


@pytest.fixture(scope="module", params=list(MODES))
def chain(request: pytest.FixtureRequest, golden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    golden = Golden(golden_dir, f"rollout_{request.param}")
    return render(golden, golden_models(golden_dir), tmp_path_factory.mktemp(request.param))


def test_noise_of_a_seed_is_the_authors(chain: Chain) -> None:
    for k, seed in enumerate(chain.golden.facts["seeds"]):
        wanted = chain.golden[f"noise_{k}"]
        assert torch.equal(seeded_noise(tuple(wanted.shape), seed), wanted)


def test_latents_of_every_clip_are_the_authors(chain: Chain) -> None:
    tolerance = EXACT
    for k, latents in enumerate(chain.latents):
        assert (latents - chain.golden[f"latents_{k}"]).abs().max() <= tolerance, k
        tail = slice(-chain.profile.num_motion_frames, None)
        if not np.array_equal(chain.frames[k][tail], chain.golden[f"frames_{k}"].numpy()[tail]):
            tolerance = AFTER_FLIPS


def test_clips_from_the_authors_tails_are_the_authors(chain: Chain, golden_dir: Path, tmp_path: Path) -> None:
    golden, profile = chain.golden, chain.profile
    renderer = ClipRenderer(golden_models(golden_dir), profile, encode_prompt=golden.__getitem__)
    for k in range(1, golden.facts["clips"]):
        before = golden[f"latents_{k - 1}"], golden[f"frames_{k - 1}"].numpy()
        carry = through_files(tmp_path / f"clip-{k}", *before, profile.num_motion_frames)
        latents = renderer.latents(request_of(golden, k, carry))
        assert (latents - golden[f"latents_{k}"]).abs().max() <= EXACT, k


def test_frames_of_every_clip_are_within_one_level(chain: Chain) -> None:
    for k, frames in enumerate(chain.frames):
        difference = np.abs(frames.astype(int) - chain.golden[f"frames_{k}"].numpy().astype(int))
        assert difference.max() <= 1, k


def test_the_joined_film_is_the_authors(chain: Chain) -> None:
    facts = chain.golden.facts
    starts = [k == 0 for k in range(facts["clips"])]
    times = film_time(starts, facts["num_frames"], chain.profile, fps=24.0)
    film = np.concatenate([chain.frames[clip.index][clip.first : clip.stop] for clip in times.clips])
    wanted = chain.golden["video"].numpy()
    assert film.shape == wanted.shape
    assert len(film) == times.frames == facts["total_frames"]
    assert np.abs(film.astype(int) - wanted.astype(int)).max() <= 1
