"""LoRAs that could neither be put in nor be taken out are never forgotten: the next use makes exactly what it says."""

import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.engine.lora.base_weights import BaseWeights
from svi_studio.engine.lora.merged_weight import merged_weight
from svi_studio.engine.memory.placing import put_weight
from svi_studio.weights.lora_in_use import LoraInUse
from tests.builders.tiny_models import build_two_experts
from tests.engine.lora_files import Tensors, random_lora, svi_2x, write_lora

MERGE = "svi_studio.engine.lora.merge"


@pytest.fixture(scope="module")
def loras(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, LoraInUse]:
    network, folder = load_models(tiny_model, device="cpu").transformer, tmp_path_factory.mktemp("loras")
    files = {
        name: write_lora(folder / f"{name}.safetensors", svi_2x(random_lora(network, seed=seed)))
        for seed, name in enumerate("ab")
    }
    return {name: LoraInUse(file, 1.0) for name, file in files.items()}


@pytest.fixture
def models(tiny_model: Path) -> WanModels:
    return load_models(tiny_model, device="cpu")


def weights(models: WanModels) -> Tensors:
    return {name: tensor.clone() for name, tensor in models.transformer.state_dict().items()}


def is_as_if_alone(models: WanModels, folder: Path, *uses: LoraInUse) -> bool:
    """Whether the transformer is that of a model into which exactly these were put, and never anything else."""
    fresh = load_models(folder, device="cpu")
    apply_loras(fresh, uses)
    expected, found = weights(fresh), weights(models)
    return all(torch.equal(found[name], expected[name]) for name in expected)


def reading_fails_after(patch: pytest.MonkeyPatch, tensors: int, error: Exception) -> None:
    """Base weights are read until so many of them were, and then `error` is raised."""
    read, left = BaseWeights.read, iter(range(tensors))

    def reading(base: BaseWeights, names: Iterable[str]) -> Iterator[tuple[str, Tensor]]:
        for found in read(base, names):
            if next(left, None) is None:
                raise error
            yield found

    patch.setattr(BaseWeights, "read", reading)


def run_out_after(patch: pytest.MonkeyPatch, merges: int) -> None:
    left = iter(range(merges))

    def merging(*args: Any) -> Tensor:
        if next(left, None) is None:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return merged_weight(*args)

    patch.setattr(f"{MERGE}.merged_weight", merging)


@pytest.mark.parametrize("restored", [0, 1, 3])
@pytest.mark.parametrize("then", ["b", "a", ""])
def test_memory_that_runs_out_again_while_taking_out_drops_no_lora(
    models: WanModels, tiny_model: Path, loras: Mapping[str, LoraInUse], restored: int, then: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        run_out_after(patch, 6)
        reading_fails_after(patch, restored, torch.OutOfMemoryError("CUDA out of memory"))
        with pytest.raises(torch.OutOfMemoryError):
            apply_loras(models, [loras["b"]])
    wanted = [loras[then]] if then else []
    apply_loras(models, wanted)
    assert is_as_if_alone(models, tiny_model, *wanted)


@pytest.mark.parametrize("then", ["a", "b", ""])
def test_weights_that_cannot_be_read_for_a_while_leave_no_wrong_film(
    models: WanModels, tiny_model: Path, loras: Mapping[str, LoraInUse], then: str
) -> None:
    apply_loras(models, [loras["a"]])
    with pytest.MonkeyPatch.context() as patch:
        reading_fails_after(patch, 3, BadWeights("The drive is gone."))
        with pytest.raises(BadWeights):
            apply_loras(models, [loras["b"]])
        with pytest.raises(BadWeights):
            apply_loras(models, [loras["a"]])  # not done at once: some of it is out
    wanted = [loras[then]] if then else []
    apply_loras(models, wanted)
    assert is_as_if_alone(models, tiny_model, *wanted)


def test_what_failed_holds_no_memory_while_the_loras_are_taken_out(
    models: WanModels, loras: Mapping[str, LoraInUse], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[weakref.ref[Tensor]] = []
    alive: list[bool] = []

    def merging(base: Tensor, *_: Any) -> Tensor:
        large = base + 1
        held.append(weakref.ref(large))
        if len(held) == 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return large

    def putting(*args: Any) -> None:
        if len(held) == 3:
            alive.append(held[-1]() is not None)
        put_weight(*args)

    monkeypatch.setattr(f"{MERGE}.merged_weight", merging)
    monkeypatch.setattr(f"{MERGE}.put_weight", putting)
    with pytest.raises(torch.OutOfMemoryError):
        apply_loras(models, [loras["a"]])
    assert alive == [False, False]


def test_an_expert_whose_loras_could_not_be_taken_out_is_looked_at_again(
    tmp_path: Path,
) -> None:
    models = load_models(build_two_experts(tmp_path / "two"), device="cpu")
    assert models.experts is not None
    network = models.experts.get("high")
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    lora = write_lora(tmp_path / "lora.safetensors", svi_2x(random_lora(network)))
    apply_loras(models, [])
    models.experts.get("high")
    apply_loras(models, [LoraInUse(lora, 1.0)])
    with pytest.MonkeyPatch.context() as patch:
        run_out_after(patch, 4)
        reading_fails_after(patch, 2, torch.OutOfMemoryError("CUDA out of memory"))
        with pytest.raises(torch.OutOfMemoryError):
            models.experts.get("high")
    apply_loras(models, [])
    after = models.experts.get("high").state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)
