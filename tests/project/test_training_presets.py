"""The presets that ship: all can be used, and they are the authors' numbers where they say so."""

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.training.recipe import Purpose
from svi_studio.project.training.presets import training_preset, training_presets
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card
from trainer.proof.arms import ERFT, Sizes, main_arms
from trainer.proof.theatre.arms import FAMILIES as THEATRE_FAMILIES
from trainer.proof.theatre.arms import Sizes as TheatreSizes
from trainer.proof.theatre.arms import recipe as theatre_recipe

NAMES = tuple(training_presets())
BUNDLED = {"svi-mini": 12.0, "svi-theatre": 24.0, "svi-theatre-experts": 24.0}
PAPER = [name for name in NAMES if name.endswith("-paper")]
SCRIPT = [name for name in NAMES if name.endswith("-script")]


def presets_for(purpose: Purpose) -> tuple[str, ...]:
    """Short names of the presets for ``purpose``; each one before the smaller preset that it names."""
    names = [name for name, recipe in training_presets().items() if recipe.purpose == purpose]
    return tuple(sorted(names, key=lambda name: -len(_smaller_ones(name))))


def _smaller_ones(name: str) -> tuple[str, ...]:
    """The presets that are offered one after the other when the memory does not suffice."""
    chain: list[str] = []
    smaller = training_presets()[name].smaller_preset
    while smaller is not None and smaller not in chain:
        chain.append(smaller)
        smaller = training_presets()[smaller].smaller_preset
    return tuple(chain)


@pytest.mark.parametrize("family", ["shot", "film", "talk", "dance"])
def test_every_family_has_the_papers_recipe_and_the_authors_script(family: str) -> None:
    assert {f"{family}-paper", f"{family}-script"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_whom_it_follows(name: str) -> None:
    assert training_preset(name).follows


@pytest.mark.parametrize("name", NAMES)
def test_the_smaller_preset_exists_and_is_of_the_same_family(name: str) -> None:
    preset = training_preset(name)
    if preset.smaller_preset is not None:
        smaller = training_preset(preset.smaller_preset)
        assert (smaller.family, smaller.purpose) == (preset.family, preset.purpose)
        assert smaller.lora.rank < preset.lora.rank


@pytest.mark.parametrize("name", NAMES)
def test_the_rate_is_the_familys_own_or_the_bundled_models(name: str) -> None:
    preset = training_preset(name)
    assert preset.fps == BUNDLED.get(preset.model, FAMILIES[preset.family].fps)


@pytest.mark.parametrize("name", PAPER)
def test_the_papers_presets_have_the_numbers_of_its_table_9(name: str) -> None:
    preset = training_preset(name)
    lora, errors = preset.lora, preset.errors
    assert (preset.optimizer.learning_rate, preset.optimizer.max_grad_norm) == (2e-5, 1.0)
    assert (lora.rank, lora.alpha, lora.targets) == (128, 128.0, ("q", "k", "v", "o", "ffn.0", "ffn.2"))
    assert (errors.noise_probability, errors.latent_probability, errors.image_probability) == (0.01, 0.9, 0.9)
    assert (errors.clean_probability, errors.warmup_steps, errors.grids, errors.capacity) == (0.5, 20, 50, 500)


@pytest.mark.parametrize("name", SCRIPT)
def test_the_scripts_presets_have_the_numbers_of_the_authors_scripts(name: str) -> None:
    preset = training_preset(name)
    assert preset.optimizer.learning_rate == 1e-4
    assert preset.errors.clean_probability == (0.5 if preset.family == "film" else 0.2)
    assert preset.errors.image_frames == (1 if preset.family == "dance" else 3)
    assert preset.errors.warmup_steps == 50
    assert preset.save_every == 100


@pytest.mark.parametrize("name", ["film-mini", "shot-mini", "style-mini"])
def test_the_bundled_models_presets_learn_as_the_proof_does(name: str) -> None:
    preset, proof = training_preset(name), main_arms("film", Sizes())[2].recipe
    assert proof
    assert (preset.optimizer, preset.lora, preset.errors.capacity) == (
        proof.optimizer,
        proof.lora,
        proof.errors.capacity,
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("-theatre")])
def test_those_of_the_larger_bundled_model_make_its_clips_and_learn_as_its_proof_does(name: str) -> None:
    preset, card = training_preset(name), read_card(find_model("svi-theatre"))
    assert (preset.num_frames, preset.width, preset.height, preset.fps) == (41, *card.size, card.fps)  # type: ignore[misc]
    assert preset.family in card.families
    if preset.family in THEATRE_FAMILIES:
        proof = theatre_recipe(preset.family, ERFT, TheatreSizes())
        assert (preset.optimizer, preset.lora) == (proof.optimizer, proof.lora)
        assert (preset.errors.capacity, preset.errors.image_frames) == (
            proof.errors.capacity,
            proof.errors.image_frames,
        )


def test_films_motion_frames_are_shown_as_often_as_paper_and_script_say() -> None:
    probabilities = [training_preset(name).data.motion_frames_probability for name in ("film-paper", "film-script")]
    assert probabilities == [0.95, 0.9]


def test_a_style_has_no_error_recycling() -> None:
    assert not any(training_preset(name).errors.enabled for name in presets_for("style"))


def test_the_presets_of_a_purpose_begin_with_the_largest() -> None:
    assert presets_for("story") == ("film-paper", "film-script", "film-48gb", "film-24gb", "film-mini", "film-theatre")


def test_an_unknown_preset_is_answered_with_those_that_exist() -> None:
    with pytest.raises(BadInput, match="film-24gb"):
        training_preset("film-8gb")
