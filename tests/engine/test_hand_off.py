"""Handing latents from clip to clip, and encoding what is constant only once."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
import torch

from svi_studio.domain.film.conditioning import HandOff
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.engine.denoising import clip_renderer
from svi_studio.engine.denoising import condition as condition_module
from svi_studio.engine.denoising.carry import Carry, read_carry, save_latents, save_tail
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.condition import CONDITIONS, ConditionBuilder
from svi_studio.engine.denoising.pixels import to_signed
from svi_studio.engine.denoising.prompt import PromptEncoder
from svi_studio.engine.latents.vae import encode_video
from svi_studio.engine.loading.wan_models import WanModels
from tests.builders.held_files import is_mapped, needs_maps

NUM_FRAMES = 13


def frames(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 16, 32, 3), dtype=np.uint8)


def builder(models: WanModels, hand_off: HandOff, motion: int, pad: int) -> ConditionBuilder:
    profile = FamilyProfile(name="x", title="", hand_off=hand_off, num_motion_frames=motion, ref_pad_num=pad)
    return CONDITIONS[hand_off](models.vae, profile)


def clip(anchor: np.ndarray, carry: Carry | None = None) -> ClipRequest:
    return ClipRequest(
        prompt="a ball",
        negative_prompt="",
        seed=0,
        num_frames=NUM_FRAMES,
        num_inference_steps=2,
        guidance_scale=1.0,
        shift=5.0,
        anchor=anchor,
        carry=carry,
    )


def encoded(models: WanModels, picture: np.ndarray) -> torch.Tensor:
    return encode_video(models.vae, to_signed(picture)[None])


def test_a_chain_of_latents_starts_from_the_anchor_and_zeros(models: WanModels) -> None:
    anchor = frames(1)
    y = builder(models, "latents", 1, -1)(clip(anchor)).y
    assert y.shape == (1, 20, 4, 2, 4)
    assert torch.equal(y[:, 4:, :1], encoded(models, anchor))
    assert not y[:, 4:, 1:].any()


def test_the_last_latents_follow_the_anchor_as_they_are(models: WanModels) -> None:
    anchor, latents = frames(1), torch.randn(1, 16, 2, 2, 4)
    y = builder(models, "latents", 2, -1)(clip(anchor, Carry(frames(2), latents))).y
    assert torch.equal(y[:, 4:, :1], encoded(models, anchor))
    assert torch.equal(y[:, 4:, 1:3], latents)
    assert not y[:, 4:, 3:].any()


def test_only_the_first_frame_is_marked_when_latents_are_handed_on(models: WanModels) -> None:
    y = builder(models, "latents", 1, -1)(clip(frames(1), Carry(frames(1), torch.randn(1, 16, 1, 2, 4)))).y
    assert y[:, :4, 0].all()
    assert not y[:, :4, 1:].any()


def test_a_family_that_hands_on_latents_renders_through_the_same_chain(models: WanModels) -> None:
    profile = FamilyProfile(name="x", title="", hand_off="latents", num_motion_frames=1, ref_pad_num=-1)
    renderer = ClipRenderer(models, profile)
    start = clip(frames(1))
    first = renderer.latents(start)
    second = renderer.latents(replace(start, carry=Carry(frames(1), first[:, :, -1:])))
    assert second.shape == first.shape
    assert not torch.equal(first, second)


@pytest.mark.parametrize("hand_off", ["latents", "frames"])
def test_the_start_of_a_chain_is_encoded_once(models: WanModels, hand_off: HandOff) -> None:
    build = builder(models, hand_off, 1, -1)
    with patch.object(condition_module, "encode_video", wraps=encode_video) as encode:
        for _ in range(3):
            build(clip(frames(1)))
    assert encode.call_count == 1


def test_latents_are_handed_on_without_encoding_anything_again(models: WanModels) -> None:
    build = builder(models, "latents", 1, -1)
    with patch.object(condition_module, "encode_video", wraps=encode_video) as encode:
        for seed in range(3):
            build(clip(frames(1), Carry(frames(1, seed), torch.randn(1, 16, 1, 2, 4))))
    assert encode.call_count == 1


def test_a_repeated_prompt_is_encoded_once(models: WanModels) -> None:
    with patch.object(models.text_encoder, "forward", wraps=models.text_encoder.forward) as forward:
        encode = PromptEncoder(models)
        texts = [encode("a red ball"), encode("overexposed"), encode(" a red\nball ")]
    assert forward.call_count == 2
    assert torch.equal(texts[0], texts[2])
    assert texts[0].shape == (1, 512, 32)


@needs_maps
@pytest.mark.parametrize("count", [1, 4])
def test_a_take_can_be_deleted_while_the_next_clip_is_made(tmp_path: Path, count: int) -> None:
    save_tail(frames(4), 4, tmp_path.joinpath)
    save_latents(torch.randn(1, 16, 4, 2, 4), tmp_path.joinpath)
    carry = read_carry(count, tmp_path.joinpath)
    assert carry.latents.shape[2] == count
    assert not is_mapped(tmp_path), "Windows would keep it"


def test_what_a_clip_leaves_comes_back_from_the_disk_unchanged(tmp_path: Path) -> None:
    latents, clip = torch.randn(1, 16, 4, 2, 4), frames(NUM_FRAMES)
    save_latents(latents, tmp_path.joinpath)
    save_tail(clip, 3, tmp_path.joinpath)
    carry = read_carry(3, tmp_path.joinpath)
    assert np.array_equal(carry.frames, clip[-3:])
    assert torch.equal(carry.latents, latents[:, :, -3:])


class Listening:
    """A transformer that takes a sound beside what the stock one takes."""

    def __init__(self, stock: Any) -> None:
        self.stock = stock

    def __call__(self, *, sound: torch.Tensor, **known: Any) -> tuple[torch.Tensor]:
        return (self.stock(**known)[0] + sound,)


def test_what_else_a_clip_is_made_from_reaches_the_transformer(
    models: WanModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_sound(vae: Any, profile: FamilyProfile) -> ConditionBuilder:
        build = CONDITIONS["frames"](vae, profile)
        return lambda request: replace(build(request), extra=request.inputs)

    profile = FamilyProfile(name="x", title="", num_motion_frames=1, ref_pad_num=-1)
    noise, request = torch.randn(1, 16, 4, 2, 4), clip(frames(1))
    silent = ClipRenderer(models, profile).velocity(request)(noise, 0.5)
    monkeypatch.setattr(clip_renderer, "CONDITIONS", {"frames": with_sound})
    renderer = ClipRenderer(replace(models, transformer=Listening(models.transformer)), profile)
    heard = renderer.velocity(replace(request, inputs={"sound": torch.tensor(2.0)}))(noise, 0.5)
    assert torch.equal(heard, silent + 2)
