"""Films of Talk and Dance in one batch against the engine's own clips, and the figures that are read from them."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conditions.files import load_sound_encoder, save_network
from svi_studio.engine.conditions.loading import with_inputs
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import SKELETON_FILE
from trainer.mini.configuration import TRANSFORMER_WIDTH
from trainer.mini.hearing import heard, heard_part, silence
from trainer.mini.lessons import drawings_of
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import NUM_FRAMES
from trainer.proof.following import FAMILIES, FollowedFilms, Sizes, film_arm, film_path, measured, sync
from trainer.proof.following_boards import Skill, follow_boards
from trainer.proof.following_results import curves, write_results
from trainer.proof.following_roll_out import FollowingRollOut
from trainer.proof.roll_out import board_seed

MODEL = resource_path("models", "svi-mini")
STEPS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled model, which hears, with a network for skeletons that learned nothing."""
    target = tmp_path_factory.mktemp("model") / "svi-mini"
    shutil.copytree(MODEL, target)
    torch.manual_seed(1)
    save_network(SkeletonNetwork(TRANSFORMER_WIDTH), target / SKELETON_FILE)
    return target


def loaded(folder: Path) -> WanModels:
    torch.set_num_threads(1)
    models = load_models(folder, device=torch.device("cpu"))
    return replace(models, card=models.card.model_copy(update={"num_inference_steps": STEPS}))


@pytest.mark.parametrize("skill", ["sound", "skeleton"])
def test_a_batch_of_films_is_what_the_engine_films_one_by_one(folder: Path, skill: Skill) -> None:
    boards, profile = follow_boards(skill, 2, 1), family(FAMILIES[skill])
    models = with_inputs(loaded(folder), {InputKind(skill)})
    renderer, engine = ClipRenderer(models, profile), []
    encoder = load_sound_encoder(MODEL, models.device)
    for number, board in enumerate(boards):
        if board.sound is not None:
            inputs = {"sound": heard_part(heard(encoder, board.sound), silence(encoder), 0)}
        else:
            inputs = {"skeleton": drawings_of(skeleton_of(board.stage, board.clip(0)))}
        request = ClipRequest(
            prompt=prompt_for(Script(board.stage, FAMILIES[skill])),
            negative_prompt="",
            seed=board_seed(number, 0),
            num_frames=NUM_FRAMES,
            num_inference_steps=STEPS,
            guidance_scale=2.0,
            shift=profile.shift,
            anchor=render_still(board.stage)[None],
            carry=None,
            inputs=inputs,
            audio_guidance_scale=2.0,
        )
        engine.append(renderer.latents(request))
    ours = FollowingRollOut(loaded(folder), skill, boards).latents(0, None)
    assert torch.allclose(ours, torch.cat(engine), atol=0.05)


@pytest.mark.parametrize("late", [-2, 0, 3])
def test_a_mouth_that_comes_late_is_found_late(late: int) -> None:
    board = follow_boards("sound", 1, 4)[0]
    mouth = np.roll(board.mouths, late)[board.step : board.step + NUM_FRAMES].astype(np.float32)
    correlation, lag = sync(mouth, board.mouths, 1)
    assert lag == late
    assert (correlation > 0.99) == (late == 0)


def test_nothing_is_said_of_a_clip_in_which_nobody_speaks() -> None:
    correlation, _ = sync(np.ones(NUM_FRAMES, np.float32), np.zeros(3 * NUM_FRAMES), 1)
    assert np.isnan(correlation)


@pytest.mark.parametrize("skill", ["sound", "skeleton"])
def test_the_truth_follows_as_well_as_can_be(skill: Skill) -> None:
    boards = follow_boards(skill, 1, 1)
    figures = measured(skill, boards, 0, np.stack([board.truth(0) for board in boards]))
    assert figures["psnr"].min() > 60
    if skill == "sound":
        assert sync(figures["mouth"][0], boards[0].mouths, 0)[0] > 0.95
    else:
        assert np.nanmedian(figures["off"]) < 0.5


def test_the_films_of_a_seed_are_the_same_every_time() -> None:
    one, other = (follow_boards("skeleton", 1, 2)[0] for _ in range(2))
    assert one.moments == other.moments
    assert one.clip(0)[-1] == one.clip(1)[0]


@pytest.mark.slow
def test_films_go_on_where_they_were_stopped_and_give_a_page(tmp_path: Path) -> None:
    sizes = Sizes(films=2, clips=2, clips_alone=1)
    path = film_path(tmp_path, "sound", "follows")
    film_arm(MODEL, "sound", "follows", replace(sizes, clips=1), path=path)
    assert FollowedFilms(path).done == 1
    films = film_arm(MODEL, "sound", "follows", sizes, path=path)
    assert films.done == 2
    write_results(tmp_path, tmp_path, sizes)
    assert "Talk, 2 films of 2 clips" in (tmp_path / "following.md").read_text("utf-8")
    assert (tmp_path / "following-talk.svg").is_file()


def test_the_curves_show_every_arm_that_follows() -> None:
    off = np.full((3, 12), np.nan)
    off[:, [0, 9]] = [[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]]  # hands and feet are looked for in some clips only
    rows = {
        arm: {"off": off, "psnr": np.full((3, 12), 24.0), "ssim": np.full((3, 12), 0.9)} for arm in ("base", "erft")
    }
    shown = curves("Dance", "skeleton", rows | {"alone": rows["base"]})
    assert [name for name in ("base", "erft", "alone") if f">{name}<" in shown] == ["base", "erft"]
    assert shown.count("<polygon") == 6  # a band to an arm and a figure
    assert "structure" in shown
