"""Wan's VAE: video to normalised latents and back, a few frames at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import patchify, unpatchify
from torch import nn

from svi_studio.engine.latents.frames import truncate_into
from svi_studio.engine.latents.tiling import DECODE_TILES, ENCODE_TILES, Tiles, blend_tiles
from svi_studio.engine.memory.guests import at_work
from svi_studio.engine.out_of_memory import retry_smaller

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.media.frames import Frames

T = TypeVar("T")


def latent_shape(vae: Any, num_frames: int, width: int, height: int) -> tuple[int, int, int, int, int]:
    """`[1, C, T, h, w]` of the latents of `num_frames` frames (4k + 1) of `width` x `height` pixels."""
    time, space = vae.config.scale_factor_temporal, vae.config.scale_factor_spatial
    return 1, vae.config.z_dim, (num_frames - 1) // time + 1, height // space, width // space


@torch.no_grad()
def encode_video(vae: Any, video: Tensor) -> Tensor:
    """The mean latents of `video [1, 3, N, H, W]` in [-1, 1], normalised: `(mu - mean) / std`, `[1, C, T, h, w]`.

    Frames go through 1, 4, 4, ... at a time, so only those need to fit on the VAE's device. Runs in the VAE's own
    precision (float32) and untiled; after running out of memory once more, in tiles.
    """
    return _whole_or_tiled(
        vae, lambda: _encode(vae, video), lambda: encode_tiled(vae, video, _tiles(vae, ENCODE_TILES))
    )


@torch.no_grad()
def encode_tiled(vae: Any, video: Tensor, tiles: Tiles) -> Tensor:
    """Like `encode_video`, tile by tile with blended borders; `tiles` are in latent pixels."""
    space = vae.config.scale_factor_spatial
    pixels = tiles.scaled(space)

    def encode(tile: tuple[slice, slice]) -> Tensor:
        return _encode(vae, video[..., tile[0], tile[1]]).cpu()

    shape = latent_shape(vae, video.shape[2], video.shape[4], video.shape[3])
    return blend_tiles(encode, (video.shape[3], video.shape[4]), pixels, shape, 1 / space).to(vae.device)


def decode_frames(vae: Any, latents: Tensor, *, tiled: bool = False) -> Frames:
    """The frames of normalised `latents [1, C, T, h, w]`: uint8 `[4T - 3, h * 8, w * 8, 3]`, truncated.

    Untiled, in the VAE's own precision (float32), unless `tiled`; after running out of memory once more, in tiles.
    Raises `FloatingPointError` if the VAE yields NaN or infinity.
    """
    return _whole_or_tiled(vae, lambda: _frames(vae, latents), lambda: _tiled_frames(vae, latents), tiled=tiled)


@torch.no_grad()
def decode_chunks(vae: Any, latents: Tensor) -> Iterator[Tensor]:
    """Decoded video of normalised `latents [1, C, T, h, w]`: 1 frame, then 4 a latent; `[3, n, H, W]`, not clamped."""
    mean, std = _statistics(vae)
    cache = _feature_cache(vae.decoder)
    for t in range(latents.shape[2]):
        latent = latents[:, :, t : t + 1].to(vae.device, vae.dtype) / (1 / std) + mean  # rounds like the authors
        first = {"first_chunk": True} if t == 0 else {}
        folded = vae.decoder(vae.post_quant_conv(latent), feat_cache=cache, feat_idx=[0], **first)
        yield unpatchify(folded, _fold(vae))[0]


@torch.no_grad()
def decode_tiled(vae: Any, latents: Tensor, tiles: Tiles) -> Tensor:
    """Decoded video `[1, 3, N, H, W]` in [-1, 1], on the CPU, tile by tile with blended borders."""
    space, time = vae.config.scale_factor_spatial, vae.config.scale_factor_temporal

    def decode(tile: tuple[slice, slice]) -> Tensor:
        part = latents[..., tile[0], tile[1]]
        return torch.cat([chunk.cpu() for chunk in decode_chunks(vae, part)], dim=1)[None]

    t, h, w = latents.shape[2:]
    shape = (1, 3, (t - 1) * time + 1, h * space, w * space)
    return blend_tiles(decode, (h, w), tiles, shape, space).clamp_(-1, 1)


def _whole_or_tiled(vae: Any, whole: Callable[[], T], in_tiles: Callable[[], T], *, tiled: bool = False) -> T:
    """One of both, with the VAE where it works: in tiles where that is wanted here, or by the plan for its memory.

    Without such a plan it is tried whole first.
    """
    with at_work(vae) as guest:
        if tiled or (guest is not None and guest.tiled):
            return in_tiles()
        return retry_smaller(whole, in_tiles) if guest is None or guest.tiled is None else whole()


def _encode(vae: Any, video: Tensor) -> Tensor:
    mean, std = _statistics(vae)
    cache = _feature_cache(vae.encoder)
    latents = []
    time = vae.config.scale_factor_temporal
    for start in range(1 - time, video.shape[2], time):
        chunk = video[:, :, max(start, 0) : start + time].to(vae.device, vae.dtype)  # the first chunk is one frame
        folded = vae.encoder(patchify(chunk, _fold(vae)), feat_cache=cache, feat_idx=[0])
        moments = vae.quant_conv(folded)  # [1, 2C, 1, h, w]
        latents.append((moments[:, : vae.config.z_dim] - mean) * (1 / std))
    return torch.cat(latents, dim=2)


def _frames(vae: Any, latents: Tensor) -> Frames:
    _, _, t, h, w = latents.shape
    space, time = vae.config.scale_factor_spatial, vae.config.scale_factor_temporal
    frames = torch.empty((t - 1) * time + 1, h * space, w * space, 3, dtype=torch.uint8)
    start = 0
    for chunk in decode_chunks(vae, latents):
        _check_finite(chunk)
        truncate_into(chunk, frames[start : start + chunk.shape[1]])
        start += chunk.shape[1]
    return frames.numpy()


def _tiled_frames(vae: Any, latents: Tensor) -> Frames:
    video = decode_tiled(vae, latents, _tiles(vae, DECODE_TILES))[0]  # [3, N, H, W]
    _check_finite(video)
    frames = np.empty((*video.shape[1:], 3), dtype=np.uint8)
    truncate_into(video, torch.from_numpy(frames))
    return frames


def _tiles(vae: Any, tiles: Tiles) -> Tiles:
    return tiles.of_pixels(vae.config.scale_factor_spatial)


def _check_finite(video: Tensor) -> None:
    """One pass: a sum of bounded values is finite exactly when all of them are."""
    if not torch.isfinite(video.sum()):
        raise FloatingPointError("The VAE decoded to values that are not finite.")


def _statistics(vae: Any) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the latents, `[1, C, 1, 1, 1]` each, on the VAE's device."""
    mean, std = (
        torch.tensor(values, device=vae.device, dtype=vae.dtype).view(1, -1, 1, 1, 1)
        for values in (vae.config.latents_mean, vae.config.latents_std)
    )
    return mean, std


def _fold(vae: Any) -> int:
    """Pixels on a side that the VAE folds into channels before its first convolution: 1 in Wan 2.1, 2 in others."""
    return vae.config.patch_size or 1


def _feature_cache(network: nn.Module) -> list[Any]:
    """Room for the last frames that each causal convolution of `network` has seen."""
    return [None] * sum(isinstance(module, nn.Conv3d) for module in network.modules())
