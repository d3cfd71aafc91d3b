"""A new LoRA sits in exactly the layers that the authors train, learns in float32, and begins by changing nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import LoraRecipe
from svi_studio.engine.loading.networks import build_network
from tests.engine.test_full_size_names import TRANSFORMER as FULL_SIZE
from tests.trainer.lora.recipes import LOUD, SMALL, adapted, output, small_transformer, trained
from trainer.lora.adapter import adapted_layers, adapter_state, add_adapter, without_adapter
from trainer.lora.targets import target_modules


@pytest.fixture(scope="module")
def full_size() -> Any:
    """Wan 2.1's 14 billion parameters, without their memory, with the authors' LoRA."""
    transformer = build_network("transformer", FULL_SIZE)
    add_adapter(transformer, LoraRecipe(), torch.Generator())
    return transformer


def test_a_full_size_lora_has_the_800_names_of_the_authors(full_size: Any) -> None:
    modules = [f"{part}_attn.{letter}" for part in ("self", "cross") for letter in "qkvo"] + ["ffn.0", "ffn.2"]
    expected = {
        f"pipe.dit.blocks.{block}.{module}.lora_{side}.default.weight"
        for block in range(40)
        for module in modules
        for side in "AB"
    }
    assert len(expected) == 800
    assert adapter_state(full_size).keys() == expected


def test_a_full_size_lora_has_613_million_parameters(full_size: Any) -> None:
    learning = sum(parameter.numel() for parameter in full_size.parameters() if parameter.requires_grad)
    assert learning == sum(tensor.numel() for tensor in adapter_state(full_size).values()) == 613_416_960


def test_names_are_those_of_the_authors_own_file(golden_dir: Path) -> None:
    keys = json.loads((golden_dir / "lora.json").read_text(encoding="utf-8"))["keys"]
    blocks = len({key.split(".")[3] for key in keys})
    ours = [name for name in adapter_state(adapted()) if int(name.split(".")[3]) < blocks]
    assert sorted(ours) == sorted(keys)


@pytest.mark.parametrize("target", ["q", "k", "v", "o", "ffn.0", "ffn.2"])
def test_a_target_is_found_by_whole_parts_of_its_name(target: str) -> None:
    new = {"q": "to_q", "k": "to_k", "v": "to_v", "o": "to_out.0", "ffn.0": "ffn.net.0.proj", "ffn.2": "ffn.net.2"}
    places = [""] if target.startswith("ffn") else ["attn1.", "attn2."]
    expected = {f"blocks.{block}.{place}{new[target]}" for block in range(2) for place in places}
    assert set(target_modules(small_transformer(), [target])) == expected


def test_the_picture_projections_stay_as_they_are() -> None:
    assert not [name for name, _ in adapted_layers(adapted()) if "add_" in name]


def test_a_target_that_the_model_lacks_is_named() -> None:
    with pytest.raises(BadInput, match=r'"ffn\.1"'):
        target_modules(small_transformer(), ["q", "ffn.1"])


def test_a_new_lora_changes_nothing() -> None:
    assert torch.equal(output(adapted(LOUD)), output(small_transformer()))


def test_only_the_lora_learns() -> None:
    transformer = adapted()
    learning = [name for name, parameter in transformer.named_parameters() if parameter.requires_grad]
    assert learning and all(".lora_A." in name or ".lora_B." in name for name in learning)


def test_the_returned_parameters_are_those_that_learn() -> None:
    transformer = small_transformer()
    parameters = add_adapter(transformer, SMALL, torch.Generator())
    learning = [parameter for parameter in transformer.parameters() if parameter.requires_grad]
    assert {id(parameter) for parameter in parameters} == {id(parameter) for parameter in learning}


def test_gradients_reach_every_matrix() -> None:
    transformer = trained()
    torch.manual_seed(0)
    y = transformer(torch.randn(1, 36, 2, 4, 6), torch.tensor([500.0]), torch.randn(1, 8, 32), torch.randn(1, 17, 32))
    y.sample.square().mean().backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in transformer.parameters() if parameter.requires_grad)


def test_the_seed_decides_the_first_weights() -> None:
    first, same, other = (adapter_state(adapted(seed=seed)) for seed in (3, 3, 4))
    name = "pipe.dit.blocks.1.ffn.2.lora_A.default.weight"
    assert torch.equal(first[name], same[name])
    assert not torch.equal(first[name], other[name])


def test_a_is_kaiming_uniform_and_b_zero() -> None:
    state = adapter_state(adapted())
    down, up = (state[f"pipe.dit.blocks.0.ffn.2.lora_{side}.default.weight"] for side in "AB")
    bound = 96**-0.5  # kaiming_uniform with a = sqrt(5): 1 / sqrt(inputs)
    assert down.abs().max() <= bound and down.std() == pytest.approx(bound / 3**0.5, rel=0.1)
    assert not up.any()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float8_e4m3fn])
def test_the_lora_is_the_same_whatever_the_base_is_kept_in(dtype: torch.dtype) -> None:
    transformer = small_transformer().to(dtype)
    add_adapter(transformer, SMALL, torch.Generator().manual_seed(0))
    state, usual = adapter_state(transformer), adapter_state(adapted())
    assert all(torch.equal(tensor, usual[name]) for name, tensor in state.items())


def test_the_adapters_product_is_added_before_the_cast_down() -> None:
    """A change smaller than half a bfloat16 step of the result still counts where it is added in float32."""
    transformer = small_transformer().to(torch.bfloat16)
    add_adapter(transformer, SMALL, torch.Generator().manual_seed(0))
    _, layer = next(adapted_layers(transformer))
    x = torch.randn(1, 4096, 48, generator=torch.Generator().manual_seed(0)).to(torch.bfloat16)
    up = layer.lora_B["default"].weight
    up.data.fill_(1e-2)
    change = (x.float() @ layer.lora_A["default"].weight.T) @ up.T
    expected = (layer.base_layer(x).float() + change).to(torch.bfloat16)
    assert torch.equal(layer(x), expected)


def test_a_second_lora_is_refused() -> None:
    with pytest.raises(BadInput, match="has a LoRA already"):
        add_adapter(adapted(), SMALL, torch.Generator())


def test_without_its_lora_the_transformer_is_its_base() -> None:
    transformer = trained()
    with without_adapter(transformer):
        alone = output(transformer)
    assert torch.equal(alone, output(small_transformer()))


def test_afterwards_the_lora_counts_and_learns_again() -> None:
    transformer = trained()
    before = output(transformer)
    with without_adapter(transformer):
        pass
    assert torch.equal(output(transformer), before)
    assert sum(parameter.requires_grad for parameter in transformer.parameters()) == 40
