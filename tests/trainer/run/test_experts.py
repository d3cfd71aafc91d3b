"""A training of Pro for a model of two experts: both LoRAs from one command, the same after any stop."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    TrainingChanged,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingStarted,
)
from svi_studio.domain.training.noise_range import ExpertsRecipe
from svi_studio.domain.training.recipe import DataRecipe, EvaluationRecipe, TrainingRecipe
from svi_studio.project.training.runs import read_log, read_run
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.trainer.run.test_session import run, small, videos
from tests.trainer.run.tiny_training import content
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape
from trainer.run.commands.evaluate_run import evaluate_run

pytest.importorskip("av")


FILMS = EvaluationRecipe(every=2, clips=2)


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


@dataclass(frozen=True)
class Trained:
    """Two steps of each expert, with test films, in the folder `run`."""

    place: Path
    status: int
    events: list[TrainingEvent]

    @property
    def run(self) -> Path:
        return self.place / "run"

    def of(self, kind: type[TrainingEvent]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, scanned_pairs: Path, two_experts: Path) -> Trained:
    place = tmp_path_factory.mktemp("trained")
    shutil.copytree(scanned_pairs, place, dirs_exist_ok=True)
    return Trained(place, *run(pro(place, two_experts, evaluation=FILMS), place))


@pytest.fixture
def place(tmp_path: Path, scanned_pairs: Path) -> Path:
    shutil.copytree(scanned_pairs, tmp_path, dirs_exist_ok=True)
    return tmp_path


def steps_of(events: list[TrainingEvent]) -> list[int]:
    return [event.step for event in events if isinstance(event, StepTrained)]


def test_one_command_trains_both_experts(trained: Trained) -> None:
    assert trained.status == 0, trained.events
    assert [(event.step, event.steps) for event in trained.of(TrainingStarted)] == [(0, 4), (2, 4)]
    assert steps_of(trained.events) == [1, 2, 3, 4]
    high, low = (trained.run / "lora" / f"small_{expert}_noise.safetensors" for expert in ("high", "low"))
    assert trained.of(TrainingFinished) == [TrainingFinished(4, low, first=high)]


def test_each_lora_says_whose_it_is(trained: Trained) -> None:
    for expert in ("high", "low"):
        with safe_open(trained.run / "lora" / f"small_{expert}_noise.safetensors", "pt") as file:
            card = json.loads(file.metadata()["svi_training_card"])
        assert (card["expert"], card["family"], card["steps"]) == (expert, "pro", 2)


def test_the_experts_learn_different_things(trained: Trained) -> None:
    high, low = (load_file(trained.run / "lora" / f"small_{e}_noise.safetensors") for e in ("high", "low"))
    assert high.keys() == low.keys()
    assert any(not high[name].equal(low[name]) for name in high if "lora_B" in name)


def test_the_window_reads_the_parts_as_one_training(trained: Trained) -> None:
    found = read_run(trained.run)
    assert (found.step, found.is_done) == (4, True)
    assert sorted(found.checkpoints) == [1, 2, 3, 4]
    assert sorted(found.samples) == [2, 4]
    assert sorted(file.name for file in found.loras) == ["small_high_noise.safetensors", "small_low_noise.safetensors"]


def test_events_count_through_and_are_logged_once(trained: Trained) -> None:
    assert [event.step for event in trained.of(CheckpointSaved)] == [1, 2, 3, 4]
    assert [event.step for event in trained.of(BankFilled)] == [1, 2, 3, 4]
    logged = [json.loads(line) for line in (trained.run / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in logged if line["kind"] == "step_trained"] == [1, 2, 3, 4]


def test_test_films_film_with_both_experts(trained: Trained) -> None:
    assert not [event.sentence for event in trained.of(SampleFailed)]
    ready = trained.of(SampleReady)
    assert [event.step for event in ready] == [2, 4]
    first, second = (read_drift((event.folder / "drift.json").read_bytes()) for event in ready)
    assert first.arm("base") == second.arm("base")  # filmed once
    assert first.arm("lora") != second.arm("lora")
    assert all("seam" in film.clips[1] for arm in second.arms for film in arm.films)


def test_checkpoints_can_be_filmed_afterwards(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained.place, tmp_path, dirs_exist_ok=True)
    before = (trained.run / "low" / "samples" / "00000002" / "drift.json").read_bytes()
    shutil.rmtree(tmp_path / "run" / "low" / "samples")
    ((step, folder),) = evaluate_run(tmp_path / "run", step=4, device="cpu")
    assert (step, folder) == (4, tmp_path / "run" / "low" / "samples" / "00000002")
    assert read_drift((folder / "drift.json").read_bytes()).arms == read_drift(before).arms


def test_a_training_in_parts_is_the_training_in_one(place: Path, two_experts: Path, trained: Trained) -> None:
    shutil.copytree(trained.run / "cache", place / "run" / "cache")  # encoding again would show nothing new
    run(pro(place, two_experts, steps=1), place)  # both experts, one step each
    status, events = run(pro(place, two_experts), place)
    assert status == 0, events
    assert steps_of(events) == [2, 4]
    for expert in ("high", "low"):
        ends = [content(folder / expert / "checkpoints" / "00000002") for folder in (trained.run, place / "run")]
        assert ends[0] == ends[1]


def test_a_finished_expert_is_not_loaded_again(
    trained: Trained, two_experts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trained.place, tmp_path, dirs_exist_ok=True)

    def load(*_: object, **__: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr("trainer.run.session.load_for_training", load)
    assert run(pro(trained.place, two_experts, evaluation=FILMS), tmp_path)[0] == 0


def test_the_first_experts_file_is_written_again_where_it_is_gone(
    trained: Trained, two_experts: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained.place, tmp_path, dirs_exist_ok=True)
    high = tmp_path / "run" / "lora" / "small_high_noise.safetensors"
    before = load_file(high)
    high.unlink()
    assert run(pro(trained.place, two_experts, evaluation=FILMS), tmp_path)[0] == 0
    assert all(before[name].equal(tensor) for name, tensor in load_file(high).items())


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


def test_both_experts_go_on_for_more_steps_to_where_longer_trainings_are(place: Path, two_experts: Path) -> None:
    whole, parts = place / "whole", place / "parts"
    for folder in (whole, parts):
        shutil.copytree(place / "run", folder / "run")
    assert run(pro(place, two_experts, steps=2), whole)[0] == 0
    shutil.copytree(whole / "run" / "cache", parts / "run" / "cache")
    assert run(pro(place, two_experts, steps=1), parts)[0] == 0
    status, events = run(pro(place, two_experts, steps=2), parts)
    assert status == 0, events
    assert steps_of(events) == [2, 4]
    assert [each.changes for each in events if isinstance(each, TrainingChanged)] == [(("steps", "1", "2"),)]
    logged = [each.event for each in read_log(parts / "run")]
    assert steps_of(logged) == [1, 2, 3, 4]
    for expert in ("high", "low"):
        ends = [folder / "run" / expert / "checkpoints" / "00000002" for folder in (whole, parts)]
        assert content(ends[0]) == content(ends[1])
