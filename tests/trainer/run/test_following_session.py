"""Talk and Dance from videos to a LoRA with test films, by the command that people and the window use."""

import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.drift import read_drift
from svi_studio.domain.training.events import SampleFailed, SampleReady, TrainingFailed, TrainingFinished
from svi_studio.domain.training.recipe import EvaluationRecipe, MemoryRecipe, TrainingRecipe
from svi_studio.media.poses.skeleton_file import write_skeleton
from tests.builders.tiny_inputs import dancer, write_babble
from tests.builders.videos import scene, write_video
from tests.trainer.run.test_session import run, small
from tests.trainer.run.tiny_training import content

pytest.importorskip("av")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Three videos of a moving disc, each with a sound and a skeleton beside it."""
    (tmp_path / "videos").mkdir()
    for number in range(3):
        write_video(tmp_path / "videos" / f"{number}.mp4", scene(number, 20), fps=8)
        write_babble(tmp_path / "videos" / f"{number}.wav", 2.5, seed=number)
        write_skeleton(tmp_path / "videos" / f"{number}.npz", dancer(20))
    return tmp_path


def following(place: Path, model: Path, family: str, **changes: object) -> TrainingRecipe:
    size = {"width": 32, "height": 48} if family == "dance" else {}
    evaluation = EvaluationRecipe(clips=2, every=2)
    return small(place, model, family=family, purpose=family, evaluation=evaluation, **size, **changes)


@pytest.mark.parametrize("family", [pytest.param("talk", marks=pytest.mark.slow), "dance"])
def test_footage_becomes_a_lora_with_test_films(
    place: Path, following_model: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    monkeypatch.setattr("trainer.evaluation.known_measures.finding_missing", lambda: "No networks here.")
    status, events = run(following(place, following_model, family), place)
    assert status == 0, events
    assert isinstance(events[-1], TrainingFinished)
    assert not [event for event in events if isinstance(event, SampleFailed)]
    (sample,) = [event for event in events if isinstance(event, SampleReady)]
    report = read_drift((sample.folder / "drift.json").read_bytes())
    assert any("is not measured" in note for note in report.notes)
    saved = load_file(events[-1].lora)
    assert len([name for name in saved if name.startswith("dwpose_embedding.")]) == (14 if family == "dance" else 0)


@pytest.mark.slow
def test_a_dance_in_two_parts_is_the_dance_in_one(place: Path, following_model: Path) -> None:
    whole, parts = place / "whole", place / "parts"
    never = EvaluationRecipe(clips=2, every=0)
    for folder, ends in ((whole, (3,)), (parts, (1, 3))):
        folder.mkdir()
        for steps in ends:
            recipe = following(place, following_model, "dance", steps=steps)
            status, events = run(recipe.model_copy(update={"evaluation": never}), folder)
            assert status == 0, events
    ends = [content(folder / "run" / "checkpoints" / "00000003") for folder in (whole, parts)]
    assert ends[0] == ends[1]


def test_a_model_that_does_not_listen_is_told_before_anything_is_read(place: Path, tiny_model: Path) -> None:
    status, events = run(following(place, tiny_model, "talk"), place)
    assert status != 0 and isinstance(events[-1], TrainingFailed)
    assert "sound" in events[-1].sentence and "tiny-random" in events[-1].sentence
    assert not (place / "run" / "cache").exists() and not (place / "run" / "footage.json").exists()


def test_footage_without_a_sound_is_one_sentence(place: Path, following_model: Path) -> None:
    for path in (place / "videos").glob("*.wav"):
        path.unlink()
    status, events = run(following(place, following_model, "talk"), place)
    assert status == BadInput.exit_code and isinstance(events[-1], TrainingFailed)
    assert "sound" in events[-1].sentence


@pytest.mark.slow
def test_a_float8_talk_on_small_memory(place: Path, following_model: Path) -> None:
    memory = MemoryRecipe(base_precision="float8", gradient_checkpointing=True, offload_checkpoints=True)
    shutil.rmtree(place / "run", ignore_errors=True)
    status, events = run(following(place, following_model, "talk", memory=memory, steps=1), place)
    assert status == 0, events
