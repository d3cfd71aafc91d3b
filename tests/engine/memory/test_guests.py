"""Networks beside the transformer: where they are while they work, and where they are not."""

import pytest
import torch
from torch import Tensor, nn

from svi_studio.engine.memory.guests import Guest, Rereading, at_work
from tests.builders.fake_card import FakeCard


def network() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8)).eval().requires_grad_(False)


def outline() -> nn.Module:
    with torch.device("meta"):
        return nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8)).eval()


def result(module: nn.Module) -> Tensor:
    found: Tensor = module(torch.ones(1, 8))
    return found


def test_it_is_on_the_card_only_while_it_works() -> None:
    card, helper = FakeCard(), network()
    Guest(helper, card, "while_working")
    assert card.now == 0
    with at_work(helper), at_work(helper):
        assert card.has(helper) and torch.equal(result(helper), result(network()))
    assert card.now == 0 and torch.equal(result(helper), result(network()))


def test_one_that_works_on_the_processor_never_comes() -> None:
    card, helper = FakeCard(), network()
    Guest(helper, card, "processor")
    with at_work(helper):
        assert card.peak == 0


def test_one_that_is_on_the_card_for_good_stays_there() -> None:
    card, helper = FakeCard(), network()
    Guest(helper, card, "resident")
    before = card.now
    with at_work(helper):
        assert card.now == before > 0
    assert card.has(helper)


def test_where_it_lies_can_change() -> None:
    card, helper = FakeCard(), network()
    guest = Guest(helper, card, "resident")
    guest.stay("processor")
    assert card.now == 0 and guest.helper == "processor"
    guest.stay("resident")
    assert card.has(helper) and torch.equal(result(helper), result(network()))


def test_one_that_can_be_read_again_is_nowhere_between_its_turns() -> None:
    card, helper, read = FakeCard(), outline(), []

    def again(device: torch.device) -> nn.Module:
        read.append(device)
        return network()

    Guest(helper, card, "while_working", Rereading(outline(), again))
    for times in (1, 2):
        with at_work(helper):
            assert card.has(helper) and torch.equal(result(helper), result(network()))
        assert len(read) == times and card.now == 0
        assert all(tensor.is_meta for tensor in (*helper.parameters(), *helper.buffers()))


def test_one_that_finds_no_room_waits_whole_where_it_was() -> None:
    card, helper = FakeCard(limit=300), network()
    Guest(helper, card, "while_working")
    with pytest.raises(torch.OutOfMemoryError), at_work(helper):
        pass
    assert card.now == 0 and torch.equal(result(helper), result(network()))
    card.limit = None
    with at_work(helper):
        assert card.has(helper)


def test_a_network_that_nobody_laid_out_works_where_it_is() -> None:
    with at_work(network()) as guest:
        assert guest is None
    with at_work(None) as guest:
        assert guest is None
