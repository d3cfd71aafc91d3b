"""Samples of Pro: what is handed on, what is learned of it, and that it is what the engine makes of the same film."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.domain.training.recipe import DataRecipe, ErrorRecycling
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.condition import LatentCondition
from svi_studio.engine.denoising.pixels import to_signed
from svi_studio.engine.latents.vae import encode_video
from svi_studio.engine.loading.model_part import load_vae
from svi_studio.media.frames import Frames
from tests.builders.tiny_models import build_tiny_model
from tests.trainer.dataset.small_data import CPU, HEIGHT, NUM_FRAMES, WIDTH, clip, dataset, silent
from trainer.dataset.chunk_pair import ChunkPair
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.prepare import Dataset

KNOWN = family("pro").known_frames
WINDOW = 2 * NUM_FRAMES - KNOWN
BOTH = DataRecipe(variants=1, motion_frames_probability=0.5)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "pro", card={"families": ["pro"]})


def pair_of(number: int) -> ChunkPair:
    frames = np.random.default_rng(number).integers(0, 255, (1 + WINDOW, HEIGHT, WIDTH, 3)).astype(np.uint8)
    return ChunkPair(frames[:1], frames[1:], KNOWN)


def paired(number: int) -> ClipSource:
    return replace(clip(number), pair=lambda _rng: pair_of(number))


def pairs(model: Path, count: int = 4, **fields: object) -> Dataset:
    data = dataset(model, count, **{"family": "pro", "data": BOTH, **fields})
    return replace(data, clips=[paired(number) for number in range(count)])


def request(anchor: Frames, carry: Carry | None) -> ClipRequest:
    return ClipRequest("", "", 0, NUM_FRAMES, 1, 1.0, 5.0, anchor, carry)


def test_two_clips_share_the_frames_that_the_second_repeats() -> None:
    frames = np.arange(157, dtype=np.uint8).reshape(-1, 1, 1, 1).repeat(3, 3)
    pair = ChunkPair(np.full((1, 1, 1, 3), 255, np.uint8), frames, known=5)
    assert pair.num_frames == 81
    assert pair.first[:, 0, 0, 0].tolist() == list(range(81))
    assert pair.following[:, 0, 0, 0].tolist() == [255, 77, 78, 79, 80, *range(81, 157)]


def test_joined_as_films_are_no_frame_is_missing_and_none_comes_twice() -> None:
    frames = np.arange(157, dtype=np.uint8).reshape(-1, 1, 1, 1).repeat(3, 3)
    pair = ChunkPair(frames[:1], frames, known=5)
    shown = [*pair.first, *pair.following[family("pro").trimmed_frames :]]
    assert [int(frame[0, 0, 0]) for frame in shown] == list(range(157))


def test_the_condition_is_the_engines_own(model: Path, tmp_path: Path) -> None:
    """Of a film whose take before was decoded without a fault: anchor, its last latent as it is, zeros."""
    batches = pairs(model).batches(tmp_path, silent)
    build = LatentCondition(load_vae(model, CPU, rounded_to=torch.float32), family("pro"))
    kinds = set()
    for _ in range(12):
        batch = batches.next()
        pair = pair_of(int(batch.names[0].split()[1]))
        goes_on = batch.given[0] == 2
        kinds.add(goes_on)
        carry = None
        if goes_on:
            latents = encode_video(build._vae, to_signed(pair.first)[None])
            carry = Carry(pair.first[-4:], latents)
        condition = build(request(pair.anchor if goes_on else pair.first[:1], carry))
        assert torch.equal(batch.y, condition.y)
    assert kinds == {True, False}


def test_what_is_learned_is_the_clip_as_it_will_be_decoded(model: Path, tmp_path: Path) -> None:
    batches = pairs(model).batches(tmp_path, silent)
    vae = load_vae(model, CPU, rounded_to=torch.float32)
    for _ in range(8):
        batch = batches.next()
        pair = pair_of(int(batch.names[0].split()[1]))
        frames = pair.following if batch.given[0] == 2 else pair.first
        assert torch.equal(batch.latents, encode_video(vae, to_signed(frames)[None]))


def test_picture_tokens_are_those_of_the_anchor(model: Path, tmp_path: Path) -> None:
    batches = pairs(model, count=1).batches(tmp_path, silent)
    told = {batches.next().given[0]: batches.batch([n]).picture for n in range(8)}
    assert len(told) == 2
    assert not torch.equal(*told.values())  # of the anchor, and of the first clip's own first frame


def test_a_fifth_of_the_samples_begin_chains(model: Path, tmp_path: Path) -> None:
    data = pairs(model, data=DataRecipe(variants=1, motion_frames_probability=0.8))
    draws = data._batches(lambda *_: pytest.fail("not read"), 1)._draws
    begun = [draws.sample(draw).kind == "start" for draw in range(4000)]
    assert sum(begun) / len(begun) == pytest.approx(0.2, abs=0.02)


def test_live_samples_are_the_cached_ones(model: Path, tmp_path: Path) -> None:
    errors = ErrorRecycling(image_frames=2, source="degraded")
    cached = pairs(model, errors=errors).batches(tmp_path / "a", silent)
    live = pairs(model, errors=errors, data=BOTH.model_copy(update={"cache": False})).batches(tmp_path / "b", silent)
    for _ in range(4):
        one, other = cached.next(), live.next()
        assert torch.equal(one.y, other.y) and torch.equal(one.latents, other.latents)
        assert one.degraded is not None and other.degraded is not None
        assert torch.equal(one.degraded, other.degraded)


def test_degraded_copies_keep_their_anchor(model: Path, tmp_path: Path) -> None:
    errors = ErrorRecycling(image_frames=2, source="degraded")
    batches = pairs(model, errors=errors).batches(tmp_path, silent)
    for _ in range(4):
        batch = batches.next()
        assert batch.degraded is not None
        assert torch.equal(batch.degraded[:, :, 0], batch.latents[:, :, 0])
        assert not torch.equal(batch.degraded[:, :, 1:], batch.latents[:, :, 1:])


def test_without_a_source_by_hand_nothing_is_degraded(model: Path, tmp_path: Path) -> None:
    assert pairs(model).batches(tmp_path, silent).next().degraded is None


def test_frame_families_get_degraded_copies_too(tiny_model: Path, tmp_path: Path) -> None:
    batches = dataset(tiny_model, errors=ErrorRecycling(source="degraded")).batches(tmp_path, silent)
    batch = batches.next()
    assert batch.degraded is not None
    assert batch.degraded.shape == batch.latents.shape


def test_variants_draw_other_pairs(model: Path, tmp_path: Path) -> None:
    seen: list[random.Random] = []

    def pair(rng: random.Random) -> ChunkPair:
        seen.append(rng)
        return pair_of(rng.randrange(100))

    data = replace(pairs(model, data=DataRecipe(variants=2)), clips=[replace(clip(0), pair=pair)])
    data.batches(tmp_path, silent)
    assert len(seen) == 2
