"""The model that ships with the program: whole, small, and able to make its first film."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.latents.latent_patches import LatentPatches
from svi_studio.engine.latents.preview import read_preview_map
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.fit import checked_lora
from svi_studio.media.images import picture_size
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from svi_studio.resource_files import resource_path
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.content_hash import model_hash
from svi_studio.weights.family_loras import find_family_loras
from svi_studio.weights.lora_card import read_training_card
from svi_studio.weights.model_folder import read_card
from trainer.mini.ask import SHOT
from trainer.mini.clips import held_out_script
from trainer.mini.evaluate import film_clip, vae_psnr
from trainer.mini.fit_preview import half_finished, likeness
from trainer.mini.recognise import scene_of

MODEL = resource_path("models", "svi-mini")
EXAMPLES = ("first-film.json", "first-shot.json", "first-speech.json")


@pytest.fixture(scope="module")
def models() -> WanModels:
    torch.set_num_threads(1)
    return load_models(MODEL, device=torch.device("cpu"))


def test_it_is_found_by_its_name() -> None:
    assert find_model("svi-mini") == MODEL


def test_it_is_at_most_40_megabytes() -> None:
    assert sum(file.stat().st_size for file in MODEL.rglob("*") if file.is_file()) <= 40_000_000


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_can_be_planned_and_have_ten_clips(name: str) -> None:
    assert len(prepare(open_film(resource_path("storyboards", name))).plan.jobs) == 10


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_as_stable_as_the_model_can_make_them(name: str) -> None:
    assert open_film(resource_path("storyboards", name)).storyboard.stability == 1.0


def test_its_own_loras_are_whole_fit_and_were_trained_on_these_weights(models: WanModels) -> None:
    own = find_family_loras(MODEL, models.card)
    assert not own.problems
    parameters = dict(models.transformer.named_parameters())
    for family, file in own.files.items():
        checked_lora(file, parameters)
        card = read_training_card(file)
        assert card is not None
        assert (card.family, card.base_model_hash) == (family, model_hash(MODEL))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_start_from_pictures_of_the_models_own_size(name: str) -> None:
    film = open_film(resource_path("storyboards", name))
    assert {picture_size(film.file(image)) for image in film.storyboard.images()} == {read_card(MODEL).size}


def test_its_autoencoder_gives_the_paper_theatre_back(models: WanModels) -> None:
    assert vae_psnr(models, clips=3, seed=1) > 22


def test_a_clip_of_a_resting_subject_stays_in_its_scene(models: WanModels) -> None:
    script = held_out_script(random.Random(4), "rest")
    frames = film_clip(models, ClipRenderer(models, SHOT), script, seed=0)
    assert frames.shape == (models.card.num_frames, 48, 80, 3)
    assert scene_of(np.asarray(frames[-1]))[0] == script.start.scene


def test_nothing_in_its_folder_can_be_executed() -> None:
    endings = {path.suffix for path in Path(MODEL).rglob("*") if path.is_file()}
    assert endings <= {".json", ".safetensors", ".md", ".png", ".svg"}


def test_its_preview_is_recognisable_by_the_middle_of_the_steps(models: WanModels) -> None:
    sample = half_finished(models, held_out_script(random.Random(3)), seed=7)
    patches = read_preview_map(MODEL, models.vae.config.z_dim)
    assert isinstance(patches, LatentPatches)
    found = likeness(patches, MODEL, [sample])["50%"]
    assert found["map"] > found["colours"] + 2
    assert found["map"] > 22
