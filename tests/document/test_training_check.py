"""A training is looked at with its model here, elsewhere in the catalogue, or linked from another program."""

from pathlib import Path

import pytest

from svi_studio.document.training.check_words import (
    basis_words,
    may_start,
    needs,
    remarks,
    rounds_offered,
    swap_offered,
)
from svi_studio.document.training.model_look import model_for, ways_to_get
from svi_studio.document.training.training_check import Checked, Measured, check
from svi_studio.domain.errors import BadWeights
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, WantedMachine, wanted_machine
from svi_studio.domain.value import with_fields
from svi_studio.project.training.presets import training_preset
from tests.builders.linked_models import link_to_comfy
from tests.builders.tiny_models import build_tiny_model, build_two_experts

H200 = wanted_machine("H200", "256")


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder that is empty yet, on a computer without a card."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("SVI_MODELS", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("svi_studio.jobs.hardware._cards", lambda: ((), ""))
    return folder


def looked(recipe: TrainingRecipe, wanted: WantedMachine = H200, measured: Measured | None = None) -> Checked:
    return check(recipe, 300, Path(), measured, wanted)


def sentences(checked: Checked) -> str:
    return " ".join(remark.sentence for remark in remarks(checked, 0))


def test_a_model_that_is_not_here_has_the_sizes_of_the_catalogue_and_cannot_start() -> None:
    checked = looked(training_preset("film-24gb"))
    assert checked.cost is not None
    assert checked.missing is not None
    assert "models fetch wan2.1-i2v-14b-480p" in ways_to_get(checked.missing)
    assert not may_start(checked)
    said = "Missing: the model Wan 2.1 I2V 14B, 480P (about 91.3 GB to download). Get it on the first page"
    assert said in sentences(checked)


def test_what_there_is_to_download_counts_as_disk_where_the_model_is_missing() -> None:
    recipe = training_preset("film-24gb")
    checked = looked(recipe)
    assert checked.cost is not None
    assert {part.name: part.bytes for part in checked.cost.disk}["Model to download"] == pytest.approx(91.3e9, rel=0.01)
    here = looked(training_preset("film-mini")).cost
    assert here is not None
    assert "Model to download" not in {part.name for part in here.disk}


def test_a_download_to_another_disk_takes_nothing_of_this_one(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svi_studio.document.training.training_check._disk_of", hash)
    cost = looked(training_preset("film-24gb"), THIS_COMPUTER).cost
    assert cost is not None
    assert "Model to download" not in {part.name for part in cost.disk}


def test_blocks_in_ordinary_memory_are_offered_for_a_card_that_is_too_small() -> None:
    recipe = training_preset("film-24gb")
    checked = looked(recipe, wanted_machine("16", "64"))
    offered = swap_offered(checked)
    assert f"With {offered} of 40 blocks kept in ordinary memory it needs about 14." in sentences(checked)
    memory = with_fields(recipe.memory, {"swapped_blocks": offered})
    taken = looked(with_fields(recipe, {"memory": memory}), wanted_machine("16", "64"))
    assert (swap_offered(taken), needs(taken)[0].tone, needs(taken)[1].tone) == (0, "ok", "ok")
    assert swap_offered(looked(recipe, wanted_machine("16", "16"))) == 0


def test_the_model_is_looked_for_with_a_way_to_get_it() -> None:
    with pytest.raises(BadWeights, match=r'126\.2 GB to download.*models fetch wan2\.2-i2v-a14b" gets it'):
        model_for(training_preset("pro-24gb"))
    assert model_for(training_preset("film-mini")).name == "svi-mini"
    with pytest.raises(BadWeights, match='no model called "mine"'):
        model_for(with_fields(training_preset("film-24gb"), {"model": "mine"}))


def test_a_model_of_the_same_kind_that_is_here_is_offered(models: Path) -> None:
    build_two_experts(models / "my wan", card={"name": "my wan"})
    checked = looked(training_preset("pro-24gb"))
    assert checked.missing is not None
    assert "--model 'my wan', which is here" in ways_to_get(checked.missing)


def test_the_page_says_which_phase_is_the_largest() -> None:
    card, memory, _, _ = needs(looked(training_preset("film-24gb"), wanted_machine("24", "16")))
    assert card.there.startswith("a card with 24 GB, 24 GB; most while ")
    assert (card.tone, memory.tone) == ("ok", "ok")


@pytest.mark.parametrize("preset", ["film-24gb", "shot-24gb", "talk-24gb", "dance-24gb", "style-24gb", "pro-24gb"])
def test_a_preset_for_24_gb_fits_there_in_every_phase(preset: str) -> None:
    checked = looked(training_preset(preset), wanted_machine("24", "64"))
    assert checked.cost is not None
    assert max(phase.bytes for phase in checked.cost.card_phases) < 0.94 * 24e9


def test_a_recipe_of_eight_cards_offers_as_many_rounds() -> None:
    recipe = training_preset("shot-paper")
    assert rounds_offered(looked(recipe)) == 8
    assert rounds_offered(looked(with_fields(recipe, {"accumulation": 8}))) == 0


@pytest.mark.parametrize("form", ["fp8-2", "Q8_0"])
def test_a_quantised_model_of_comfyui_says_what_becomes_of_it(tmp_path: Path, models: Path, form: str) -> None:
    own = build_tiny_model(tmp_path / "own", attention_head_dim=32, added_kv_proj_dim=64)
    linked = link_to_comfy(own, tmp_path / "comfy", {"transformer": form})
    checked = looked(with_fields(training_preset("film-mini"), {"model": str(linked)}), THIS_COMPUTER)
    assert "which can be trained on: each weight is read back and kept in 32 bits" in sentences(checked)
    assert may_start(checked)


def test_measured_is_said_of_the_same_step_alone() -> None:
    recipe = training_preset("film-mini")
    same = looked(recipe, THIS_COMPUTER, Measured(recipe, 2.0)).cost
    other = looked(recipe, THIS_COMPUTER, Measured(with_fields(recipe, {"batch_size": 8}), 4.0)).cost
    assert same is not None
    assert other is not None
    assert (same.is_measured, same.step_seconds) == (True, pytest.approx(2.0))
    assert (other.is_measured, other.is_scaled, other.step_seconds) == (False, True, pytest.approx(2.0))
    assert basis_words(same) == "steps as measured here, clips and test films a guess"
    assert basis_words(other).startswith("steps worked out from another training here")


def test_test_films_are_measured_where_they_are_the_same() -> None:
    recipe = training_preset("film-mini")
    films = looked(recipe, THIS_COMPUTER, Measured(recipe, 2.0, films=30.0)).cost
    assert films is not None
    assert films.films_are_measured
    assert films.test_films == 30.0 * (1 + recipe.steps // recipe.evaluation.every)
    longer = with_fields(recipe, {"evaluation": with_fields(recipe.evaluation, {"clips": 50})})
    assert not looked(recipe, THIS_COMPUTER, Measured(longer, 2.0, films=30.0)).cost.films_are_measured  # type: ignore[union-attr]


def test_what_was_measured_here_says_nothing_of_another_card() -> None:
    recipe = training_preset("film-mini")
    cost = looked(recipe, H200, Measured(recipe, 2.0, films=30.0)).cost
    assert cost is not None
    assert not (cost.is_measured or cost.is_scaled or cost.films_are_measured)


def test_a_recipe_for_two_experts_with_a_model_of_one_is_one_sentence() -> None:
    for model in ("svi-mini", "Wan2.1-I2V-14B-480P"):
        checked = looked(with_fields(training_preset("pro-24gb"), {"model": model}))
        assert checked.cost is None
        assert checked.problem.startswith("Pro is for Wan 2.2 I2V A14B")


def test_without_a_card_a_large_model_has_no_time() -> None:
    *_, time = needs(looked(training_preset("film-24gb"), THIS_COMPUTER))
    assert (time.needed, time.there) == ("far too long", "without a graphics card")


@pytest.mark.parametrize(("name", "taken"), [("film-mini", 0.13), ("film-theatre", 1.2)])
def test_preparing_clips_for_a_bundled_model_takes_what_an_encode_takes(name: str, taken: float) -> None:
    """``taken``: seconds of one core for one encode, measured; a guess is within the double of it."""
    recipe = training_preset(name)
    cost = looked(recipe, THIS_COMPUTER).cost
    assert cost is not None and cost.encoding is not None
    encodes = (270 * recipe.data.variants + 4) * 3
    assert taken / 2 < cost.encoding / encodes < 2 * taken
