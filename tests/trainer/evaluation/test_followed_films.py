"""Test films of Talk and Dance: they follow a sound or a skeleton that is fixed with the training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.shape_edits import scaled
from svi_studio.domain.training.drift import BASE, LORA, read_drift
from svi_studio.domain.training.recipe import EvaluationRecipe, LoraRecipe
from svi_studio.media.frames import Frames
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.sounds.sound_store import ready_sound
from svi_studio.weights.model_folder import read_card
from tests.builders.tiny_inputs import dancer, write_tone
from tests.trainer.dataset.small_data import CPU, HEIGHT, NUM_FRAMES, WIDTH, followed_dataset
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.prepare import Dataset
from trainer.evaluation.board_inputs import clip_inputs, film_frames, there_and_back
from trainer.evaluation.boards import TestClip, footage_boards
from trainer.evaluation.test_film import TestFilms
from trainer.lora.adapter import adapter_parameters
from trainer.run.state.run_folder import RunFolder
from trainer.run.transformer.learning_transformer import load_for_training

CLIPS = 2


def data(model: Path, folder: Path, name: str) -> Dataset:
    evaluation = EvaluationRecipe(clips=CLIPS, every=100)
    lora = LoraRecipe(rank=2, alpha=2.0)
    return followed_dataset(model, folder, count=1, family=name, evaluation=evaluation, lora=lora)


def films(dataset: Dataset, run: Path) -> TestFilms:
    return TestFilms(dataset.recipe, dataset.model, RunFolder(run), dataset.clips, device=CPU)


@pytest.mark.parametrize("name", ["talk", "dance"])
def test_base_and_lora_are_filmed_with_what_they_follow(following_model: Path, tmp_path: Path, name: str) -> None:
    dataset = data(following_model, tmp_path, name)
    made = films(dataset, tmp_path / "run")
    made._measures, made._unmeasured = (
        ((lambda _clip, _frames, _anchor: {"sync": 0.5}),),
        ("Something is not measured.",),
    )
    made.prepare()
    transformer = load_for_training(dataset.recipe, following_model, CPU)
    noise = torch.Generator().manual_seed(1)
    for parameter in adapter_parameters(transformer):
        parameter.data = torch.randn(parameter.shape, generator=noise) * 0.05
    folder = made.evaluate(transformer, 100)
    report = read_drift((folder / "drift.json").read_bytes())
    assert [len(arm.films[0].clips) for arm in report.arms] == [CLIPS, CLIPS]
    assert all(clip["sync"] == 0.5 for arm in report.arms for clip in arm.films[0].clips)
    assert "Something is not measured." in report.notes
    assert report.arm(BASE) != report.arm(LORA)


def otherwise(clip: ClipSource, folder: Path) -> ClipSource:
    """The same clip with another sound or another skeleton."""
    sound = clip.sound and replace(clip.sound, file=write_tone(folder / "other.wav", 4.0, level=0.9), content="other")
    skeleton = clip.skeleton and replace(clip.skeleton, fed=lambda: scaled(dancer(NUM_FRAMES), 0.5))
    return replace(clip, sound=sound, skeleton=skeleton)


@pytest.mark.parametrize("name", ["talk", "dance"])
def test_what_a_film_follows_changes_it(following_model: Path, tmp_path: Path, name: str) -> None:
    dataset = data(following_model, tmp_path, name)
    transformer = load_for_training(dataset.recipe, following_model, CPU)
    seen: dict[bool, list[Frames]] = {True: [], False: []}
    for follows in (True, False):
        made = films(dataset, tmp_path / f"run-{follows}")

        def note(_clip: TestClip, frames: Frames, _anchor: Frames, follows: bool = follows) -> dict[str, float]:
            seen[follows].append(frames)
            return {}

        made._measures = (note,)
        if not follows:
            made._clips = [otherwise(clip, tmp_path) for clip in dataset.clips]
        made.prepare()
        made.evaluate(transformer, 100)
    assert not np.array_equal(seen[True][0], seen[False][0])


def boards(dataset: Dataset, folder: Path) -> tuple[TestClip, ...]:
    card = read_card(dataset.model)
    return footage_boards(dataset.recipe, card, dataset.clips, folder)[0].board.clips


def test_the_sound_goes_on_from_clip_to_clip_by_the_films_own_time(following_model: Path, tmp_path: Path) -> None:
    first, second = boards(data(following_model, tmp_path, "talk"), tmp_path / "boards")
    step = NUM_FRAMES - 1
    assert first.inputs[-1].at == 0 and first.inputs[-1].first_frame == 0
    assert (second.inputs[0].at, second.inputs[0].first_frame) == (-2, step - 2)
    frames = film_frames(CLIPS, NUM_FRAMES, family("talk"))
    with ready_sound(tmp_path / "boards" / second.inputs[0].file) as sound:
        assert sound.samples == round(frames * 48_000 / 8.0)


def test_a_sound_that_is_too_short_begins_again(following_model: Path, tmp_path: Path) -> None:
    dataset = data(following_model, tmp_path, "talk")
    inputs = clip_inputs(dataset.clips[0], 8, 1, dataset.recipe, tmp_path / "boards")
    frames = film_frames(8, NUM_FRAMES, family("talk"))
    with ready_sound(tmp_path / "boards" / inputs[0][0].file) as sound, ready_sound(tmp_path / "sound-0.wav") as own:
        assert sound.samples == round(frames * 48_000 / 8.0) > 2 * own.samples
        again = sound.read(own.samples, 4800)
        assert np.abs(again - own.read(0, 4800)).max() < 1e-3


def test_a_skeleton_goes_there_and_back_and_never_jumps(following_model: Path, tmp_path: Path) -> None:
    first, second = boards(data(following_model, tmp_path, "dance"), tmp_path / "boards")
    assert {each.kind for each in (*first.inputs, *second.inputs)} == {InputKind.SKELETON}
    skeleton = read_skeleton(tmp_path / "boards" / first.inputs[0].file)
    assert skeleton.num_frames == film_frames(CLIPS, NUM_FRAMES, family("dance"))
    assert skeleton.width / skeleton.height == pytest.approx(WIDTH / HEIGHT)
    steps = np.abs(np.diff(skeleton.body[..., :2], axis=0)).max(axis=(1, 2))
    own = np.abs(np.diff(there_and_back(skeleton, NUM_FRAMES).body[..., :2], axis=0)).max()
    assert steps.max() <= own + 1e-3


def test_boards_are_the_same_when_the_footage_has_gone(following_model: Path, tmp_path: Path) -> None:
    dataset = data(following_model, tmp_path, "talk")
    made = films(dataset, tmp_path / "run")
    made.prepare()
    before = made._boards()
    (tmp_path / "sound-0.wav").unlink()
    assert [each.board for each in films(dataset, tmp_path / "run")._boards()] == [each.board for each in before]
