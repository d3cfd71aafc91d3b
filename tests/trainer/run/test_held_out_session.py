"""A whole training with clips held out and a control: what is never trained on, what is measured, and the verdict."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors import safe_open

from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.domain.training.drift import read_drift
from svi_studio.domain.training.events import (
    PreparationStage,
    Preparing,
    StepTrained,
    TrainingEvent,
    TrainingFinished,
    TrainingStarted,
    Validated,
)
from svi_studio.domain.training.footage import used_clips
from svi_studio.domain.training.held_out import read_held_out
from svi_studio.domain.training.recipe import DataRecipe, EvaluationRecipe, TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage
from svi_studio.project.training.runs import read_run
from tests.trainer.evaluation.small_films import quick_model
from tests.trainer.run.test_session import run, small, videos
from trainer.dataset.held_out import clip_sets
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape
from trainer.run.commands.evaluate_run import evaluate_run
from trainer.run.commands.terminal import judged

pytest.importorskip("av")


def held_out_recipe(folder: Path, model: Path) -> TrainingRecipe:
    data = DataRecipe(variants=1, held_out=0.5)
    films = EvaluationRecipe(every=2, clips=1, control=True)
    return small(folder, model, data=data, evaluation=films, save_every=2, name="held")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainingRecipe, list[TrainingEvent]]:
    place = tmp_path_factory.mktemp("held")
    model = quick_model(tmp_path_factory.mktemp("models"))
    videos(place / "videos")
    recipe = held_out_recipe(place, model)
    scan(place / "videos", Shape.of(recipe), place / "run", lambda _event: None)
    status, events = run(recipe, place)
    assert status == 0, events
    return place, recipe, events


Trained = tuple[Path, TrainingRecipe, list[TrainingEvent]]


def test_held_out_clips_are_not_learned_from(trained: Trained) -> None:
    place, recipe, events = trained
    footage = read_footage(place / "run")
    kept = read_held_out((place / "run" / "held_out.json").read_bytes())
    sets = clip_sets(footage, recipe, place / "run")
    assert len(sets.held_out) == len(kept.held_out) == 1
    assert len(sets.learned) == len(kept.trained) == len(used_clips(footage)) - 1
    assert not {clip.content for clip in sets.learned} & {clip.content for clip in sets.held_out}
    assert sets.shown == sets.held_out
    started = next(event for event in events if isinstance(event, TrainingStarted))
    assert started.clips == len(sets.learned)


def test_they_are_measured_at_the_start_and_with_the_checkpoint(trained: Trained) -> None:
    assert [(each.step, each.clips) for each in trained[2] if isinstance(each, Validated)] == [(0, 1), (2, 1)]


def test_the_control_is_told_as_a_preparation_and_films_are_three_arms(trained: Trained) -> None:
    place, _recipe, events = trained
    told = [each for each in events if isinstance(each, Preparing) and each.stage is PreparationStage.CONTROL]
    assert [(each.done, each.total) for each in told] == [(1, 2), (2, 2)]
    assert [each.step for each in events if isinstance(each, StepTrained)] == [1, 2]
    report = read_drift((place / "run" / "samples" / "00000002" / "drift.json").read_bytes())
    assert [arm.name for arm in report.arms] == ["base", "lora", "control"]
    assert report.arms[1].films[0].clips != report.arms[2].films[0].clips


def test_the_verdict_is_in_the_list_the_card_and_the_terminal(trained: Trained) -> None:
    place, _recipe, events = trained
    found = read_run(place / "run").verdicts
    assert [each.against for each in found] == ["base", "control"]
    assert found[0].sentence.startswith("Too few films to tell")
    done = events[-1]
    assert isinstance(done, TrainingFinished)
    assert done.lora.name == "held.safetensors"
    assert [file.name for file in done.lora.parent.iterdir()] == ["held.safetensors"]
    with safe_open(done.lora, "pt") as file:
        card = json.loads(file.metadata()[CARD_METADATA])
    assert card["verdict"].startswith(found[0].sentence)
    assert card["error_recycling"]
    assert judged(place / "run" / "samples" / "00000002")[0].strip() == found[0].sentence


def test_what_is_done_is_not_done_again(trained: Trained) -> None:
    place, recipe, _events = trained
    status, events = run(recipe, place)
    assert status == 0
    assert not [each for each in events if isinstance(each, StepTrained)]
    assert not [each for each in events if isinstance(each, Preparing) and each.stage is PreparationStage.CONTROL]


def test_films_on_demand_give_the_lora_its_verdict(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained[0] / "run", tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "samples")
    recipe_file = tmp_path / "run" / "recipe.json"
    recipe = read_recipe(recipe_file)
    changed = {"keep_loras": True, "lora": with_fields(recipe.lora, {"names": "comfyui"})}
    recipe_file.write_bytes(recipe_to_text(with_fields(recipe, changed)))
    (tmp_path / "run" / "lora" / "held.safetensors").unlink()
    ((step, folder),) = evaluate_run(tmp_path / "run", step=None, newest=True, device="cpu")
    assert (step, folder.name) == (2, "00000002")
    with safe_open(tmp_path / "run" / "lora" / "held.safetensors", "pt") as file:
        assert "Too few films to tell" in file.metadata()[CARD_METADATA]
        assert all(name.startswith("diffusion_model.") for name in file.keys()), "the recipe's names"  # noqa: SIM118
    assert (tmp_path / "run" / "lora" / "held-00000002.safetensors").is_file(), "all are kept, and so is this one"
    assert '"sample_ready"' in (tmp_path / "run" / "log.jsonl").read_text().splitlines()[-1]
