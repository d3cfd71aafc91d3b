"""What networks need for their work, counted tensor by tensor at full size, against the formulas of memory plans."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import torch
from torch import nn

from svi_studio.domain.render.full_size_models import (
    FULL_SIZE_MODELS,
    IMAGE_ENCODER_VALUES,
    TEXT_ENCODER_VALUES,
    block_values,
    rest_values,
)
from svi_studio.domain.render.model_shape import ClipSize, stage_work, tokens_of
from svi_studio.engine.denoising.branch import Branch, at_once
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.latents.vae import decode_chunks, encode_video
from tests.builders.counted_memory import CountedMemory, counted
from tests.builders.full_size import full_image_encoder, full_text_encoder, full_transformer, full_vae, quantise_blocks

NAMES = tuple(FULL_SIZE_MODELS)
SIZES = (ClipSize(832, 480, 81), ClipSize(1280, 704, 121), ClipSize(416, 240, 33))
MOST = 1.25  # times what is counted; a plan that asks for more would leave room unused
BLOCKS = 2  # in what follows each block gives back what it took, which a test of its own shows


@cache
def _transformer(name: str, blocks: int = BLOCKS) -> nn.Module:
    return full_transformer(name, blocks=blocks)


def _denoising(name: str, size: ClipSize, network: nn.Module) -> int:
    """Bytes of one call of the transformer as the engine makes it."""
    shape = FULL_SIZE_MODELS[name].shape
    frames = (size.num_frames - 1) // 4 + 1
    place = (1, 16 if name != "wan2.2-ti2v-5b" else 48, frames)
    place = (*place, size.height // shape.vae.spatial, size.width // shape.vae.spatial)
    like: Any = {"dtype": torch.bfloat16, "device": "meta"}
    latents = torch.empty(place, device="meta")
    y = torch.empty(1, 0 if shape.time_of_each else 20, *place[2:], **like)
    sigma = torch.empty((1, frames) if shape.time_of_each else (1,), device="meta")
    text = torch.empty(1, 512, 4096, **like)
    tokens = torch.empty(1, 257, 1280, **like) if shape.picture else None
    return counted(lambda: predict(network, latents, sigma, y=y, text=text, tokens=tokens), network)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_denoising_takes_what_the_formula_says(name: str, size: ClipSize) -> None:
    found = _denoising(name, size, _transformer(name))
    assert found <= stage_work(FULL_SIZE_MODELS[name].shape, size).denoising <= MOST * found


@dataclass
class _LevelOfEach:
    """Latents of which each frame has a noise level of its own, as where some are held."""

    frames: int

    def put_into(self, latents: torch.Tensor) -> torch.Tensor:
        return latents

    def levels(self, _sigma: float) -> torch.Tensor:
        return torch.empty(1, self.frames, device="meta")

    def still(self, velocity: torch.Tensor) -> torch.Tensor:
        return velocity


@pytest.mark.parametrize("name", ["wan2.1-i2v", "wan2.2-ti2v-5b"])
@pytest.mark.parametrize("count", [2, 3])
def test_branches_together_take_what_the_formula_says(name: str, count: int) -> None:
    size, shape, network = SIZES[0], FULL_SIZE_MODELS[name].shape, _transformer(name)
    like: Any = {"dtype": torch.bfloat16, "device": "meta"}
    channels, frames = (48 if shape.time_of_each else 16), 21
    place = (frames, size.height // shape.vae.spatial, size.width // shape.vae.spatial)
    latents = torch.empty(1, channels, *place, device="meta")
    held: Any = _LevelOfEach(frames) if shape.time_of_each else None
    branches = [
        Branch(
            network,
            torch.empty(1, 0 if held else 20, *place, **like),
            torch.empty(1, 512, 4096, **like),
            torch.empty(1, 257, 1280, **like) if shape.picture else None,
            held=held,
            network=lambda: network,
        )
        for _ in range(count)
    ]
    found = counted(lambda: at_once(branches, latents, 0.5), network)
    work = stage_work(shape, size)
    assert found <= work.denoising + (count - 1) * work.branch <= MOST * found


def test_a_block_gives_back_what_it_took() -> None:
    size = ClipSize(832, 480, 81)
    few, more = _transformer(NAMES[0]), _transformer(NAMES[0], 5)
    assert _denoising(NAMES[0], size, more) == _denoising(NAMES[0], size, few)


@pytest.mark.parametrize("kind", ["F8_E4M3", "Q4_K", "Q8_0"])
def test_quantised_layers_with_loras_beside_them_take_what_the_formula_says(kind: str) -> None:
    name, size = "wan2.2-i2v-a14b", ClipSize(832, 480, 81)
    network = full_transformer(name, blocks=1)
    quantise_blocks(network, kind, rank=128)
    found = _denoising(name, size, network)
    work = stage_work(FULL_SIZE_MODELS[name].shape, size)
    assert found <= work.denoising + work.kept <= MOST * found


@pytest.mark.parametrize("size", [SIZES[0], ClipSize(416, 240, 9)], ids=str)
@pytest.mark.parametrize("name", ["wan2.1-i2v", "wan2.2-ti2v-5b"])
def test_the_vae_takes_what_the_formulas_say(name: str, size: ClipSize) -> None:
    vae, shape = full_vae(name), FULL_SIZE_MODELS[name].shape
    space = shape.vae.spatial
    latents = torch.empty(1, vae.config.z_dim, 2, size.height // space, size.width // space, device="meta")
    video = torch.zeros(1).expand(1, 3, 5, size.height, size.width)
    decoding = counted(lambda: [None for _ in decode_chunks(vae, latents)], vae)
    encoding = counted(lambda: encode_video(vae, video), vae)
    work = stage_work(shape, size)
    assert decoding <= work.decoding <= MOST * decoding
    assert encoding <= work.encoding <= MOST * encoding


def test_the_encoders_take_what_the_formulas_say() -> None:
    text, pictures = full_text_encoder(), full_image_encoder()
    work = stage_work(FULL_SIZE_MODELS["wan2.1-i2v"].shape, SIZES[0])
    ids = torch.zeros(1, 512, dtype=torch.long, device="meta")
    said = counted(lambda: text(input_ids=ids), text)
    seen = counted(lambda: picture_tokens(pictures, torch.empty(1, 3, 480, 832, device="meta")), pictures)
    assert said <= work.texts <= MOST * said
    assert seen <= work.pictures <= MOST * seen


@pytest.mark.parametrize("name", NAMES)
def test_known_models_have_as_many_values_as_their_networks(name: str) -> None:
    model, network = FULL_SIZE_MODELS[name], full_transformer(name)
    assert sum(value.numel() for value in network.blocks[0].parameters()) == sum(block_values(model.shape))
    outside = sum(value.numel() for key, value in network.named_parameters() if not key.startswith("blocks."))
    assert outside == rest_values(model)
    assert sum(value.numel() for value in full_vae(name).parameters()) == model.shape.vae.values
    assert tokens_of(model.shape, ClipSize(832, 480, 81)) == (8190 if model.shape.time_of_each else 32760)


def test_encoders_have_as_many_values_as_is_said() -> None:
    assert sum(value.numel() for value in full_text_encoder().parameters()) == TEXT_ENCODER_VALUES
    assert sum(value.numel() for value in full_image_encoder().parameters()) == IMAGE_ENCODER_VALUES


def test_what_is_given_back_is_counted_no_longer() -> None:
    with CountedMemory() as memory:
        first = torch.empty(1000, device="meta")
        part = first[:10]
        del first
        assert memory.now == 4096  # the part keeps the whole
        del part
        second = torch.empty(3000, device="meta")
    assert memory.now == memory.peak == 12288
    assert second.shape == (3000,)
