"""The roll-out of many storyboards at once against the engine's own clips."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.resource_files import resource_path
from trainer.mini.ask import clip_request
from trainer.paper_theatre.render import render_still
from trainer.proof.boards import consistent_boards
from trainer.proof.halves import in_halves
from trainer.proof.roll_out import RollOut, board_seed

BOARDS = consistent_boards(2, 2)
STEPS = 2


@pytest.fixture(scope="module")
def models() -> WanModels:
    loaded = load_models(resource_path("models", "svi-mini"), device=torch.device("cpu"))
    return replace(loaded, card=loaded.card.model_copy(update={"num_inference_steps": STEPS}))


@pytest.mark.parametrize("name", ["film", "shot"])
def test_a_batch_of_films_is_what_the_engine_films_one_by_one(name: str, models: WanModels) -> None:
    profile = family(name)
    renderer = ClipRenderer(models, profile)
    engine = []
    for number, board in enumerate(BOARDS):
        first = clip_request(models, board.scripts[0], board_seed(number, 0))
        latents = renderer.latents(first)
        motion = profile.num_motion_frames
        carry = Carry(np.asarray(renderer.frames(latents))[-motion:], latents[:, :, -motion:])
        second = clip_request(models, board.scripts[1], board_seed(number, 1), carry)
        engine.append(renderer.latents(replace(second, anchor=render_still(board.anchor)[None])))
    tails = np.stack(
        [clip.frames[:, -profile.num_motion_frames :] for clip in RollOut(models, profile).clips(BOARDS, 1)]
    )
    ours = RollOut(models, profile).latents(BOARDS, 1, tails[0])
    assert torch.allclose(ours, torch.cat(engine), atol=0.05)


def test_in_halves_the_films_differ_by_their_rounding_only(models: WanModels) -> None:
    whole = RollOut(models, family("film")).latents(BOARDS, 0, None)
    transformer = models.transformer
    in_halves(transformer)
    try:
        quick = RollOut(models, family("film")).latents(BOARDS, 0, None)
    finally:
        del transformer.forward
    assert (quick - whole).abs().mean() < 0.05 * whole.abs().mean()


def test_a_roll_out_that_goes_on_films_the_same_frames(models: WanModels) -> None:
    profile = family("film")
    whole = list(RollOut(models, profile).clips(BOARDS, 2))
    rest = list(RollOut(models, profile).clips(BOARDS, 2, first=1, tail=whole[0].frames[:, -5:]))
    assert np.array_equal(rest[0].frames, whole[1].frames)
