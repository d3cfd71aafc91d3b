"""The engine's own streams and guests on networks of full size, every byte counted: no plan takes more than it says.

Tensors are without numbers. Those "on the card" are on the meta device, those "in the computer's memory" on the
processor's, and the accounting devices keep the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from unittest import mock

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS
from svi_studio.domain.render.memory_needs import MemoryNeeds, Stage
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_use import LIBRARIES, PROGRAM, card_use, host_use
from svi_studio.domain.render.model_shape import ClipSize, frame_bytes, stage_work
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.latents.vae import decode_chunks, encode_video
from svi_studio.engine.memory import block_stream, guests, packed
from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.guests import Guest
from svi_studio.engine.memory.model_memory import OneTransformer
from svi_studio.engine.memory.packed import tensors
from svi_studio.engine.memory.placing import Placing
from tests.builders.counted_memory import CountedMemory
from tests.builders.full_size import full_transformer, full_vae, quantise_blocks

pytestmark = pytest.mark.timeout(1800)  # each operation of a network of full size is looked at, on a busy computer, too

CLIP = ClipSize(832, 480, 81)
CARD = torch.device("meta")
LEAST = 0.8  # of what a plan says; less would leave room unused
A14B, I2V, TI2V = "wan2.2-i2v-a14b", "wan2.1-i2v", "wan2.2-ti2v-5b"


@dataclass(frozen=True)
class Peaks:
    """The most bytes that were counted on the card, by stage, and in the computer's memory."""

    card: dict[Stage, int]
    host: int


@contextmanager
def accounting() -> Iterator[tuple[CountedMemory, CountedMemory]]:
    """Counts what lies on the card and in the computer's memory; tensors have no numbers, so none is looked at."""
    with ExitStack() as inside:
        for module in (packed, block_stream, guests):
            inside.enter_context(mock.patch.object(module, "put_tensor", _put))
        inside.enter_context(mock.patch.object(packed.PackedTensors, "is_whole", lambda _: True))
        inside.enter_context(mock.patch.object(block_stream, "host_room", lambda size, _: _room(size)))
        inside.enter_context(torch.no_grad())
        inside.enter_context(FakeTensorMode(allow_non_fake_inputs=True))
        yield inside.enter_context(CountedMemory("meta")), inside.enter_context(CountedMemory("cpu"))


def counted_film(name: str, plan: MemoryPlan, network: nn.Module, vae: nn.Module) -> Peaks:
    """One step of a clip, a picture that is encoded, and latents that are decoded, by the engine's own means."""
    with accounting() as (card, host):
        placing = Placing(Card(CARD), plan.resident_blocks)
        _fill(network, placing.device_of(len(network.blocks)))
        if plan.resident_blocks is not None:  # else all of it lies on the card already
            placing.bring(network)
        _fill(vae, lambda _: torch.device("cpu"))
        guest = Guest(vae, Card(CARD), plan.vae)
        transformers = OneTransformer(network, placing)
        guest.make_room = transformers.step_aside if plan.aside_for_pictures else None
        found: dict[Stage, int] = {}
        for stage, work in _work(name, network, vae, guest).items():
            card.peak = card.now
            if stage == "denoising":
                transformers.work()
            work()
            found[stage] = card.peak
            transformers.rest()
    return Peaks(found, host.peak)


def _work(name: str, network: nn.Module, vae: nn.Module, guest: Guest) -> dict[Stage, Callable[[], object]]:
    shape = FULL_SIZE_MODELS[name].shape
    size = (CLIP.height // shape.vae.spatial, CLIP.width // shape.vae.spatial)
    frames = (CLIP.num_frames - 1) // 4 + 1

    def denoise() -> None:
        latents = torch.empty(1, vae.config.z_dim, frames, *size, device=CARD)
        y = torch.empty(1, 0 if shape.time_of_each else 20, frames, *size, device=CARD, dtype=torch.bfloat16)
        sigma = torch.empty((1, frames) if shape.time_of_each else (1,), device=CARD)
        text = torch.empty(1, 512, 4096, device=CARD, dtype=torch.bfloat16)
        tokens = torch.empty(1, 257, 1280, device=CARD, dtype=torch.bfloat16) if shape.picture else None
        predict(network, latents, sigma, y=y, text=text, tokens=tokens)

    def encode() -> None:
        with guest.at_work():
            encode_video(vae, torch.empty(1, 3, 5, CLIP.height, CLIP.width))

    def decode() -> None:
        with guest.at_work():
            for _ in decode_chunks(vae, torch.empty(1, vae.config.z_dim, 2, *size, device=CARD)):
                pass

    return {"denoising": denoise, "encoding": encode, "decoding": decode}  # as for the second clip of a film


def needs_of(name: str, network: nn.Module, vae: nn.Module, *, quantised: bool) -> MemoryNeeds:
    blocks = tuple(_bytes(block) for block in network.blocks)
    work = stage_work(FULL_SIZE_MODELS[name].shape, CLIP)
    return MemoryNeeds(
        blocks=blocks,
        rest=_bytes(network) - sum(blocks),
        vae=_bytes(vae),
        work=work if quantised else replace(work, kept=0),
        frames=frame_bytes(CLIP),
    )


def check(name: str, plan: MemoryPlan, blocks: int, kind: str = "") -> None:
    network, vae = full_transformer(name, blocks=blocks), full_vae.__wrapped__(name)
    if kind:
        quantise_blocks(network, kind, rank=128)
    needs = needs_of(name, network, vae, quantised=bool(kind))
    found = counted_film(name, plan, network, vae)
    for stage, count in found.card.items():
        said = card_use(plan, needs)[stage] - LIBRARIES
        assert count <= said, stage
        assert count >= LEAST * said, stage
    assert found.host <= host_use(plan, needs) - PROGRAM


STREAMED = MemoryPlan(resident_blocks=1, vae="while_working")


@pytest.mark.parametrize(
    ("name", "plan", "kind"),
    [
        (A14B, STREAMED, "F8_E4M3"),
        (A14B, STREAMED.model_copy(update={"aside_for_pictures": True}), "F8_E4M3"),
        pytest.param(A14B, MemoryPlan(), "", marks=pytest.mark.slow),
        pytest.param(A14B, STREAMED, "", marks=pytest.mark.slow),
        pytest.param(I2V, STREAMED.model_copy(update={"resident_blocks": 0}), "Q4_K", marks=pytest.mark.slow),
        pytest.param(TI2V, STREAMED, "", marks=pytest.mark.slow),
    ],
)
def test_no_stage_takes_more_than_its_plan_says(name: str, plan: MemoryPlan, kind: str) -> None:
    check(name, plan, blocks=3, kind=kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["", "F8_E4M3"])
@pytest.mark.parametrize("resident", [None, 12, 0])
@pytest.mark.parametrize("name", [A14B, I2V])
def test_no_stage_of_a_whole_model_takes_more_than_its_plan_says(name: str, resident: int | None, kind: str) -> None:
    check(name, STREAMED.model_copy(update={"resident_blocks": resident}), blocks=40, kind=kind)


def _bytes(network: nn.Module) -> int:
    return sum(tensor.nbytes for _, _, tensor in tensors(network))


def _room(size: int) -> Tensor:
    return torch.empty(size, dtype=torch.uint8)


def _fill(network: nn.Module, device_of: Callable[[str], torch.device]) -> None:
    """Tensors of the same sizes, each where its name belongs."""
    for name, tensor in [*network.named_parameters(), *network.named_buffers()]:
        place, _, leaf = name.rpartition(".")
        made = torch.empty(tensor.shape, dtype=tensor.dtype, device=device_of(name))
        _put(network.get_submodule(place), leaf, made)


def _put(owner: nn.Module, name: str, tensor: Tensor) -> None:
    """As the engine's own, for tensors that lie on different devices without numbers."""
    if name in owner._parameters:
        owner._parameters[name] = nn.Parameter(tensor, requires_grad=False)
    else:
        owner._buffers[name] = tensor
