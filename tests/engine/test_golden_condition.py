"""The condition of a clip against what the authors' program computed, for every way to pad."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from svi_studio.domain.film.family import FamilyProfile
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.condition import Condition, PixelCondition
from svi_studio.engine.denoising.pixels import resize_picture
from tests.engine.golden_networks import Golden, golden_image_encoder, golden_vae


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "cond")


@pytest.fixture(scope="module")
def vae(golden: Golden) -> object:
    return golden_vae(golden.weights(), golden.facts["vae_base_dim"])


def resized(golden: Golden, name: str) -> np.ndarray:
    """The picture or pictures `name`, resized by the program's own code: uint8 `[n, H, W, 3]`."""
    pictures = golden[name].numpy()
    size = (golden.facts["width"], golden.facts["height"])
    each = [resize_picture(Image.fromarray(picture), *size) for picture in pictures.reshape(-1, *pictures.shape[-3:])]
    return np.concatenate(each)


def build(golden: Golden, vae: object, case: str) -> Condition:
    facts = golden.facts["cases"][case]
    profile = FamilyProfile(
        name="golden",
        title="",
        num_motion_frames=facts["n"],
        ref_pad_num=facts["ref_pad_num"],
        ref_pad_cfg=facts["ref_pad_cfg"],
    )
    motion = resized(golden, "frames")[: facts["n"]]
    carry = Carry(motion, torch.empty(0))
    anchor, num_frames = resized(golden, "ref_frame"), golden.facts["num_frames"]
    return PixelCondition(vae, profile)(ClipRequest("", "", 0, num_frames, 1, 1.0, 5.0, anchor, carry))


@pytest.mark.parametrize("name", ["frames", "ref_frame"])
def test_pictures_are_resized_like_the_authors(golden: Golden, name: str) -> None:
    wanted = golden[f"{name}_resized"].numpy()
    assert np.array_equal(resized(golden, name), wanted.reshape(-1, *wanted.shape[-3:]))


def test_y_is_the_authors_for_every_way_to_pad(golden: Golden, vae: object) -> None:
    far = {case: (build(golden, vae, case).y - golden[f"y_{case}"]).abs().max() for case in golden.facts["cases"]}
    assert far
    assert {case: difference for case, difference in far.items() if difference > 1e-5} == {}


def test_clip_sees_the_first_motion_frame(golden_dir: Path, golden: Golden, vae: object) -> None:
    clip = Golden(golden_dir, "clip")
    encoder = golden_image_encoder(clip.weights(), clip.facts["config"])
    several = max(golden.facts["cases"], key=lambda case: golden.facts["cases"][case]["n"])
    found = picture_tokens(encoder, build(golden, vae, several).picture)
    assert (found - golden["clip_feature"]).abs().max() <= 1e-5
