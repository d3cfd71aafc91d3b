"""The learning rate of every step, and optimizers that go on where they were."""

import copy
import sys

import pytest
import torch
from torch import nn

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import OptimizerRecipe
from trainer.run.state.optimizer import build_optimizer, learning_rate, optimizer_state, restore_optimizer


def rates(recipe: OptimizerRecipe, steps: int) -> list[float]:
    return [round(learning_rate(recipe, step, steps), 6) for step in range(1, steps + 1)]


def test_the_learning_rate_rises_and_stays() -> None:
    assert rates(OptimizerRecipe(learning_rate=0.4, warmup_steps=4), 6) == [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]


def test_the_cosine_begins_at_the_full_rate_and_ends_near_zero() -> None:
    found = rates(OptimizerRecipe(learning_rate=1.0, schedule="cosine"), 4)
    assert found == [1.0, 0.853553, 0.5, 0.146447]


def test_a_rise_longer_than_the_training_is_no_fault() -> None:
    assert rates(OptimizerRecipe(learning_rate=1.0, schedule="cosine", warmup_steps=10), 2) == [0.1, 0.2]


def test_an_optimizer_that_was_restored_makes_the_same_next_step() -> None:
    def one_step(parameter: nn.Parameter, optimizer: torch.optim.Optimizer) -> None:
        optimizer.zero_grad()
        parameter.square().sum().backward()
        optimizer.step()

    recipe = OptimizerRecipe(learning_rate=0.1)
    first = nn.Parameter(torch.tensor([1.0, -2.0]))
    optimizer = build_optimizer([first], recipe)
    one_step(first, optimizer)
    second = nn.Parameter(first.detach().clone())
    other = build_optimizer([second], recipe)
    restore_optimizer(other, ["a"], copy.deepcopy(optimizer_state(optimizer, ["a"])))
    one_step(first, optimizer)
    one_step(second, other)
    assert first.equal(second)


def test_a_missing_8_bit_optimizer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bitsandbytes.optim", None)
    with pytest.raises(BadInput, match="needs the package bitsandbytes, which is not installed; install it or choose"):
        build_optimizer([nn.Parameter(torch.zeros(1))], OptimizerRecipe(name="adamw8bit", learning_rate=0.1))


class NestedState(torch.optim.SGD):
    """Keeps its state as the 8-bit optimizer does: some of it in a mapping within the parameter's."""

    def note(self, parameter: nn.Parameter, value: float) -> None:
        self.state[parameter] = {"step": 3, "narrow": {"state1": torch.tensor([value]), "absmax1": torch.tensor([1.0])}}


def test_a_state_with_mappings_in_it_comes_back_as_it_was() -> None:
    parameter = nn.Parameter(torch.zeros(1))
    before, after = NestedState([parameter], lr=0.1), NestedState([parameter], lr=0.1)
    before.note(parameter, 5.0)
    flat = optimizer_state(before, ["a"])
    assert {type(value) for value in flat.values()} == {int, torch.Tensor}
    restore_optimizer(after, ["a"], flat)
    assert optimizer_state(after, ["a"]) == flat
