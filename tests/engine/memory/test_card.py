"""A card with a stream for copies: what waits for what; and, where there is one, that it computes what it should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor

from svi_studio.engine.memory import card as card_module
from svi_studio.engine.memory.block_stream import BlockStream
from svi_studio.engine.memory.card import Card
from tests.engine.memory.test_block_stream import network


class Cuda:
    """CUDA's streams and events, as far as they say who waits for whom."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.entered = "work"

    def Event(self) -> CudaEvent:
        return CudaEvent(self)

    def Stream(self, _: torch.device) -> CudaStream:
        return CudaStream(self, "copies")

    def current_stream(self, _: torch.device) -> CudaStream:
        return CudaStream(self, self.entered)

    @contextmanager
    def stream(self, stream: CudaStream) -> Iterator[None]:
        before, self.entered = self.entered, stream.name
        yield
        self.entered = before


class CudaEvent:
    """One event, named after the stream that it was recorded on."""

    def __init__(self, cuda: Cuda) -> None:
        self._cuda = cuda
        self.name = ""

    def record(self, stream: CudaStream) -> None:
        self.name = stream.name
        self._cuda.said.append(f"{stream.name} marks")

    def synchronize(self) -> None:
        self._cuda.said.append(f"the program waits for {self.name}")


class CudaStream:
    """One stream."""

    def __init__(self, cuda: Cuda, name: str) -> None:
        self._cuda = cuda
        self.name = name

    def wait_event(self, event: CudaEvent) -> None:
        self._cuda.said.append(f"{self.name} waits for {event.name}")


class Copied:
    """A tensor's place that says on which stream it is copied to."""

    def __init__(self, cuda: Cuda) -> None:
        self._cuda = cuda

    def copy_(self, _: Tensor, *, non_blocking: bool) -> None:
        self._cuda.said.append(f"{self._cuda.entered} copies" if non_blocking else "the program copies")


def test_a_copy_comes_after_what_uses_its_place_and_before_what_uses_its_content(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cuda, card = Cuda(), Card(torch.device("cuda"))
    monkeypatch.setattr(card_module, "_CUDA", cuda)
    place: Any = Copied(cuda)
    arrival = card.copy(torch.zeros(1), place, card.moment())
    card.await_arrival(arrival)
    card.finish(arrival)
    assert cuda.said == [
        "work marks",
        "copies waits for work",
        "copies copies",
        "copies marks",
        "work waits for copies",
        "the program waits for copies",
    ]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no card here")
@pytest.mark.parametrize("resident", [0, 2, 5])
def test_a_real_card_computes_the_same_with_streamed_blocks(resident: int) -> None:
    plain, streamed, cuda = network().cuda(), network(), torch.device("cuda")
    BlockStream(streamed, Card(cuda)).keep(resident)
    for seed in range(5):
        made = torch.Generator(cuda).manual_seed(seed)
        given = {
            "hidden_states": torch.randn(1, 36, 3, 32, 48, generator=made, device=cuda),
            "timestep": torch.tensor([500.0], device=cuda),
            "encoder_hidden_states": torch.randn(1, 512, 32, generator=made, device=cuda),
            "encoder_hidden_states_image": torch.randn(1, 17, 32, generator=made, device=cuda),
            "return_dict": False,
        }
        with torch.no_grad():
            assert torch.equal(streamed(**given)[0], plain(**given)[0])
