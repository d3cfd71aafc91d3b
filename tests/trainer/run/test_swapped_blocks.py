"""Blocks that wait in ordinary memory: the same gradients bit for bit, two blocks' room on the card, few copies."""

import gc
from collections.abc import Callable
from typing import Any

import pytest
import torch
from diffusers import WanTransformer3DModel
from pydantic import ValidationError
from torch import Tensor

from svi_studio.domain.training.recipe import MemoryRecipe
from svi_studio.engine.loading.experts import Experts
from svi_studio.engine.memory.packed import tensors
from svi_studio.engine.memory.placing import Placing, bring_back
from svi_studio.weights.model_folder import OneExpert
from tests.builders.fake_card import FakeCard
from tests.builders.tiny_models import TRANSFORMER
from tests.trainer.lora.recipes import SMALL
from trainer.evaluation.both_experts import BothExperts, OtherExpert
from trainer.lora.adapter import add_adapter
from trainer.run.transformer.float8 import keep_in_float8
from trainer.run.transformer.offload import saved_in_ordinary_memory
from trainer.run.transformer.swapped_blocks import SwappedBlocks, swap_blocks

LAYERS = 6


class LateCard(FakeCard):
    """Copies as late as a card may, when somebody waits; room that is copied into is spoilt until then."""

    def copy(self, source: Tensor, target: Tensor, after: object) -> Callable[[], None]:  # type: ignore[override]
        target.view(torch.uint8).fill_(0xFF)
        return lambda: super(LateCard, self).copy(source, target, after)

    def await_arrival(self, arrival: Callable[[], None] | None) -> None:
        if arrival is not None:
            arrival()

    finish = await_arrival


def learning(*, narrow: bool = False) -> Any:
    """A transformer with a LoRA that holds something, and checkpointed blocks."""
    torch.manual_seed(3)
    transformer: Any = WanTransformer3DModel(**(TRANSFORMER | {"num_layers": LAYERS}))
    add_adapter(transformer, SMALL, torch.Generator().manual_seed(0))
    noise = torch.Generator().manual_seed(1)
    for parameter in transformer.parameters():
        if parameter.requires_grad:
            parameter.data = torch.randn(parameter.shape, generator=noise) * 0.1
    if narrow:
        keep_in_float8(transformer.blocks)
    transformer.enable_gradient_checkpointing()
    return transformer


def one_step(transformer: Any, seed: int) -> list[Tensor]:
    """The gradients of one clip, then a step of plain descent."""
    made = torch.Generator().manual_seed(seed)
    transformer.zero_grad()
    transformer(
        hidden_states=torch.randn(1, 36, 3, 4, 6, generator=made),
        timestep=torch.tensor([500.0]),
        encoder_hidden_states=torch.randn(1, 32, 32, generator=made),
        encoder_hidden_states_image=torch.randn(1, 17, 32, generator=made),
        return_dict=False,
    )[0].square().mean().backward()
    learned = [parameter for parameter in transformer.parameters() if parameter.requires_grad]
    found = [parameter.grad.clone() for parameter in learned]
    with torch.no_grad():
        for parameter in learned:
            parameter.sub_(0.1 * parameter.grad)
    return found


@pytest.mark.parametrize("narrow", [False, True], ids=["float32", "float8"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 40])
@pytest.mark.parametrize("card", [FakeCard, LateCard])
def test_gradients_are_the_same_bits_step_after_step(card: type[FakeCard], count: int, narrow: bool) -> None:
    plain, swapped = learning(narrow=narrow), learning(narrow=narrow)
    swap_blocks(swapped, count, card())
    for seed in (1, 2, 3):
        wanted, found = one_step(plain, seed), one_step(swapped, seed)
        assert all(a.equal(b) for a, b in zip(wanted, found, strict=True))


def test_inputs_that_leave_the_card_too_change_nothing() -> None:
    plain, swapped = learning(), learning()
    swap_blocks(swapped, 4, LateCard())
    wanted = one_step(plain, 1)
    with saved_in_ordinary_memory([*swapped.parameters(), *swapped.buffers()], at_least=2304):
        found = one_step(swapped, 1)
    assert all(a.equal(b) for a, b in zip(wanted, found, strict=True))


def test_a_film_between_two_steps_changes_nothing() -> None:
    plain, swapped = learning(), learning()
    swap_blocks(swapped, 4, LateCard())
    for transformer in (plain, swapped):
        one_step(transformer, 1)
    films = []
    for transformer in (plain, swapped):
        made = torch.Generator().manual_seed(5)
        inputs = [torch.randn(1, 36, 3, 4, 6, generator=made), torch.tensor([500.0])]
        inputs += [torch.randn(1, 32, 32, generator=made), torch.randn(1, 17, 32, generator=made)]
        with torch.no_grad():
            films.append([transformer(*inputs, return_dict=False)[0] for _ in range(2)])
    assert all(a.equal(b) for a, b in zip(*films, strict=True))
    assert all(a.equal(b) for a, b in zip(one_step(plain, 2), one_step(swapped, 2), strict=True))


def test_only_what_is_frozen_leaves_the_card() -> None:
    transformer = learning()
    stream: SwappedBlocks = swap_blocks(transformer, LAYERS, FakeCard())
    frozen = sum(t.nbytes for _, _, t in tensors(transformer.blocks) if not t.requires_grad)
    assert frozen <= stream.host_bytes < 1.2 * frozen, "the rest is where tensors may begin"
    away = {packed.host.untyped_storage().data_ptr() for packed in stream._packed}
    learned = [parameter for parameter in transformer.parameters() if parameter.requires_grad]
    assert not any(parameter.untyped_storage().data_ptr() in away for parameter in learned)


def test_a_step_copies_each_block_twice_at_most() -> None:
    card = FakeCard()
    transformer = learning()
    swap_blocks(transformer, LAYERS, card)
    one_step(transformer, 1)
    before = card.copies
    one_step(transformer, 2)
    assert card.copies - before <= 2 * LAYERS - 2, "the last one, and the first, are still there"


def test_the_card_has_room_for_two_of_them() -> None:
    plain, swapped = FakeCard(), FakeCard()
    transformer = learning()
    swap_blocks(transformer, 0, plain)
    whole = plain.now
    block = sum(t.nbytes for _, _, t in tensors(transformer.blocks[0]) if not t.requires_grad)
    transformer = learning()
    swap_blocks(transformer, LAYERS, swapped)
    one_step(transformer, 1)
    assert swapped.peak == whole - LAYERS * block + sum(swapped.rooms)
    assert len(swapped.rooms) == 2


def test_blocks_cannot_be_swapped_that_are_not_computed_again() -> None:
    with pytest.raises(ValidationError, match="swapped_blocks needs gradient_checkpointing"):
        MemoryRecipe(swapped_blocks=4, gradient_checkpointing=False)
    assert "swapped_blocks" not in MemoryRecipe().model_dump()


class OneAtATime(Experts):
    """Both never fit beside each other, and the one that rests waits in ordinary memory."""

    def _has_room(self, device: torch.device, expert: OneExpert) -> bool:
        self.asked = not getattr(self, "asked", False)
        return not self.asked


def test_two_experts_take_turns_in_films_and_neither_is_ever_whole_on_the_card(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trainer.evaluation.both_experts.Experts", OneAtATime)
    plain, swapped, card = learning(), learning(), FakeCard()
    swap_blocks(swapped, 4, card)
    assert one_step(plain, 1)[0].equal(one_step(swapped, 1)[0])
    card.peak, most = 0, card.now
    both = BothExperts("high", swapped, OtherExpert(lambda _lora: learning()), Placing(card, LAYERS - 4))
    made = torch.Generator().manual_seed(5)
    inputs = [torch.randn(1, 36, 3, 4, 6, generator=made), torch.tensor([500.0])]
    inputs += [torch.randn(1, 32, 32, generator=made), torch.randn(1, 17, 32, generator=made)]
    with torch.no_grad(), both.back_in_place():
        experts = both.with_lora(None)
        films = [experts.get(each)(*inputs, return_dict=False)[0] for each in ("high", "low", "high")]
        wanted = [each(*inputs, return_dict=False)[0] for each in (plain, learning(), plain)]
    assert all(a.equal(b) for a, b in zip(films, wanted, strict=True))
    assert card.peak < 1.5 * most, "one of them, and never all of it"
    del experts
    gc.collect()
    assert all(a.equal(b) for a, b in zip(one_step(plain, 2), one_step(swapped, 2), strict=True))
    assert card.now <= most


def test_what_a_film_took_from_the_card_comes_back_but_for_what_is_swapped() -> None:
    card = FakeCard()
    transformer = learning()
    stream = swap_blocks(transformer, 4, card)
    one_step(transformer, 1)
    whole = card.now
    stream.leave()
    assert card.now < whole / 2
    bring_back(transformer, torch.device("cpu"))
    one_step(transformer, 2)
    assert card.now == whole
