"""Talk and Dance are trained with their sound and their skeleton: what learns, what stays, and what is written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.training.recipe import (
    ErrorRecycling,
    LoraRecipe,
    MemoryRecipe,
    OptimizerRecipe,
)
from svi_studio.domain.value import with_fields
from svi_studio.engine.conditions.sound_windows import sound_windows
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.loading.model_part import load_part
from svi_studio.engine.lora.file import read_lora
from tests.trainer.dataset.small_data import CPU, followed_dataset, silent
from tests.trainer.lora.recipes import CARD
from tests.trainer.run.tiny_training import content
from trainer.dataset.batches import SampleBatches
from trainer.dataset.prepare import Dataset
from trainer.erft.batch import Batch
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.lora.adapter import adapter_state, without_adapter
from trainer.lora.export import export_lora
from trainer.lora.skeleton_part import skeleton_state
from trainer.run.loop import TrainingLoop
from trainer.run.state.run_folder import RunFolder
from trainer.run.transformer.learning_transformer import load_for_training, training_velocity, velocity_for_training

ERRORS = ErrorRecycling(capacity=4, image_frames=1, warmup_steps=2, clean_probability=0.2)
LORA = LoraRecipe(rank=2, alpha=2.0)
LEARNING = OptimizerRecipe(learning_rate=0.01, weight_decay=0.0)
PLAIN = MemoryRecipe(base_precision="float32", gradient_checkpointing=False)
POSE_KEYS = [f"dwpose_embedding.{layer}.{part}" for layer in range(0, 13, 2) for part in ("weight", "bias")]


def data(model: Path, folder: Path, family: str, **fields: Any) -> Dataset:
    given = {"errors": ERRORS, "lora": LORA, "optimizer": LEARNING, "memory": PLAIN, "save_every": 2} | fields
    return followed_dataset(model, folder, family=family, **given)


class Trained:
    """One process's training of ``dataset`` in ``folder``; ``follows`` changes its batches."""

    def __init__(self, dataset: Dataset, folder: Path, follows: Callable[[Batch], Batch] = lambda batch: batch) -> None:
        self.recipe = dataset.recipe
        self.transformer = load_for_training(self.recipe, dataset.model, CPU)
        self.before = {name: value.detach().clone() for name, value in self.transformer.named_parameters()}
        batches = _Changed(dataset.batches(folder.parent / "cache", silent), follows)
        bank = SharedBank.create(self.recipe.errors, folder / "bank", seed=self.recipe.seed)
        step = ErftStep(self.recipe.errors, bank, seed=self.recipe.seed)
        velocity = velocity_for_training(self.recipe, self.transformer)
        run = RunFolder(folder)
        self.loop = TrainingLoop(self.recipe, self.transformer, batches, step, run, velocity=velocity)

    def run(self) -> "Trained":
        assert self.loop.run()
        return self

    def moved(self) -> set[str]:
        """What is another than at the beginning."""
        now = self.transformer.named_parameters()
        return {name for name, value in now if not torch.equal(value, self.before[name])}


class _Changed:
    def __init__(self, batches: SampleBatches, change: Callable[[Batch], Batch]) -> None:
        self._batches, self._change = batches, change
        self.state, self.restore = batches.state, batches.restore

    def next(self) -> Batch:
        return self._change(self._batches.next())


def fixed_loss(dataset: Dataset, transformer: Any, folder: Path) -> float:
    """The loss of the same twelve samples, without errors."""
    batches = dataset.batches(folder, silent)
    step = ErftStep(ERRORS, None, seed=5)
    velocity = training_velocity(transformer)
    with torch.no_grad():
        return sum(float(step.loss(velocity, batches.batch([draw]), step=1)) for draw in range(900, 912)) / 12


@pytest.mark.parametrize("family", ["talk", pytest.param("dance", marks=pytest.mark.slow)])
def test_the_loss_falls(following_model: Path, tmp_path: Path, family: str) -> None:
    dataset = data(following_model, tmp_path, family, steps=60, save_every=60)
    training = Trained(dataset, tmp_path / "run")
    before = fixed_loss(dataset, training.transformer, tmp_path / "cache")
    training.run()
    assert fixed_loss(dataset, training.transformer, tmp_path / "cache") < 0.97 * before


def test_talk_trains_the_lora_and_leaves_what_listens_alone(following_model: Path, tmp_path: Path) -> None:
    moved = Trained(data(following_model, tmp_path, "talk", steps=4), tmp_path / "run").run().moved()
    assert moved and all(".lora_" in name for name in moved)
    assert not any("audio" in name for name in moved)


def test_dance_trains_the_whole_pose_encoder_beside_the_lora(following_model: Path, tmp_path: Path) -> None:
    training = Trained(data(following_model, tmp_path, "dance", steps=6), tmp_path / "run").run()
    moved = training.moved()
    assert {f"skeleton_network.{key}" for key in POSE_KEYS} <= moved
    assert all(".lora_" in name or name.startswith("skeleton_network.") for name in moved)


def test_a_skeleton_that_is_taken_away_teaches_the_pose_encoder_nothing(following_model: Path, tmp_path: Path) -> None:
    def away(batch: Batch) -> Batch:
        return replace(batch, unled=(True,))

    dataset = data(following_model, tmp_path, "dance", steps=3, optimizer=LEARNING)
    training = Trained(dataset, tmp_path / "run", away).run()
    assert not any(name.startswith("skeleton_network.") for name in training.moved())


def test_the_transformer_is_told_what_a_render_tells_it(following_model: Path, tmp_path: Path) -> None:
    dataset = data(following_model, tmp_path, "talk")
    transformer = load_for_training(dataset.recipe, following_model, CPU)
    batch = dataset.batches(tmp_path / "cache", silent).batch([0, 1])
    sigma = torch.tensor([0.7, 0.2])
    noisy = torch.randn(batch.latents.shape, generator=torch.Generator().manual_seed(0))
    assert batch.sound is not None
    alone = [
        predict(
            transformer,
            noisy[k : k + 1],
            sigma[k : k + 1],
            y=batch.y[k : k + 1],
            text=batch.text[k : k + 1],
            tokens=None if batch.picture is None else batch.picture[k : k + 1],
            extra={"sound": transformer.sound_network(*sound_windows(batch.sound[k], 2, 9))},
        )
        for k in range(2)
    ]
    together = training_velocity(transformer)(noisy, batch.y, sigma, batch)
    assert torch.allclose(together, torch.cat(alone), atol=1e-5)
    deaf = replace(batch, sound=torch.zeros_like(batch.sound))
    assert not torch.allclose(training_velocity(transformer)(noisy, batch.y, sigma, deaf), together, atol=1e-3)


@pytest.mark.parametrize("family", ["talk", "dance"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float8"])
def test_every_saving_of_memory_goes_with_sound_and_skeleton(
    following_model: Path, tmp_path: Path, family: str, precision: str
) -> None:
    memory = MemoryRecipe.model_validate(
        {"base_precision": precision, "gradient_checkpointing": True, "offload_checkpoints": True}
    )
    training = Trained(data(following_model, tmp_path, family, steps=2, memory=memory), tmp_path / "run").run()
    assert any(".lora_A" in name for name in training.moved())


@pytest.mark.parametrize("family", ["talk", "dance"])
def test_a_training_in_two_parts_is_the_training_in_one(following_model: Path, tmp_path: Path, family: str) -> None:
    steps = {"whole": (4,), "parts": (2, 4)}
    for name, ends in steps.items():
        for end in ends:
            Trained(data(following_model, tmp_path, family, steps=end), tmp_path / name).run()
    one, other = (content(tmp_path / name / "checkpoints" / "00000004") for name in steps)
    assert one == other


def test_the_file_of_dance_carries_the_pose_encoder_by_the_authors_names(following_model: Path, tmp_path: Path) -> None:
    training = Trained(data(following_model, tmp_path, "dance", steps=3), tmp_path / "run").run()
    path = tmp_path / "dance.safetensors"
    export_lora(path, training.transformer, CARD)
    saved = load_file(path)
    pose = {name for name in saved if not name.startswith("pipe.dit.")}
    assert pose == set(POSE_KEYS)
    assert len(saved) == 40 + 14
    file = read_lora(
        path, [name for name, _ in load_part(following_model, "transformer", CPU, torch.float32).named_parameters()]
    )
    own = skeleton_state(training.transformer)
    assert all(torch.equal(file.pose_encoder[name.removeprefix("dwpose_embedding.")], own[name]) for name in POSE_KEYS)


def test_the_file_of_talk_is_a_plain_lora(following_model: Path, tmp_path: Path) -> None:
    training = Trained(data(following_model, tmp_path, "talk", steps=2), tmp_path / "run").run()
    assert len(adapter_state(training.transformer)) == 40
    assert all(name.startswith("pipe.dit.blocks.") for name in adapter_state(training.transformer))


def test_the_model_alone_has_its_own_pose_encoder(following_model: Path, tmp_path: Path) -> None:
    training = Trained(data(following_model, tmp_path, "dance", steps=3), tmp_path / "run").run()
    learned = {name: value.clone() for name, value in skeleton_state(training.transformer).items()}
    with without_adapter(training.transformer):
        inside = {name: value.clone() for name, value in skeleton_state(training.transformer).items()}
    assert all(torch.equal(inside[name], training.before[f"skeleton_network.{name}"]) for name in inside)
    assert all(torch.equal(value, learned[name]) for name, value in skeleton_state(training.transformer).items())


def dance_from(file: Path, dataset: Dataset, family: str = "dance") -> Any:
    lora = with_fields(LORA, {"start_from": str(file)})
    return load_for_training(with_fields(dataset.recipe, {"lora": lora, "family": family}), dataset.model, CPU)


def test_dance_goes_on_from_a_file_with_its_pose_encoder(following_model: Path, tmp_path: Path) -> None:
    dataset = data(following_model, tmp_path, "dance", steps=3)
    training = Trained(dataset, tmp_path / "run").run()
    path = tmp_path / "dance.safetensors"
    export_lora(path, training.transformer, CARD)
    again = dance_from(path, dataset)
    assert all(
        torch.equal(value, adapter_state(again)[name]) for name, value in adapter_state(training.transformer).items()
    )
    with pytest.raises(BadWeights, match="pose encoder, which this family does not train"):
        dance_from(path, dataset, "talk")


def test_a_model_without_a_pose_encoder_is_told_in_one_sentence(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(BadWeights):
        load_for_training(data(tiny_model, tmp_path, "dance").recipe, tiny_model, CPU)
