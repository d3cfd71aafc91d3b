"""What Talk adds to the video transformer: sound made into tokens, and attention to them in every block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import torch
from torch import nn
from torch.nn.functional import relu, scaled_dot_product_attention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

FIRST_WINDOW = 5
"""Frames of sound that the first frame of a clip hears: two before it, its own, two after it."""
LATER_WINDOW = 8
"""Frames of sound that four later frames, one latent, hear together: two before them, their own, two after them."""


@dataclass(frozen=True)
class SoundSizes:
    """Sizes of a `SoundNetwork`; the defaults beside the transformer's own are those of the authors' weights.

    `dim`, `heads` and `blocks` are the transformer's. `features` is layers times width of the sound's encoder (12 x
    768), `hidden` the width inside the projection, `tokens` how many stand for one latent frame, `width` theirs.
    """

    dim: int
    heads: int
    blocks: int
    features: int = 12 * 768
    hidden: int = 512
    tokens: int = 32
    width: int = 768

    @classmethod
    def of_shapes(cls, shapes: Mapping[str, tuple[int, ...]], heads: int) -> Self:
        """Of a file with tensors of these `shapes`, for a transformer of `heads`; raises KeyError where one lacks."""
        hidden, window = shapes["audio_proj.proj1.weight"]
        (width,) = shapes["audio_proj.norm.weight"]
        return cls(
            dim=shapes["blocks.0.audio_cross_attn.proj.weight"][0],
            heads=heads,
            blocks=sum(name.endswith(".norm_x.weight") for name in shapes),
            features=window // FIRST_WINDOW,
            hidden=hidden,
            tokens=shapes["audio_proj.proj3.weight"][0] // width,
            width=width,
        )


class SoundNetwork(nn.Module):
    """The authors' 330 tensors under their own names: `audio_proj`, and `norm_x` and `audio_cross_attn` of each block.

    It stands beside the transformer and not in it, so that LoRAs and files of either know nothing of the other.
    """

    def __init__(self, sizes: SoundSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.audio_proj = AudioProjection(sizes)
        self.blocks = nn.ModuleList(SoundBlock(sizes) for _ in range(sizes.blocks))

    def forward(self, first: Tensor, later: Tensor) -> Tensor:
        """Tokens `[B, T, tokens, width]` of the windows `first [B, 1, 5, L, C]` and `later [B, T - 1, 8, L, C]`."""
        tokens: Tensor = self.audio_proj(first, later)
        return tokens


class AudioProjection(nn.Module):
    """Windows of sound features to tokens, one set a latent frame (MultiTalk's `AudioProjModel`)."""

    def __init__(self, sizes: SoundSizes) -> None:
        super().__init__()
        self._shape = (sizes.tokens, sizes.width)
        self.proj1 = nn.Linear(FIRST_WINDOW * sizes.features, sizes.hidden)
        self.proj1_vf = nn.Linear(LATER_WINDOW * sizes.features, sizes.hidden)
        self.proj2 = nn.Linear(sizes.hidden, sizes.hidden)
        self.proj3 = nn.Linear(sizes.hidden, sizes.tokens * sizes.width)
        self.norm = nn.LayerNorm(sizes.width)

    def forward(self, first: Tensor, later: Tensor) -> Tensor:
        """See `SoundNetwork.forward`."""
        start = relu(self.proj1(first.flatten(2)))  # [B, 1, hidden]
        rest = relu(self.proj1_vf(later.flatten(2)))  # [B, T - 1, hidden]
        both = relu(self.proj2(torch.cat([start, rest], dim=1)))
        tokens: Tensor = self.norm(self.proj3(both).reshape(*both.shape[:2], *self._shape))
        return tokens


class SoundBlock(nn.Module):
    """What one block of the transformer adds to its tokens: `proj(attention(q(norm_x(x)), kv(sound)))`."""

    def __init__(self, sizes: SoundSizes) -> None:
        super().__init__()
        self.norm_x = nn.LayerNorm(sizes.dim, eps=1e-6)
        self.audio_cross_attn = SoundAttention(sizes)

    def forward(self, hidden: Tensor, sound: Tensor) -> Tensor:
        """What is added to `hidden [B, T * h * w, dim]` for `sound [B, T, tokens, width]`, in the type of `hidden`."""
        added: Tensor = self.audio_cross_attn(self.norm_x(hidden.to(self.norm_x.weight.dtype)), sound)
        return added.to(hidden.dtype)


class SoundAttention(nn.Module):
    """Each latent frame's picture tokens attend to that frame's sound tokens; no positions, no gate."""

    def __init__(self, sizes: SoundSizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.q_linear = nn.Linear(sizes.dim, sizes.dim)
        self.kv_linear = nn.Linear(sizes.width, 2 * sizes.dim)
        self.proj = nn.Linear(sizes.dim, sizes.dim)

    def forward(self, hidden: Tensor, sound: Tensor) -> Tensor:
        """`hidden [B, T * n, dim]` and `sound [B, T, tokens, width]` to `[B, T * n, dim]`."""
        kind = self.q_linear.weight.dtype
        frames = sound.to(kind).flatten(0, 1)  # [B * T, tokens, width]
        query = self.q_linear(hidden.to(kind)).reshape(len(frames), -1, hidden.shape[-1])  # [B * T, n, dim]
        key, value = self.kv_linear(frames).chunk(2, dim=-1)
        heard = scaled_dot_product_attention(self._split(query), self._split(key), self._split(value))
        merged = heard.transpose(1, 2).reshape(hidden.shape)
        result: Tensor = self.proj(merged)
        return result

    def _split(self, tokens: Tensor) -> Tensor:
        return tokens.reshape(*tokens.shape[:2], self.heads, -1).transpose(1, 2)  # [B * T, heads, n, head]
