"""The VAE, CLIP and the text encoder against what the authors' program computed."""

import copy
from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.pixels import to_signed
from svi_studio.engine.denoising.prompt import clean_prompt, encode_tokens
from svi_studio.engine.latents.tiling import Tiles
from svi_studio.engine.latents.vae import decode_chunks, decode_frames, decode_tiled, encode_tiled, encode_video
from tests.engine.golden_networks import Golden, golden_image_encoder, golden_text_encoder, golden_vae


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "vae")


@pytest.fixture(scope="module")
def vae(golden: Golden) -> Any:
    return golden_vae(golden.weights(), golden.facts["vae_base_dim"])


def far(found: torch.Tensor, wanted: torch.Tensor) -> float:
    assert found.shape == wanted.shape
    return (found.double() - wanted.double()).abs().max().item()


def decoded(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    return torch.cat(list(decode_chunks(vae, latents)), dim=1).clamp(-1, 1)[None]


def allowed(vae: Any, latents: torch.Tensor) -> float:
    """1e-5, and what float32 itself rounds off on this processor: the tiny random decoder amplifies its last bit.

    On other processors than the authors' the convolutions add up in another order; double precision tells how much.
    """
    exact = decoded(copy.deepcopy(vae).double(), latents.double())
    return 1e-5 + far(decoded(vae, latents), exact)


def tiles_in(name: str) -> Tiles:
    """The tiles of a tensor named `..._tiled_6x8_3x4`: size, then stride."""
    (h, w), (down, right) = (map(int, part.split("x")) for part in name.split("_")[-2:])
    return Tiles((h, w), (down, right))


def test_a_video_encodes_to_the_authors_latents(golden: Golden, vae: Any) -> None:
    assert far(encode_video(vae, golden["x"][None]), golden["z"]) <= 1e-5


def test_latents_decode_to_the_authors_video(golden: Golden, vae: Any) -> None:
    assert far(decoded(vae, golden["z"]), golden["recon"]) <= allowed(vae, golden["z"])


def test_frames_are_truncated_like_the_authors(golden: Golden, vae: Any) -> None:
    frames = torch.from_numpy(decode_frames(vae, golden["z"]))
    difference = (frames.int() - golden["recon_uint8"].int()).abs()
    assert difference.max() <= 1
    assert difference.count_nonzero() <= frames.numel() / 200


def test_other_latents_decode_to_the_authors_video(golden: Golden, vae: Any) -> None:
    assert far(decoded(vae, golden["z2"]), golden["dec2"]) <= allowed(vae, golden["z2"])


def test_tiles_decode_like_the_authors_tiles(golden: Golden, vae: Any) -> None:
    name = next(name for name in golden.tensors if name.startswith("dec2_tiled"))
    assert far(decode_tiled(vae, golden["z2"], tiles_in(name)), golden[name]) <= allowed(vae, golden["z2"])


def test_tiles_encode_like_the_authors_tiles(golden: Golden, vae: Any) -> None:
    name = next(name for name in golden.tensors if name.startswith("z_tiled"))
    assert far(encode_tiled(vae, golden["x"][None], tiles_in(name)), golden[name]) <= 1e-5


def test_clip_sees_what_the_authors_clip_sees(golden_dir: Path) -> None:
    golden = Golden(golden_dir, "clip")
    encoder = golden_image_encoder(golden.weights(), golden.facts["config"])
    picture = to_signed(golden["image"].numpy()[None])[None, :, 0]  # [1, 3, H, W]
    assert far(picture_tokens(encoder, picture), golden["clip_feature"]) <= 1e-5


def test_text_features_are_the_authors_and_zero_past_the_prompt(golden_dir: Path) -> None:
    golden = Golden(golden_dir, "text_encoder")
    encoder = golden_text_encoder(golden.weights(), golden.facts["config"])
    features = encode_tokens(encoder, golden["ids"], golden["mask"])
    assert far(features, golden["prompt_emb"]) <= 1e-4


def test_prompts_are_cleaned_like_the_authors(golden_dir: Path) -> None:
    cases = Golden(golden_dir, "text_encoder").facts["clean"]
    assert [clean_prompt(case["input"]) for case in cases] == [case["output"] for case in cases]
