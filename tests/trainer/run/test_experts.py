"""A training of Pro for a model of two experts: both LoRAs from one command, the same after any stop."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.torch import load_file

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.drift import read_drift
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingStarted,
)
from svi_studio.domain.training.noise_range import ExpertsRecipe
from svi_studio.domain.training.recipe import DataRecipe, EvaluationRecipe, TrainingRecipe
from svi_studio.project.training.runs import read_run
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.trainer.run.test_session import run, small, videos
from tests.trainer.run.tiny_training import content
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape

pytest.importorskip("av")


def pro(folder: Path, model: Path, **changes: object) -> TrainingRecipe:
    given = {"family": "pro", "experts": ExpertsRecipe(), "data": DataRecipe(motion_frames_probability=0.8, variants=1)}
    return small(folder, model, **given | changes)


@pytest.fixture(scope="session")
def two_experts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_two_experts(tmp_path_factory.mktemp("models") / "two")


@pytest.fixture(scope="session")
def scanned_pairs(tmp_path_factory: pytest.TempPathFactory, two_experts: Path) -> Path:
    """A folder of videos, and a run's folder in which they are scanned for two clips in a row."""
    folder = tmp_path_factory.mktemp("pairs")
    videos(folder / "videos")
    scan(folder / "videos", Shape.of(pro(folder, two_experts)), folder / "run", lambda _event: None)
    return folder


@pytest.fixture
def place(tmp_path: Path, scanned_pairs: Path) -> Path:
    shutil.copytree(scanned_pairs, tmp_path, dirs_exist_ok=True)
    return tmp_path


def steps_of(events: list[TrainingEvent]) -> list[int]:
    return [event.step for event in events if isinstance(event, StepTrained)]


def test_one_command_trains_both_experts(place: Path, two_experts: Path) -> None:
    status, events = run(pro(place, two_experts), place)
    assert status == 0, events
    assert [e.step for e in events if isinstance(e, TrainingStarted)] == [0, 2]
    assert {e.steps for e in events if isinstance(e, TrainingStarted)} == {4}
    assert steps_of(events) == [1, 2, 3, 4]
    assert [e for e in events if isinstance(e, TrainingFinished)] == [
        TrainingFinished(4, place / "run" / "lora" / "small_low_noise.safetensors")
    ]


def test_each_lora_says_whose_it_is(place: Path, two_experts: Path) -> None:
    run(pro(place, two_experts), place)
    for expert in ("high", "low"):
        with safe_open(place / "run" / "lora" / f"small_{expert}_noise.safetensors", "pt") as file:
            card = json.loads(file.metadata()["svi_training_card"])
        assert (card["expert"], card["family"], card["steps"]) == (expert, "pro", 2)


def test_the_experts_learn_different_things(place: Path, two_experts: Path) -> None:
    run(pro(place, two_experts), place)
    high, low = (load_file(place / "run" / "lora" / f"small_{e}_noise.safetensors") for e in ("high", "low"))
    assert high.keys() == low.keys()
    assert any(not high[name].equal(low[name]) for name in high if "lora_B" in name)


def test_a_training_in_parts_is_the_training_in_one(place: Path, two_experts: Path) -> None:
    whole, parts = place / "whole", place / "parts"
    for folder in (whole, parts):
        shutil.copytree(place / "run", folder / "run")
    run(pro(place, two_experts, steps=3), whole)
    shutil.copytree(whole / "run" / "cache", parts / "run" / "cache")
    run(pro(place, two_experts, steps=1), parts)  # both experts, one step each
    status, events = run(pro(place, two_experts, steps=3), parts)
    assert status == 0, events
    assert steps_of(events) == [2, 3, 5, 6]
    for expert in ("high", "low"):
        ends = [content(folder / "run" / expert / "checkpoints" / "00000003") for folder in (whole, parts)]
        assert ends[0] == ends[1]


def test_a_finished_expert_is_not_loaded_again(place: Path, two_experts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(pro(place, two_experts), place)

    def load(*_: object, **__: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr("trainer.run.session.load_for_training", load)
    assert run(pro(place, two_experts), place)[0] == 0


def test_the_window_reads_the_parts_as_one_training(place: Path, two_experts: Path) -> None:
    run(pro(place, two_experts), place)
    found = read_run(place / "run")
    assert (found.step, found.is_done) == (4, True)
    assert sorted(found.checkpoints) == [1, 2, 3, 4]
    assert sorted(file.name for file in found.loras) == ["small_high_noise.safetensors", "small_low_noise.safetensors"]


def test_events_count_through_and_are_logged_once(place: Path, two_experts: Path) -> None:
    _status, events = run(pro(place, two_experts), place)
    assert [e.step for e in events if isinstance(e, CheckpointSaved)] == [1, 2, 3, 4]
    assert [e.step for e in events if isinstance(e, BankFilled)] == [1, 2, 3, 4]
    logged = [json.loads(line) for line in (place / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in logged if line["kind"] == "step_trained"] == [1, 2, 3, 4]


def test_noise_levels_of_both_banks_lie_apart(place: Path, two_experts: Path) -> None:
    _status, events = run(pro(place, two_experts, steps=12, save_every=12), place)
    fills = {event.step: event.fill for event in events if isinstance(event, BankFilled)}
    high, low = fills[12], fills[24]
    assert sum(high[:2]) > 0  # of five grids from noise to picture, sigma 1 and 0.95 on
    assert not any(high[3:])
    assert sum(low[2:]) > sum(high[2:])


def test_a_model_of_one_transformer_is_no_model_of_two(place: Path, tmp_path: Path) -> None:
    model = build_tiny_model(tmp_path / "one", card={"families": ["pro"]})
    _status, events = run(pro(place, model), place)
    assert isinstance(events[-1], TrainingFailed)
    assert "has one transformer, and this recipe trains two experts" in events[-1].sentence


def test_a_model_of_one_transformer_trains_over_all_levels(place: Path, tmp_path: Path) -> None:
    model = build_tiny_model(tmp_path / "one", card={"families": ["pro"]})
    status, events = run(pro(place, model, experts=None), place)
    assert status == 0, events
    assert events[-1] == TrainingFinished(2, place / "run" / "lora" / "small.safetensors")


def test_a_model_of_two_experts_wants_a_recipe_for_two(place: Path, two_experts: Path) -> None:
    status, events = run(pro(place, two_experts, experts=None), place)
    assert status == BadInput.exit_code
    assert isinstance(events[-1], TrainingFailed)
    assert "has two experts, and this recipe trains one transformer" in events[-1].sentence


def test_a_family_that_the_model_does_not_film_is_told_before_the_footage_is_read(place: Path, tmp_path: Path) -> None:
    model = build_tiny_model(tmp_path / "one")
    _status, events = run(pro(place, model, experts=None), place)
    assert isinstance(events[-1], TrainingFailed)
    assert "Pro is for Wan 2.2 I2V A14B" in events[-1].sentence


def test_test_films_film_with_both_experts(place: Path, two_experts: Path) -> None:
    films = EvaluationRecipe(every=2, clips=2)
    status, events = run(pro(place, two_experts, save_every=2, evaluation=films), place)
    assert status == 0, events
    assert not [e.sentence for e in events if isinstance(e, SampleFailed)]
    ready = [e for e in events if isinstance(e, SampleReady)]
    assert [e.step for e in ready] == [2, 4]
    first, second = (read_drift((e.folder / "drift.json").read_bytes()) for e in ready)
    assert first.arm("base") == second.arm("base")  # filmed once
    assert all(len(film.clips) == 2 for arm in second.arms for film in arm.films)
    assert all("seam" in film.clips[1] for arm in second.arms for film in arm.films)


def test_the_first_experts_file_is_written_again_where_it_is_gone(place: Path, two_experts: Path) -> None:
    run(pro(place, two_experts), place)
    high = place / "run" / "lora" / "small_high_noise.safetensors"
    before = load_file(high)
    high.unlink()
    assert run(pro(place, two_experts), place)[0] == 0
    assert all(before[name].equal(tensor) for name, tensor in load_file(high).items())
