"""The validation loss is the same whenever nothing was learned, and leaves no trace in the training."""

from pathlib import Path

import pytest
import torch

from svi_studio.domain.training.events import StepTrained, Validated
from svi_studio.domain.training.noise_range import ALL_NOISE, NoiseRange
from tests.trainer.dataset.small_data import dataset, silent
from tests.trainer.run.tiny_training import SeededBatches, TinyNetwork, Training, content
from trainer.evaluation.validation import VALIDATED_CLIPS, VALIDATED_LEVELS, Validation, prepare_validation
from trainer.run.loop import Hooks

CPU = torch.device("cpu")


def validation(clips: int = 2) -> Validation:
    batches = SeededBatches()
    return Validation(tuple(batches.next() for _ in range(clips)), ALL_NOISE)


def newest(training: Training) -> Path:
    return max(path for path in training.folder.checkpoints.iterdir() if path.name.isdigit())


def test_the_same_network_has_the_same_loss_every_time() -> None:
    network = TinyNetwork()
    first, again = (validation().loss(network, network, CPU) for _ in range(2))
    assert first == again
    network.up.data += 0.1
    assert validation().loss(network, network, CPU) != first


def test_a_perfect_prediction_has_no_loss() -> None:
    network, each = TinyNetwork(), validation(1)
    clean = each.batches[0].latents

    def knows(noisy: torch.Tensor, _y: torch.Tensor, sigma: torch.Tensor, _batch: object) -> torch.Tensor:
        return (noisy - clean) / sigma.view(-1, 1, 1, 1, 1)

    assert each.loss(knows, network, CPU) == pytest.approx(0, abs=1e-8)


def test_levels_lie_within_those_that_are_learned() -> None:
    high = Validation(validation().batches, NoiseRange(lowest=0.9, highest=1.0))
    assert len(high.levels) == VALIDATED_LEVELS
    assert all(0.9 <= high.schedule.sigmas[level].item() <= 1.0 for level in high.levels)


def test_a_training_with_it_is_the_training_without_it_bit_for_bit(tmp_path: Path) -> None:
    plain = Training(tmp_path / "plain").run()
    watched = Training(tmp_path / "watched", hooks=Hooks(validation=validation())).run()
    assert content(newest(watched)) == content(newest(plain))
    losses = [[event.loss for event in each.of_kind(StepTrained)] for each in (plain, watched)]
    assert losses[0] == losses[1]


def test_it_is_measured_before_the_first_step_and_with_every_checkpoint(tmp_path: Path) -> None:
    training = Training(tmp_path, hooks=Hooks(validation=validation())).run()
    found = training.of_kind(Validated)
    assert [event.step for event in found] == [0, 2, 4, 6]
    assert {(event.clips, event.levels) for event in found} == {(2, VALIDATED_LEVELS)}
    assert len({event.loss for event in found}) == 4
    assert training.folder.log.read_text().count('"validated"') == 4


def test_few_clips_are_encoded_for_it_and_each_is_its_own_batch(tiny_model: Path, tmp_path: Path) -> None:
    made = prepare_validation(dataset(tiny_model, 6, batch_size=3), tmp_path, silent, lambda: False)
    assert made is not None
    assert [len(batch) for batch in made.batches] == [1] * VALIDATED_CLIPS
    assert len(list(tmp_path.glob("clip-*"))) == VALIDATED_CLIPS


def test_without_held_out_clips_there_is_none(tiny_model: Path, tmp_path: Path) -> None:
    assert prepare_validation(dataset(tiny_model, 0), tmp_path, silent, lambda: False) is None
