"""Trains a Wan VAE in the plane: the same weights, computed frame by frame, several times faster on a CPU.

In svi-mini only the `time_conv` layers look back in time; every other causal convolution has zero weights on past frames.
Its last time slice is then an ordinary 2D convolution over all frames at once, with the same result as the 3D class.
"""

from typing import Any

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKLWan
from diffusers.models.autoencoders.autoencoder_kl_wan import (
    WanAttentionBlock,
    WanCausalConv3d,
    WanResample,
    WanResidualBlock,
    patchify,
    unpatchify,
)
from torch import Tensor, nn


def forget_the_past(vae: AutoencoderKLWan) -> None:
    """Set the weights on past frames to zero in every convolution but the `time_conv` layers."""
    with torch.no_grad():
        for name, module in vae.named_modules():
            if isinstance(module, WanCausalConv3d) and not name.endswith("time_conv"):
                module.weight[:, :, :-1] = 0


class PlanarVAE(nn.Module):
    """A Wan VAE seen frame by frame. Videos are [B, 3, T, H, W] in -1..1 with T = 1 + 4n; latents [B, z, 1 + n, h, w]."""

    def __init__(self, vae: AutoencoderKLWan) -> None:
        super().__init__()
        self.vae = vae

    def encode(self, video: Tensor) -> Tensor:
        """Mean latents, not normalised."""
        encoder: Any = self.vae.encoder
        x, frames = _planes(patchify(video, self.vae.config.patch_size))
        x = _conv(encoder.conv_in, x)
        for layer in encoder.down_blocks:
            x, frames = _layer(layer, x, frames)
        x = self._middle(encoder.mid_block, x)
        x = _conv(encoder.conv_out, F.silu(_norm(encoder.norm_out, x)))
        x = _conv(self.vae.quant_conv, x)
        return _video(x, frames)[:, : self.vae.config.z_dim]

    def decode(self, latents: Tensor) -> Tensor:
        """Video from mean latents, not clamped."""
        decoder: Any = self.vae.decoder
        x, frames = _planes(latents)
        x = _conv(self.vae.post_quant_conv, x)
        x = _conv(decoder.conv_in, x)
        x = self._middle(decoder.mid_block, x)
        for block in decoder.up_blocks:
            for resnet in block.resnets:
                x = _residual(resnet, x)
            for up in block.upsamplers or ():
                x, frames = _layer(up, x, frames)
        x = _conv(decoder.conv_out, F.silu(_norm(decoder.norm_out, x)))
        return unpatchify(_video(x, frames), self.vae.config.patch_size)

    def forward(self, video: Tensor, noise: float = 0.0) -> tuple[Tensor, Tensor]:
        """Reconstruction and mean latents; ``noise`` in latent standard deviations is added before decoding."""
        latents = self.encode(video)
        spread = latents.detach().std(dim=(0, 2, 3, 4), keepdim=True)
        return self.decode(latents + noise * spread * torch.randn_like(latents)), latents

    def _middle(self, block: Any, x: Tensor) -> Tensor:
        x = _residual(block.resnets[0], x)
        for attention, resnet in zip(block.attentions, block.resnets[1:], strict=True):
            x = _residual(resnet, _attention(attention, x))
        return x


def _planes(video: Tensor) -> tuple[Tensor, int]:
    """[B, C, T, H, W] to [B*T, C, H, W] and T."""
    b, c, t, h, w = video.shape
    return video.transpose(1, 2).reshape(b * t, c, h, w).contiguous(memory_format=torch.channels_last), t


def _video(x: Tensor, frames: int) -> Tensor:
    return x.unflatten(0, (-1, frames)).transpose(1, 2)


def _conv(conv: WanCausalConv3d, x: Tensor) -> Tensor:
    return F.conv2d(x, conv.weight[:, :, -1], conv.bias, padding=conv.kernel_size[1] // 2)


def _norm(norm: Any, x: Tensor) -> Tensor:
    return F.normalize(x, dim=1) * (norm.scale * norm.gamma.view(1, -1, 1, 1))


def _residual(block: WanResidualBlock, x: Tensor) -> Tensor:
    shortcut = x if isinstance(block.conv_shortcut, nn.Identity) else _conv(block.conv_shortcut, x)
    x = _conv(block.conv1, F.silu(_norm(block.norm1, x)))
    x = _conv(block.conv2, F.silu(_norm(block.norm2, x)))
    return x + shortcut


def _attention(block: WanAttentionBlock, x: Tensor) -> Tensor:
    return block(x.unsqueeze(2)).squeeze(2)


def _layer(layer: nn.Module, x: Tensor, frames: int) -> tuple[Tensor, int]:
    if isinstance(layer, WanResidualBlock):
        return _residual(layer, x), frames
    if isinstance(layer, WanAttentionBlock):
        return _attention(layer, x), frames
    assert isinstance(layer, WanResample)
    if layer.mode == "upsample3d" and frames > 1:
        x, frames = _later(layer.time_conv, x, frames)
    x = layer.resample(x)
    if layer.mode == "downsample3d" and frames > 1:
        x, frames = _fewer(layer.time_conv, x, frames)
    return x, frames


def _fewer(conv: WanCausalConv3d, x: Tensor, frames: int) -> tuple[Tensor, int]:
    """Frame 0 as it is, then one frame for each two, from three neighbours."""
    v = x.unflatten(0, (-1, frames))
    triples = torch.cat([v[:, :-2:2], v[:, 1:-1:2], v[:, 2::2]], dim=2)
    out = _pointwise(conv, triples, 3)
    return torch.cat([v[:, :1], out], dim=1).flatten(0, 1).contiguous(memory_format=torch.channels_last), 1 + out.shape[1]


def _later(conv: WanCausalConv3d, x: Tensor, frames: int) -> tuple[Tensor, int]:
    """Frame 0 as it is, then two frames for each one, from it and the two before (zeros before the second frame)."""
    v = x.unflatten(0, (-1, frames))
    rest = v[:, 1:]
    padded = torch.cat([torch.zeros_like(rest[:, :1]), torch.zeros_like(rest[:, :1]), rest], dim=1)
    triples = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=2)
    out = _pointwise(conv, triples, 3)  # [B, T-1, 2C, h, w]
    pairs = out.unflatten(2, (2, -1)).flatten(1, 2)
    return torch.cat([v[:, :1], pairs], dim=1).flatten(0, 1).contiguous(memory_format=torch.channels_last), 2 * frames - 1


def _pointwise(conv: WanCausalConv3d, stacked: Tensor, taps: int) -> Tensor:
    """A (taps, 1, 1) convolution as one matrix product over stacked taps: [B, T, taps*C, h, w] to [B, T, out, h, w]."""
    weight = conv.weight[..., 0, 0].permute(0, 2, 1).reshape(conv.out_channels, taps * conv.in_channels)
    b, t = stacked.shape[:2]
    flat = stacked.flatten(0, 1).contiguous(memory_format=torch.channels_last)
    return F.conv2d(flat, weight[:, :, None, None], conv.bias).unflatten(0, (b, t))
