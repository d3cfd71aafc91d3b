"""Trains the decoder of a Wan VAE in the plane: the same weights, frame by frame, several times faster on a CPU.

In svi-mini only the `time_conv` layers look back in time; every other causal convolution has no weight on past frames.
Its last time slice is then an ordinary 2D convolution over all frames at once, with the same result as the 3D class.
"""

import copy
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKLWan
from diffusers.models.autoencoders.autoencoder_kl_wan import WanCausalConv3d, WanResample, unpatchify
from torch import Tensor, nn


class PlanarDecoder(nn.Module):
    """The decoder of a Wan VAE with a 2D convolution for each 3D one; `write_back` puts its weights into a VAE."""

    def __init__(self, vae: AutoencoderKLWan) -> None:
        super().__init__()
        self._patch_size: int = vae.config.patch_size
        self.post_quant_conv = _flattened(vae.post_quant_conv)
        self.decoder: Any = copy.deepcopy(vae.decoder)
        for name, module in list(self.decoder.named_modules()):
            if isinstance(module, WanCausalConv3d) and not name.endswith("time_conv"):
                parent, _, child = name.rpartition(".")
                setattr(self.decoder.get_submodule(parent), child, _flattened(module))

    def forward(self, latents: Tensor) -> Tensor:
        """Video [B, 3, 1 + 4n, H, W], not clamped, from latents [B, z, 1 + n, h, w] that are not normalised."""
        x, frames = _planes(latents)
        x = self.decoder.conv_in(self.post_quant_conv(x))
        x = _middle(self.decoder.mid_block, x)
        for block in self.decoder.up_blocks:
            for resnet in block.resnets:
                x = _residual(resnet, x)
            for up in block.upsamplers or ():
                x, frames = _upsample(up, x, frames)
        x = self.decoder.conv_out(F.silu(_norm(self.decoder.norm_out, x)))
        return unpatchify(x.unflatten(0, (-1, frames)).transpose(1, 2), self._patch_size)

    @torch.no_grad()
    def write_back(self, vae: AutoencoderKLWan) -> None:
        """Copies the trained weights into the VAE; past frames get weight zero outside the `time_conv` layers."""
        ours = self.state_dict()
        for name, parameter in [*vae.named_parameters()]:
            if name not in ours:
                continue
            if parameter.shape == ours[name].shape:
                parameter.copy_(ours[name])
            else:
                parameter.zero_()
                parameter[:, :, -1] = ours[name]


def _flattened(conv: WanCausalConv3d) -> nn.Conv2d:
    flat = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size[1], padding=conv.kernel_size[1] // 2)
    flat.weight.data.copy_(conv.weight.data[:, :, -1])
    assert conv.bias is not None and flat.bias is not None
    flat.bias.data.copy_(conv.bias.data)
    return flat


def _middle(block: Any, x: Tensor) -> Tensor:
    x = _residual(block.resnets[0], x)
    for attention, resnet in zip(block.attentions, block.resnets[1:], strict=True):
        x = _residual(resnet, attention(x.unsqueeze(2)).squeeze(2))
    return x


def _planes(video: Tensor) -> tuple[Tensor, int]:
    """[B, C, T, H, W] to [B*T, C, H, W] and T."""
    b, c, t, h, w = video.shape
    return video.transpose(1, 2).reshape(b * t, c, h, w).contiguous(memory_format=torch.channels_last), t


def _norm(norm: Any, x: Tensor) -> Tensor:
    return F.normalize(x, dim=1) * (norm.scale * norm.gamma.view(1, -1, 1, 1))


def _residual(block: Any, x: Tensor) -> Tensor:
    shortcut = block.conv_shortcut(x)
    x = block.conv1(F.silu(_norm(block.norm1, x)))
    x = block.conv2(F.silu(_norm(block.norm2, x)))
    return x + shortcut


def _upsample(layer: WanResample, x: Tensor, frames: int) -> tuple[Tensor, int]:
    if layer.mode == "upsample3d" and frames > 1:
        x, frames = _later(layer.time_conv, x, frames)
    return layer.resample(x), frames


def _later(conv: WanCausalConv3d, x: Tensor, frames: int) -> tuple[Tensor, int]:
    """Frame 0 as it is, then two frames for each one, from it and the two before (zeros before the second frame)."""
    v = x.unflatten(0, (-1, frames))
    rest = v[:, 1:]
    padded = torch.cat([torch.zeros_like(rest[:, :1]), torch.zeros_like(rest[:, :1]), rest], dim=1)
    triples = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=2)
    out = _pointwise(conv, triples, 3)  # [B, T-1, 2C, h, w]
    pairs = out.unflatten(2, (2, -1)).flatten(1, 2)
    return torch.cat([v[:, :1], pairs], dim=1).flatten(0, 1).contiguous(
        memory_format=torch.channels_last
    ), 2 * frames - 1


def _pointwise(conv: WanCausalConv3d, stacked: Tensor, taps: int) -> Tensor:
    """A (taps, 1, 1) convolution as one matrix product over stacked taps: [B, T, taps*C, h, w] to [B, T, out, h, w]."""
    weight = conv.weight[..., 0, 0].permute(0, 2, 1).reshape(conv.out_channels, taps * conv.in_channels)
    b, t = stacked.shape[:2]
    flat = stacked.flatten(0, 1).contiguous(memory_format=torch.channels_last)
    return F.conv2d(flat, weight[:, :, None, None], conv.bias).unflatten(0, (b, t))
