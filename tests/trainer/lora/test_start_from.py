"""A training starts from a LoRA file wholly, in any form, or says why not and leaves the new LoRA alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.training.recipe import LoraRecipe
from tests.engine.lora_files import FORMS, Tensors, random_lora, svi_1x, write_lora
from tests.trainer.lora.recipes import CARD, LOUD, SMALL, adapted, output, small_transformer, trained
from trainer.lora.adapter import adapter_state
from trainer.lora.export import export_lora
from trainer.lora.start_from import load_adapter


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lora") / "first.safetensors"
    export_lora(path, trained(LOUD), CARD)
    return path


@pytest.mark.parametrize("recipe", [SMALL, LOUD], ids=["another alpha", "the same alpha"])
def test_the_loaded_lora_does_what_the_file_did(recipe: LoraRecipe, exported: Path) -> None:
    transformer = adapted(recipe)
    load_adapter(transformer, exported)
    assert (output(transformer) - output(trained(LOUD))).abs().max() <= 1e-5


def test_a_file_without_a_factor_comes_back_bit_for_bit(tmp_path: Path) -> None:
    export_lora(tmp_path / "x.safetensors", trained(), CARD)
    transformer, first = adapted(), adapter_state(trained())
    load_adapter(transformer, tmp_path / "x.safetensors")
    assert all(torch.equal(tensor, first[name]) for name, tensor in adapter_state(transformer).items())


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_started_from(form: str, tmp_path: Path) -> None:
    tensors = random_lora(small_transformer())
    transformer = adapted()
    load_adapter(transformer, write_lora(tmp_path / "x.safetensors", FORMS[form](tensors)))
    for name, tensor in adapter_state(transformer).items():
        wanted = tensors[name.removeprefix("pipe.dit.").replace(".default", "")]
        assert torch.allclose(tensor, wanted, atol=1e-6)


def test_it_goes_on_learning(exported: Path) -> None:
    transformer = adapted()
    load_adapter(transformer, exported)
    assert sum(parameter.requires_grad for parameter in transformer.parameters()) == 40


def of_rank_8(transformer: Any) -> Tensors:
    return svi_1x(random_lora(transformer, rank=8))


def attention_only(transformer: Any) -> Tensors:
    return svi_1x({name: tensor for name, tensor in random_lora(transformer).items() if "attn" in name})


def with_a_bias(transformer: Any) -> Tensors:
    return random_lora(transformer) | {"blocks.0.ffn.0.diff_b": torch.zeros(96)}


def of_a_wider_model(transformer: Any) -> Tensors:
    tensors = random_lora(transformer)
    return {n: t.repeat(1, 2) if "lora_A" in n else t.repeat(2, 1) for n, t in tensors.items()}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (of_rank_8, "its rank is 8, and the recipe's is 4; set the recipe's rank to 8"),
        (attention_only, "it lacks the layer blocks.0.ffn.0 and 3 more"),
        (with_a_bias, "also changes the layer blocks.0.ffn.0.bias, which the recipe leaves alone"),
        (of_a_wider_model, "was made for another architecture"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason_and_nothing_changes(
    change: Callable[[Any], Tensors], sentence: str, tmp_path: Path
) -> None:
    transformer = adapted()
    before = {name: tensor.clone() for name, tensor in adapter_state(transformer).items()}
    with pytest.raises(BadWeights) as caught:
        load_adapter(transformer, write_lora(tmp_path / "x.safetensors", change(small_transformer())))
    assert sentence in str(caught.value)
    assert all(torch.equal(tensor, before[name]) for name, tensor in adapter_state(transformer).items())


def test_layers_that_the_recipe_does_not_train_are_not_dropped_silently(exported: Path) -> None:
    transformer = adapted(LoraRecipe(rank=4, alpha=4.0, targets=("q", "k", "v", "o")))
    with pytest.raises(BadWeights, match=r"also changes the layer blocks\.0\.ffn\.0 and 3 more"):
        load_adapter(transformer, exported)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"gone\.safetensors is missing"):
        load_adapter(adapted(), tmp_path / "gone.safetensors")
