"""The loop trains, stops, goes on and ends the same."""

import os
import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

from svi_studio.domain.errors import BadInput, NotFinite, StudioError
from svi_studio.domain.training.events import (
    CheckpointSaved,
    SampleFailed,
    StepTrained,
    TrainingEvent,
    TrainingPaused,
    TrainingStopped,
)
from svi_studio.domain.training.log import from_log_line
from svi_studio.domain.training.recipe import EvaluationRecipe, OptimizerRecipe
from svi_studio.pipes.training_messages import FilmNow
from tests.builders.held_files import is_held, is_mapped, needs_maps
from tests.trainer.run.tiny_training import SeededBatches, Training, content
from trainer.run.loop import Hooks


def last_checkpoint(training: Training) -> Path:
    return max(p for p in training.folder.checkpoints.iterdir() if p.name.isdigit())


def test_the_loss_falls_and_only_the_adapter_learns(tmp_path: Path) -> None:
    training = Training(tmp_path, steps=60, save_every=60)
    base = training.network.base.clone()
    training.run()
    losses = [event.loss for event in training.of_kind(StepTrained)]
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])
    assert training.network.base.equal(base)


@pytest.mark.parametrize("stop_after", [1, 2, 3, 5])
def test_a_stopped_training_goes_on_to_the_very_same_end(tmp_path: Path, stop_after: int) -> None:
    whole = Training(tmp_path / "whole").run()
    first = Training(tmp_path / "parts")

    def stop(event: TrainingEvent) -> None:
        first.events.append(event)
        if isinstance(event, StepTrained) and event.step == stop_after:
            first.control.stop()

    first.loop._tell = stop
    assert first.loop.run() is False
    assert first.events[-1] == TrainingStopped(stop_after)
    second = Training(tmp_path / "parts").run()
    assert content(last_checkpoint(second)) == content(last_checkpoint(whole))


@pytest.mark.parametrize("pause_after", [1, 2, 5])
def test_a_paused_training_goes_on_to_the_very_same_end(tmp_path: Path, pause_after: int) -> None:
    whole = Training(tmp_path / "whole").run()
    first = Training(tmp_path / "parts")

    def pause(event: TrainingEvent) -> None:
        first.events.append(event)
        if isinstance(event, StepTrained) and event.step == pause_after:
            first.control.pause()

    first.loop._tell_front_end = pause
    assert first.loop.run() is False
    assert first.events[-1] == TrainingPaused(pause_after)
    second = Training(tmp_path / "parts").run()
    assert content(last_checkpoint(second)) == content(last_checkpoint(whole))
    logged = [from_log_line(line) for line in second.folder.log.read_bytes().splitlines()]
    assert TrainingPaused(pause_after) in [each.event for each in logged if each is not None]


@needs_maps
def test_a_training_that_goes_on_keeps_no_file_of_its_checkpoint_mapped(tmp_path: Path) -> None:
    Training(tmp_path, steps=2).run()
    training = Training(tmp_path, steps=2)
    training.memory.load = lambda _: None
    training.run()
    assert not is_mapped(training.folder.checkpoints), "Windows could not remove it when it is an old one"


def test_an_old_checkpoint_that_somebody_reads_goes_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink, refused = os.unlink, []

    def unlink_unread(name: str, *, dir_fd: int | None = None) -> None:
        if Path(name).name == "optimizer.safetensors" and not refused:
            refused.append(name)
            raise is_held()
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlink_unread)
    training = Training(tmp_path, keep_checkpoints=1).run()
    assert sorted(p.name for p in training.folder.checkpoints.iterdir()) == ["00000006"]
    assert refused


def test_only_the_newest_checkpoints_are_kept(tmp_path: Path) -> None:
    training = Training(tmp_path, keep_checkpoints=2).run()
    assert [event.step for event in training.of_kind(CheckpointSaved)] == [2, 4, 6]
    assert sorted(p.name for p in training.folder.checkpoints.iterdir()) == ["00000004", "00000006"]


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path) -> None:
    whole = Training(tmp_path / "whole").run()
    damaged = Training(tmp_path / "damaged").run()
    wanted = content(last_checkpoint(whole))
    file = last_checkpoint(damaged) / "optimizer.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))
    again = Training(tmp_path / "damaged").run()
    assert [event.step for event in again.of_kind(StepTrained)] == [5, 6]
    assert content(last_checkpoint(again)) == wanted


def damage(checkpoint: Path) -> None:
    file = checkpoint / "lora.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))


def test_a_damaged_checkpoint_does_not_count_among_those_that_are_kept(tmp_path: Path) -> None:
    folder = Training(tmp_path).run().folder.checkpoints
    damage(folder / "00000006")
    again = Training(tmp_path, keep_checkpoints=1, steps=5).run()
    assert [event.step for event in again.of_kind(StepTrained)] == [5]
    assert [event.step for event in Training(tmp_path, keep_checkpoints=1).run().of_kind(StepTrained)] == [6]


def test_where_every_checkpoint_is_damaged_nothing_is_begun_anew(tmp_path: Path) -> None:
    folder = Training(tmp_path, keep_checkpoints=1).run().folder.checkpoints
    damage(folder / "00000006")
    with pytest.raises(StudioError, match="delete that folder to begin the training anew"):
        Training(tmp_path).run()


def test_a_checkpoint_of_another_model_is_one_sentence(tmp_path: Path) -> None:
    Training(tmp_path).run()
    other = Training(tmp_path)
    other.loop._state.parameters["up"] = nn.Parameter(torch.zeros(2, 5))
    with pytest.raises(BadInput, match="does not fit the model"):
        other.run()


def test_a_copy_of_a_checkpoint_beside_it_harms_nothing(tmp_path: Path) -> None:
    folder = Training(tmp_path).run().folder.checkpoints
    shutil.copytree(folder / "00000006", folder / "00000006 (copy)")
    assert Training(tmp_path, steps=7).run().loop.step == 7


def test_a_loss_that_is_no_number_names_the_clip_and_keeps_the_last_checkpoint(tmp_path: Path) -> None:
    training = Training(tmp_path, batches=SeededBatches(poison=4))
    with pytest.raises(NotFinite, match=r"step 5 is not a number, at the clip clip-4;"):
        training.run()
    assert last_checkpoint(training).name == "00000004"


def test_another_recipe_is_refused_in_the_same_folder(tmp_path: Path) -> None:
    Training(tmp_path).run()
    with pytest.raises(BadInput, match=r"began with another recipe \(seed was 3 and is 4\)"):
        Training(tmp_path, seed=4).run()


def test_the_learning_rate_can_be_lowered_on_the_way(tmp_path: Path) -> None:
    Training(tmp_path, steps=2).run()
    lower = Training(tmp_path, optimizer=OptimizerRecipe(learning_rate=0.001, warmup_steps=1)).run()
    assert [event.learning_rate for event in lower.of_kind(StepTrained)] == [0.001] * 4
    with pytest.raises(BadInput, match=r"\(optimizer\.warmup_steps was 1 and is 2"):
        Training(tmp_path, optimizer=OptimizerRecipe(learning_rate=0.001, warmup_steps=2)).run()


def test_a_step_can_be_cut_into_smaller_batches_on_the_way_but_not_made_smaller(tmp_path: Path) -> None:
    Training(tmp_path, steps=2, batch_size=2).run()
    assert Training(tmp_path, batch_size=1, accumulation=2).run().loop.step == 6
    with pytest.raises(BadInput, match=r"\(batch_size \* accumulation was 2 and is 1"):
        Training(tmp_path, batch_size=1).run()


def test_before_the_first_checkpoint_a_recipe_can_still_be_changed(tmp_path: Path) -> None:
    with pytest.raises(NotFinite):
        Training(tmp_path, batches=SeededBatches(poison=0)).run()
    assert Training(tmp_path, seed=4).run().loop.step == 6


def test_a_finished_training_can_be_given_more_steps(tmp_path: Path) -> None:
    Training(tmp_path).run()
    longer = Training(tmp_path, steps=8).run()
    assert [event.step for event in longer.of_kind(StepTrained)] == [7, 8]


def test_a_kill_between_the_checkpoint_and_its_lora_file_is_made_good(tmp_path: Path) -> None:
    def killed(_path: Path, _step: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Training(tmp_path, steps=2, save_every=2, hooks=Hooks(export=killed)).run()
    exported: list[int] = []
    again = Training(tmp_path, steps=2, hooks=Hooks(export=lambda _path, step: exported.append(step))).run()
    assert exported == [2]
    assert again.of_kind(StepTrained) == []


def test_a_test_film_that_fails_is_told_and_the_training_goes_on(tmp_path: Path) -> None:
    def fail(_step: int) -> Path:
        raise BadInput("The picture is missing.")

    training = Training(tmp_path, steps=4, evaluation=EvaluationRecipe(every=2), hooks=Hooks(evaluate=fail)).run()
    told = [SampleFailed(2, "The picture is missing."), SampleFailed(4, "The picture is missing.")]
    assert training.of_kind(SampleFailed) == told


def test_the_log_forgets_the_steps_that_are_trained_again(tmp_path: Path) -> None:
    first = Training(tmp_path, steps=5, save_every=5)
    first.loop._keeper.save = lambda: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        first.run()
    Training(tmp_path, steps=5).run()
    logged = [from_log_line(line) for line in first.folder.log.read_bytes().splitlines()]
    steps = [each.event.step for each in logged if each is not None and isinstance(each.event, StepTrained)]
    assert steps == [1, 2, 3, 4, 5]


def test_a_film_that_is_asked_for_is_made_of_a_checkpoint_and_the_training_goes_on(tmp_path: Path) -> None:
    filmed: list[int] = []

    def film(step: int) -> Path:
        filmed.append(step)
        return tmp_path / "films"

    asked = Training(tmp_path / "asked", hooks=Hooks(evaluate=film))

    def hear(event: TrainingEvent) -> None:
        asked.events.append(event)
        if isinstance(event, StepTrained) and event.step == 3:
            asked.control.obey(FilmNow())

    asked.loop._tell_front_end = hear
    asked.run()
    assert filmed == [3]
    assert [event.step for event in asked.of_kind(CheckpointSaved)] == [2, 3, 4, 6]
    assert content(last_checkpoint(asked)) == content(last_checkpoint(Training(tmp_path / "plain").run()))
