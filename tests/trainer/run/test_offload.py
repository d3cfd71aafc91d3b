"""Checkpointed blocks whose inputs leave the device train exactly as if nothing were moved."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.trainer.lora.recipes import trained
from trainer.run.transformer import offload


def gradients(transformer: Any) -> list[Tensor]:
    torch.manual_seed(0)
    inputs = torch.randn(1, 36, 2, 4, 6), torch.tensor([500.0]), torch.randn(1, 8, 32), torch.randn(1, 17, 32)
    transformer(*inputs, return_dict=False)[0].square().mean().backward()
    return [p.grad for p in transformer.parameters() if p.requires_grad]


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """What is put away, with the real code around it."""
    found: list[Tensor] = []
    real: Callable[..., tuple[torch.device, Tensor]] = offload._put_away

    def noted(tensor: Tensor, stay: set[int], at_least: int) -> tuple[torch.device, Tensor]:
        kept = real(tensor, stay, at_least)
        if kept[1] is not tensor:
            found.append(tensor)
        return kept

    monkeypatch.setattr(offload, "_put_away", noted)
    return found


def test_the_inputs_of_checkpointed_blocks_are_put_away_and_the_gradients_stay(moved: list[Tensor]) -> None:
    plain, saving = trained(), trained()
    saving.enable_gradient_checkpointing()
    expected = gradients(plain)
    with offload.saved_in_ordinary_memory(at_least=2304):  # the hidden states: 12 tokens of 48 float32 values
        found = gradients(saving)
    assert all(a.equal(b) for a, b in zip(expected, found, strict=True))
    hidden = [tensor for tensor in moved if tensor.shape == (1, 12, 48)]
    assert len(hidden) >= len(saving.blocks)
    assert len(moved) < 12  # what is inside the blocks is computed again, not moved


def test_small_tensors_stay_where_they_are(moved: list[Tensor]) -> None:
    with offload.saved_in_ordinary_memory(at_least=1 << 20):
        gradients(trained())
    assert moved == []


def test_weights_stay_where_they_are(moved: list[Tensor]) -> None:
    transformer = trained()
    weights = {weight.untyped_storage().data_ptr() for weight in transformer.parameters()}
    with offload.saved_in_ordinary_memory(transformer.parameters(), at_least=1):
        gradients(transformer)
    assert moved
    assert not any(tensor.untyped_storage().data_ptr() in weights for tensor in moved)
