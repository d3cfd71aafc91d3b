"""The models that ship with the program: whole, small, and able to make their first film."""

import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
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

MINI = "1ebebbd29e88707f3e1afb8a26f65f74c7324471b81bf61d373d72d60f4fb6df"
"""The content of svi-mini."""
BUNDLED = ("svi-mini", NEW_FILM_MODEL)
EXPERTS = resource_path("models", "svi-theatre-experts")
"""svi-theatre as two experts."""
EXAMPLES = ("first-film.json", "first-shot.json", "first-speech.json", "first-dance.json", "first-pro.json")


@pytest.fixture(params=BUNDLED)
def folder(request: pytest.FixtureRequest) -> Path:
    return resource_path("models", request.param)


@pytest.fixture
def models(folder: Path) -> WanModels:
    torch.set_num_threads(1)
    return _loaded(folder)


@cache
def _loaded(folder: Path) -> WanModels:
    return load_models(folder, device=torch.device("cpu"))


def test_it_is_found_by_its_name(folder: Path) -> None:
    assert find_model(folder.name) == folder


def test_the_smaller_one_is_as_it_always_was() -> None:
    """Films that were made with it keep it by its content."""
    assert model_hash(resource_path("models", "svi-mini")) == MINI


def test_without_its_loras_it_is_at_most_40_mebibytes(folder: Path) -> None:
    files = (file for file in folder.rglob("*") if file.is_file() and file.parent.name != "loras")
    assert sum(file.stat().st_size for file in files) <= 40 << 20


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_can_be_planned_and_have_ten_clips(name: str) -> None:
    assert len(prepare(open_film(resource_path("storyboards", name))).plan.jobs) == 10


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_as_stable_as_the_model_can_make_them(name: str) -> None:
    assert open_film(resource_path("storyboards", name)).storyboard.stability == 1.0


def test_its_own_loras_are_whole_fit_and_were_trained_on_these_weights(folder: Path, models: WanModels) -> None:
    own = find_family_loras(folder, models.card)
    assert not own.problems
    parameters = dict(models.transformer.named_parameters())
    for name, file in own.files.items():
        checked_lora(file, parameters)
        card = read_training_card(file)
        assert card is not None
        assert (card.family, card.base_model_hash) == (name, model_hash(folder))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_start_from_pictures_of_the_models_own_size(name: str) -> None:
    film = open_film(resource_path("storyboards", name))
    card = read_card(find_model(film.storyboard.model))
    assert {picture_size(film.file(image)) for image in film.storyboard.images()} == {card.size}


def test_its_autoencoder_gives_the_paper_theatre_back(models: WanModels) -> None:
    assert vae_psnr(models, clips=3, seed=1) > 22


def test_a_clip_of_a_resting_subject_stays_in_its_scene(models: WanModels) -> None:
    script = held_out_script(random.Random(4), "rest")
    frames = film_clip(models, ClipRenderer(models, SHOT), script, seed=0)
    assert frames.shape == (models.card.num_frames, models.card.height, models.card.width, 3)
    assert scene_of(np.asarray(frames[-1]))[0] == script.start.scene


def test_nothing_in_its_folder_can_be_executed(folder: Path) -> None:
    endings = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert endings <= {".json", ".safetensors", ".md", ".png", ".svg"}


def test_its_preview_is_recognisable_by_the_middle_of_the_steps(folder: Path, models: WanModels) -> None:
    sample = half_finished(models, held_out_script(random.Random(3)), seed=7)
    patches = read_preview_map(folder, models.vae.config.z_dim)
    assert isinstance(patches, LatentPatches)
    found = likeness(patches, folder, [sample])["50%"]
    assert found["map"] > found["colours"] + 2
    assert found["map"] > 22


@cache
def _experts() -> WanModels:
    torch.set_num_threads(1)
    return load_models(EXPERTS, device=torch.device("cpu"))


def test_the_experts_are_found_and_share_the_autoencoder_and_the_words_of_the_model_that_they_were() -> None:
    assert find_model(EXPERTS.name) == EXPERTS
    theatre = resource_path("models", NEW_FILM_MODEL)
    for part in ("vae", "text_encoder", "tokenizer"):
        for file in (theatre / part).iterdir():
            assert (EXPERTS / part / file.name).read_bytes() == file.read_bytes()


def test_the_experts_folder_is_at_most_56_mebibytes_and_nothing_in_it_can_be_executed() -> None:
    files = [file for file in EXPERTS.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= 56 << 20
    assert {file.suffix for file in files} <= {".json", ".safetensors", ".md", ".png"}


def test_the_experts_learned_apart() -> None:
    experts = _experts().experts
    assert experts is not None
    high, low = (experts.get(which).state_dict() for which in ("high", "low"))
    assert high.keys() == low.keys()
    changed = [name for name, value in high.items() if not torch.equal(value, low[name])]
    assert len(changed) > 0.9 * len(high)


def test_both_experts_make_a_clip_that_stays_in_its_scene() -> None:
    models, script = _experts(), held_out_script(random.Random(4), "rest")
    frames = film_clip(models, ClipRenderer(models, family("pro")), script, seed=0)
    assert frames.shape == (models.card.num_frames, models.card.height, models.card.width, 3)
    assert scene_of(np.asarray(frames[-1]))[0] == script.start.scene
