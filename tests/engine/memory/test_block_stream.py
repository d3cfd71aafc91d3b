"""Blocks that come onto the card only for their work: the same numbers, and no more room than for two of them."""

import gc
from collections.abc import Callable

import pytest
import torch
from diffusers import WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.engine.memory.block_stream import BlockStream, streamed_blocks
from svi_studio.engine.memory.packed import tensors
from svi_studio.engine.memory.placing import Placing
from tests.builders.fake_card import FakeCard
from tests.builders.tiny_models import TRANSFORMER


class LateCard(FakeCard):
    """Copies as late as a card may: when somebody waits for it."""

    def copy(self, source: Tensor, target: Tensor, after: object) -> Callable[[], None]:  # type: ignore[override]
        target.view(torch.uint8).fill_(0xFF)
        return lambda: super(LateCard, self).copy(source, target, after)

    def await_arrival(self, arrival: Callable[[], None] | None) -> None:
        if arrival is not None:
            arrival()

    finish = await_arrival


def network(layers: int = 5) -> WanTransformer3DModel:
    torch.manual_seed(3)
    return WanTransformer3DModel(**(TRANSFORMER | {"num_layers": layers})).eval().requires_grad_(False)


def called(transformer: nn.Module, seed: int = 1) -> Tensor:
    made = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        return transformer(
            hidden_states=torch.randn(1, 36, 3, 4, 6, generator=made),
            timestep=torch.tensor([500.0]),
            encoder_hidden_states=torch.randn(1, 512, 32, generator=made),
            encoder_hidden_states_image=torch.randn(1, 17, 32, generator=made),
            return_dict=False,
        )[0]


def stream_of(transformer: nn.Module, card: FakeCard, resident: int) -> BlockStream:
    stream = BlockStream(transformer, card)
    stream.keep(resident)
    return stream


@pytest.mark.parametrize("resident", range(6))
def test_streamed_blocks_compute_what_resident_ones_do(resident: int) -> None:
    plain, streamed = network(), network()
    stream_of(streamed, FakeCard(), resident)
    for seed in (1, 2):
        assert torch.equal(called(streamed, seed), called(plain, seed))


@pytest.mark.parametrize("resident", [0, 2, 4])
def test_no_block_works_before_its_copy_has_arrived(resident: int) -> None:
    plain, streamed = network(), network()
    stream = stream_of(streamed, LateCard(), resident)
    for seed in (1, 2):
        assert torch.equal(called(streamed, seed), called(plain, seed))
    for each in (plain, streamed):
        each.blocks[0].ffn.net[2].weight.data = each.blocks[0].ffn.net[2].weight.data * 1.5
    assert torch.equal(called(streamed), called(plain))
    stream.keep(1)
    assert torch.equal(called(streamed), called(plain))


@pytest.mark.parametrize(("resident", "copies"), [(0, 10 + 1), (2, 6 + 1), (3, 2), (4, 1), (5, 0)])
def test_each_streamed_block_is_copied_once_a_call(resident: int, copies: int) -> None:
    card = FakeCard()
    transformer = network()
    stream_of(transformer, card, resident)
    called(transformer)
    called(transformer)
    assert card.copies == copies  # one more: the first block of the next call is on its way


def test_the_card_has_room_for_two_blocks_of_exactly_their_size() -> None:
    transformer, card = network(), FakeCard()
    stream = stream_of(transformer, card, 0)
    called(transformer)
    size = sum(-(-tensor.nbytes // 256) * 256 for _, _, tensor in tensors(transformer.blocks[0]))
    assert card.rooms == [size, size] and stream.host_bytes == 5 * size


def test_weights_that_are_changed_between_calls_are_those_of_the_next_call() -> None:
    plain, streamed = network(), network()
    stream_of(streamed, FakeCard(), 1)
    for number in (0, 2, 4):
        called(streamed)
        for each in (plain, streamed):
            parameter = each.blocks[number].ffn.net[2].weight
            parameter.data = parameter.data * 1.5
        assert torch.equal(called(streamed), called(plain))


def test_tensors_that_come_and_go_are_streamed_too() -> None:
    streamed = network()
    stream = stream_of(streamed, FakeCard(), 0)
    called(streamed)
    before = stream.host_bytes
    streamed.blocks[1].register_buffer("more", torch.ones(1000))
    called(streamed)
    assert stream.host_bytes == before + 4096
    assert torch.equal(streamed.blocks[1].more, torch.ones(1000))
    streamed.blocks[1].more = None
    called(streamed)
    assert stream.host_bytes == before


@pytest.mark.parametrize("way", [(5, 2, 0), (0, 3, 5), (2, 1, 4)])
def test_how_many_stay_can_change_at_any_time(way: tuple[int, ...]) -> None:
    plain, streamed = network(), network()
    stream = stream_of(streamed, FakeCard(), way[0])
    for resident in way:
        stream.keep(resident)
        assert torch.equal(called(streamed), called(plain))


def test_what_left_the_card_comes_back() -> None:
    plain, streamed = network(), network()
    stream = stream_of(streamed, FakeCard(), 2)
    called(streamed)
    stream.leave()
    stream.bring()
    assert torch.equal(called(streamed), called(plain))


def test_a_call_that_broke_off_leaves_the_weights_right() -> None:
    plain, streamed = network(), network()
    stream_of(streamed, FakeCard(), 0)

    def broken(*_: object) -> None:
        raise torch.OutOfMemoryError("no room")

    hook = streamed.blocks[3].ffn.register_forward_pre_hook(broken)
    with pytest.raises(torch.OutOfMemoryError):
        called(streamed)
    hook.remove()
    assert all(torch.equal(one, other) for one, other in zip(streamed.parameters(), plain.parameters(), strict=True))
    assert torch.equal(called(streamed), called(plain))


def test_memory_that_runs_out_while_it_is_laid_out_leaves_one_stream() -> None:
    plain, transformer, card = network(), network(), FakeCard()
    placing = Placing(card, 4)
    card.limit = 100_000
    with pytest.raises(torch.OutOfMemoryError):
        placing.bring(transformer)
    assert transformer.blocks[0]._forward_pre_hooks, "it ran out when its blocks were streamed already"
    card.limit, placing.resident_blocks = None, 2
    placing.bring(transformer)
    for seed in (1, 2):
        assert torch.equal(called(transformer, seed), called(plain, seed))
    assert [len(block._forward_pre_hooks) for block in transformer.blocks] == [1, 1, 0, 1, 0]
    assert card.copies == 6 + 1


def test_a_copy_under_way_is_over_before_its_memory_is_given_back() -> None:
    over: list[bool] = []

    class Watched(LateCard):
        def finish(self, arrival: Callable[[], None] | None) -> None:  # type: ignore[override]
            over.append(arrival is not None)
            super().finish(arrival)

    transformer = network()
    Placing(Watched(), 0).bring(transformer)
    called(transformer)  # the first block of the next call is on its way
    over.clear()
    del transformer
    gc.collect()
    assert any(over)


def test_those_that_stay_are_spread_among_the_others() -> None:
    assert list(streamed_blocks(6, 0)) == [0, 1, 2, 3, 4, 5]
    assert list(streamed_blocks(6, 3)) == [0, 2, 4]
    assert list(streamed_blocks(40, 12)) == sorted(set(streamed_blocks(40, 12)))
    assert [len(streamed_blocks(40, resident)) for resident in (0, 1, 12, 39, 40, 41)] == [40, 39, 28, 1, 0, 0]
