"""A training recipe: what it refuses, how it reads from a file, and that a written one comes back the same."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.noise_range import ExpertsRecipe, NoiseRange
from svi_studio.domain.training.recipe import ErrorRecycling, EvaluationRecipe, LoraRecipe, TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_from_text, recipe_to_text
from svi_studio.domain.value import with_fields

HERE = Path("recipe.json")
MINI = TrainingRecipe(name="my look", num_frames=21, width=80, height=48, fps=12.0, steps=100)


def test_a_written_recipe_comes_back_the_same() -> None:
    assert recipe_from_text(recipe_to_text(MINI), HERE) == MINI


def test_a_recipe_needs_only_what_has_no_good_default() -> None:
    text = b'{"name": "x", "num_frames": 81, "width": 832, "height": 480, "fps": 16, "steps": 1000}'
    assert recipe_from_text(text, HERE).lora == LoraRecipe(rank=128, alpha=128.0)


def test_the_written_text_holds_every_value() -> None:
    assert b'"clean_update_probability"' in recipe_to_text(MINI)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"num_frames": 20}, "4n + 1"),
        ({"width": 81}, "multiple of 16"),
        ({"fps": float("nan")}, "fps"),
        ({"evaluation": EvaluationRecipe(every=150)}, "multiple of save_every"),
        ({"errors": ErrorRecycling(image_frames=7)}, "at most 6"),
        ({"name": "a/b"}, "a name, not a path"),
        ({"family": "pro", "num_frames": 5}, "above 5"),
        ({"experts": ExpertsRecipe(), "expert": "low"}, "leave noise and expert out"),
        ({"experts": ExpertsRecipe(), "lora": LoraRecipe(start_from="a")}, "high_start_from"),
        ({"experts": ExpertsRecipe(), "noise": NoiseRange(lowest=0.5)}, "leave noise and expert out"),
    ],
)
def test_values_that_do_not_go_together_are_refused(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words.replace("+", r"\+")):
        TrainingRecipe.model_validate(with_fields(MINI, fields).__dict__)


def test_a_layer_named_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most once"):
        LoraRecipe(targets=("q", "q"))


@pytest.mark.parametrize("probability", [-0.1, 1.1])
def test_a_probability_lies_between_0_and_1(probability: float) -> None:
    with pytest.raises(ValidationError):
        ErrorRecycling(latent_probability=probability)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "not JSON at line 1"),
        (b"[]", "one JSON object"),
        (b"\xff{}", "UTF-8"),
        (b'{"name": "x", "name": "y"}', "stands twice"),
        (b'{"fps": NaN}', "NaN is not a number"),
        (b"[" * 5000, "nested too deeply|not JSON"),
        (b'{"name": "x"}', "num_frames"),
        (b'{"schema_version": 99}', "newer version"),
        (b'{"schema_version": "1"}', "whole number"),
        (b'{"schema_version": 1, "surprise": 1}', "recipe.json"),
        (b" " * (2 << 20), "too large"),
    ],
)
def test_a_file_that_is_no_recipe_is_one_sentence(text: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        recipe_from_text(text, HERE)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no training recipe"):
        read_recipe(tmp_path / "recipe.json")


def test_a_folder_is_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no file"):
        read_recipe(tmp_path)


def test_relative_paths_count_from_the_folder_of_the_recipe(tmp_path: Path) -> None:
    fields = {
        "footage": "videos",
        "lora": LoraRecipe(start_from="../old.safetensors"),
        "evaluation": EvaluationRecipe(storyboards=("a.json", "/b.json")),
    }
    (tmp_path / "recipe.json").write_bytes(recipe_to_text(with_fields(MINI, fields)))
    recipe = read_recipe(tmp_path / "recipe.json")
    assert recipe.footage == str(tmp_path / "videos")
    assert recipe.lora.start_from == str(tmp_path / ".." / "old.safetensors")
    assert recipe.evaluation.storyboards == (str(tmp_path / "a.json"), "/b.json")


@pytest.mark.parametrize(("model", "is_path"), [("svi-mini", False), ("./own", True), ("models/own", True)])
def test_a_model_is_a_name_unless_it_is_written_as_a_path(tmp_path: Path, model: str, is_path: bool) -> None:
    (tmp_path / "recipe.json").write_bytes(recipe_to_text(with_fields(MINI, {"model": model})))
    assert read_recipe(tmp_path / "recipe.json").model == (str(tmp_path / model) if is_path else model)


def test_what_names_nothing_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_bytes(recipe_to_text(MINI))
    assert read_recipe(tmp_path / "recipe.json") == MINI


def test_the_first_latent_frame_stands_alone() -> None:
    assert (MINI.latent_frames, with_fields(MINI, {"num_frames": 81}).latent_frames) == (6, 21)


def test_what_a_recipe_had_always_is_all_that_it_says() -> None:
    """Recipes of one transformer and a bank are the same text as ever, and so the same training."""
    text = recipe_to_text(MINI)
    for new in (b"experts", b'"noise"', b'"expert"', b'"source"', b"anchor_probability", b"degraded"):
        assert new not in text


def test_the_parts_of_a_training_of_two_experts() -> None:
    whole = with_fields(MINI, {"family": "pro", "experts": ExpertsRecipe()})
    assert recipe_from_text(recipe_to_text(whole), HERE) == whole
    assert (whole.parts, whole.all_steps) == (("high", "low"), 200)
    high, low = whole.part("high"), whole.part("low")
    assert (high.noise.lowest, high.noise.highest, low.noise.lowest, low.noise.highest) == (0.875, 1.0, 0.0, 0.9)
    assert (high.lora_name, low.lora_name) == ("my look_high_noise", "my look_low_noise")
    assert recipe_from_text(recipe_to_text(low), HERE) == low
    assert (MINI.parts, MINI.all_steps, MINI.lora_name) == ((), 100, "my look")


@pytest.mark.parametrize(("lowest", "highest"), [(0.9, 0.9), (0.9, 0.5), (0.5, 0.505), (-0.1, 1.0), (0.0, 1.1)])
def test_noise_levels_leave_something_to_learn(lowest: float, highest: float) -> None:
    with pytest.raises(ValidationError):
        NoiseRange(lowest=lowest, highest=highest)


def test_errors_come_from_the_bank_or_from_hands() -> None:
    bank, hands = ErrorRecycling(), ErrorRecycling(source="degraded")
    assert (bank.has_bank, bank.degrades, hands.has_bank, hands.degrades) == (True, False, False, True)
    assert not ErrorRecycling(enabled=False, source="degraded").degrades


def test_each_expert_can_go_on_from_a_lora_of_its_own(tmp_path: Path) -> None:
    experts = ExpertsRecipe(high_start_from="high.safetensors", low_start_from="/elsewhere/low.safetensors")
    (tmp_path / "recipe.json").write_bytes(recipe_to_text(with_fields(MINI, {"family": "pro", "experts": experts})))
    read = read_recipe(tmp_path / "recipe.json")
    assert read.part("high").lora.start_from == str(tmp_path / "high.safetensors")
    assert read.part("low").lora.start_from == "/elsewhere/low.safetensors"


def test_few_prompts_are_filmed_from_several_starts_and_pictures_are_starts_of_their_own() -> None:
    def planned(clips: int, boards: int = 0, **fields: Any) -> tuple[int, int]:
        names = tuple(f"{number}.json" for number in range(boards))
        return EvaluationRecipe(storyboards=names, **fields).planned(clips)

    assert planned(0) == planned(40) == (4, 4)
    assert planned(2) == (2, 2)
    assert planned(40, prompts=("A boat.",)) == planned(0, prompts=("A boat.",)) == (4, 4)
    assert planned(3, prompts=("A boat.",)) == (3, 3)
    assert planned(3, prompts=("A boat.",) * 6) == (6, 3)
    assert planned(40, prompts=("A boat.",) * 3, pictures=("a.png",)) == (3, 1)
    assert planned(40, boards=3) == (3, 3)
    assert planned(40, boards=3, prompts=("A boat.",)) == (4, 4)
    assert planned(40, boards=5, prompts=("A boat.",)) == (6, 6)
