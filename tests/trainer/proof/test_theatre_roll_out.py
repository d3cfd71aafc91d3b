"""Film and Pro of svi-theatre, and Pro of two experts made of it, rolled out at once against the engine's own clips."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import WanTransformer3DModel

from svi_studio.domain.film.family import family
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import EXPERT_PARTS
from trainer.mini.ask import clip_request
from trainer.mini.checkpoint import Progress, save_checkpoint
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.stage import FINE
from trainer.proof.boards import consistent_boards
from trainer.proof.roll_out import board_seed
from trainer.proof.theatre.films import film_chain
from trainer.proof.theatre.roll_out import Chained, ChainRollOut
from trainer.svi_theatre.export import export_experts
from trainer.svi_theatre.train_experts import expert_checkpoint, expert_of

THEATRE = resource_path("models", "svi-theatre")
BOARDS = consistent_boards(2, 2)
STEPS = 3  # two for the high noise, one for the low


@pytest.fixture(scope="module")
def experts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two experts that learned nothing, but for what tells them apart: the one for the low noise says a little less."""
    runs = tmp_path_factory.mktemp("experts")
    for which in EXPERT_PARTS:
        expert = expert_of(WanTransformer3DModel.from_pretrained(THEATRE / "transformer", torch_dtype=torch.float32))
        if which == "low":
            expert.proj_out.weight.data.mul_(0.5)
        save_checkpoint(expert_checkpoint(runs, which), {"averaged": expert}, [], Progress())
    export_experts(runs, THEATRE, runs / "two-experts")
    return runs / "two-experts"


def loaded(folder: Path) -> WanModels:
    models = load_models(folder, device=torch.device("cpu"))
    return replace(models, card=models.card.model_copy(update={"num_inference_steps": STEPS}))


def filmed_one_by_one(models: WanModels, name: Chained, tails: np.ndarray) -> torch.Tensor:
    """The second clip of every board, which goes on from ``tails``."""
    profile = family(name)
    renderer, made = ClipRenderer(models, profile), []
    for number, (board, tail) in enumerate(zip(BOARDS, tails, strict=True)):
        latents = torch.from_numpy(tail)[None, :, None] if name == "pro" else torch.zeros(1, 48, 1, 6, 10)
        frames = tail if name == "film" else np.zeros((profile.num_motion_frames, FINE.height, FINE.width, 3), np.uint8)
        asked = clip_request(models, board.scripts[1], board_seed(number, 1), Carry(frames, latents))
        anchor = render_still(board.scripts[0].start, FINE)[None]
        made.append(renderer.latents(replace(asked, anchor=anchor, shift=profile.shift)))
    return torch.cat(made)


@pytest.mark.parametrize(
    ("name", "of_experts"),
    [
        pytest.param("film", False, marks=pytest.mark.slow),
        pytest.param("pro", False, marks=pytest.mark.slow),
        ("pro", True),
    ],
)
def test_a_batch_of_films_is_what_the_engine_films_one_by_one(name: Chained, of_experts: bool, experts: Path) -> None:
    folder = experts if of_experts else THEATRE
    first = next(ChainRollOut(loaded(folder), name, BOARDS).clips(1))
    ours = ChainRollOut(loaded(folder), name, BOARDS).latents(1, first.tail)
    theirs = filmed_one_by_one(loaded(folder), name, np.asarray(first.tail))
    assert (ours - theirs).abs().max() < 0.05
    assert ours.abs().mean() > 0.1


def test_films_of_experts_are_measured_clip_by_clip(experts: Path, tmp_path: Path) -> None:
    filmed = film_chain(experts, "pro", None, tmp_path / "films.safetensors", films=1, clips=1, halves=True)
    assert filmed.done == 1
    assert filmed.figures is not None and filmed.figures.shape[:2] == (1, 1)
