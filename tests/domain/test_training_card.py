"""The card of a trained LoRA survives its file, and tells nobody where the trainer's folders are."""

import json
from datetime import date

import pytest
from pydantic import ValidationError

from svi_studio.domain.training.card import TrainingCard, card_sentence, shareable_recipe
from svi_studio.domain.training.recipe import EvaluationRecipe, LoraRecipe, TrainingRecipe

CARD = TrainingCard(
    name="harbour", family="film", base_model="svi-mini", base_model_hash="a" * 64, steps=1500, clips=1, rank=32,
    alpha=32.0, error_recycling=True, made_on=date(2026, 5, 6), program_version="0.1.0",
)  # fmt: skip


def test_a_card_comes_back_from_json_as_it_was() -> None:
    assert TrainingCard.model_validate_json(CARD.model_dump_json()) == CARD


def test_people_read_it_in_one_sentence() -> None:
    assert card_sentence(CARD) == (
        "A Film LoRA for svi-mini, trained with error recycling for 1,500 steps on 1 clip; rank 32, made on 2026-05-06."
    )


def test_a_card_is_strict() -> None:
    with pytest.raises(ValidationError):
        TrainingCard.model_validate_json(CARD.model_dump_json().replace('"steps":1500', '"steps":-1'))


@pytest.mark.parametrize("folder", ["/home/ann/secret", r"C:\Users\ann\secret"])
def test_a_shared_recipe_names_no_folders(folder: str) -> None:
    recipe = TrainingRecipe(
        name="harbour", num_frames=21, width=80, height=48, fps=12.0, steps=10, footage=f"{folder}/harbour",
        model=f"{folder}/svi-mini", lora=LoraRecipe(start_from=f"{folder}/first.safetensors"),
        evaluation=EvaluationRecipe(storyboards=(f"{folder}/film.json",)),
    )  # fmt: skip
    shared = shareable_recipe(recipe)
    assert "secret" not in json.dumps(shared)
    assert (shared["footage"], shared["lora"]["start_from"]) == ("harbour", "first.safetensors")
    assert TrainingRecipe.model_validate_json(json.dumps(shared)).steps == 10


def test_a_card_says_whose_expert_it_is_and_where_errors_came_from() -> None:
    card = CARD.model_copy(update={"family": "pro", "expert": "high", "errors_from": "degraded"})
    assert TrainingCard.model_validate_json(card.model_dump_json()) == card
    assert card_sentence(card).startswith(
        "A Pro LoRA for svi-mini (high-noise expert), trained with errors made by hand for 1,500 steps"
    )
    assert "expert" not in CARD.model_dump_json()
