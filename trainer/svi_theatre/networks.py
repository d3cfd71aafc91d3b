"""What learns in svi-theatre: its video transformer, with the networks of Talk and Dance beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from diffusers import WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.engine.conditions.attachment import SKELETON, SOUND, attach
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.engine.denoising.transformer_call import predict
from trainer.mini.follower import windows
from trainer.mini.networks import ShortText
from trainer.mini.skeleton_start import start
from trainer.svi_theatre.configuration import (
    CELL,
    PICTURE_TOKENS,
    SKELETON_CHANNELS,
    SOUND_FEATURES,
    SOUND_HIDDEN,
    SOUND_TOKENS,
    SOUND_WIDTH,
    TRANSFORMER,
    TRANSFORMER_WIDTH,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainer.svi_theatre.lesson_pool import Batch


class Student(nn.Module):
    """The three networks that learn together, by the names of their files in a model folder."""

    def __init__(self, sizes: Mapping[str, Any] = TRANSFORMER) -> None:
        """Fresh networks for a transformer of these ``sizes``; they change nothing yet."""
        super().__init__()
        self.transformer = WanTransformer3DModel(**sizes)
        nn.init.zeros_(self.transformer.proj_out.weight)
        nn.init.zeros_(self.transformer.proj_out.bias)
        self.sound = fresh_sound(sizes)
        self.skeleton = fresh_skeleton(width_of(sizes))

    def learn(self) -> None:
        """Gets ready for training: short texts, attention as plain products, sound and skeletons as inputs."""
        for block in self.transformer.blocks:
            block.attn1.set_processor(PlainAttention())
            block.attn2.set_processor(ShortText(PICTURE_TOKENS))
        self._attached = attach(self.transformer, sound=self.sound)

    def velocity(self, x: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        """Predicted noise minus data, float32 [B, C, T, h, w], for noisy latents ``x``."""
        extra: dict[str, Tensor] = {}
        if batch.sound is not None:
            extra[SOUND] = self.sound(*windows(batch.sound))
        if batch.skeleton is not None:
            led = self.skeleton.tokens(batch.skeleton.float() / 255)
            tokens = led.new_zeros(len(x), *led.shape[1:])
            tokens[batch.led] = led
            extra[SKELETON] = tokens
        return predict(
            self.transformer, x, sigma, y=batch.condition, text=batch.text, tokens=batch.picture, extra=extra
        )


def width_of(sizes: Mapping[str, Any]) -> int:
    """Of a transformer's tokens."""
    return int(sizes["num_attention_heads"] * sizes["attention_head_dim"])


def fresh_skeleton(width: int = TRANSFORMER_WIDTH) -> SkeletonNetwork:
    """A pose encoder that adds nothing yet; all of it learns."""
    network = SkeletonNetwork(width, channels=SKELETON_CHANNELS, patch=2 * CELL)
    start(network)
    return network.requires_grad_(True)


def fresh_sound(transformer: Mapping[str, Any] = TRANSFORMER) -> SoundNetwork:
    """Networks of Talk that add nothing yet."""
    sizes = SoundSizes(
        dim=width_of(transformer),
        heads=transformer["num_attention_heads"],
        blocks=transformer["num_layers"],
        features=SOUND_FEATURES,
        hidden=SOUND_HIDDEN,
        tokens=SOUND_TOKENS,
        width=SOUND_WIDTH,
    )
    network = SoundNetwork(sizes)
    for block in network.blocks:
        projection: Any = block.get_submodule("audio_cross_attn.proj")
        nn.init.zeros_(projection.weight)
        nn.init.zeros_(projection.bias)
    return network


class PlainAttention:
    """Self attention as two products and a softmax: on a CPU in bfloat16 the fused kernel is half as quick to learn."""

    def __call__(
        self, attn: Any, hidden_states: Tensor, _: Any = None, __: Any = None, rotary_emb: Any = None, **___: Any
    ) -> Tensor:
        """Attends among ``hidden_states`` [B, N, C]."""
        value = self._heads(attn.to_v(hidden_states), attn)
        query = self._heads(attn.norm_q(attn.to_q(hidden_states)), attn)
        key = self._heads(attn.norm_k(attn.to_k(hidden_states)), attn)
        query, key = (turned(x, *rotary_emb).to(value.dtype) for x in (query, key))
        query, key, value = (x.transpose(1, 2) for x in (query, key, value))
        weights = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
        mixed = weights.softmax(-1).to(value.dtype) @ value
        result: Tensor = attn.to_out[0](mixed.transpose(1, 2).flatten(2))
        return result

    @staticmethod
    def _heads(x: Tensor, attn: Any) -> Tensor:
        return x.unflatten(2, (attn.heads, -1))


def turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """``x`` [B, N, heads, d] with its places turned in (rotary embedding): pairs of neighbours by their angles."""
    one, other = x.unflatten(-1, (-1, 2)).unbind(-1)
    c, s = cos[..., 0::2], sin[..., 1::2]
    return torch.stack([one * c - other * s, one * s + other * c], -1).flatten(-2)


def short_texts(text_encoder: Any, ids: Tensor, pad: int) -> Tensor:
    """Padded ids [B, L] to embeddings [B, L + 1, C], zero past each end and in the last place."""
    mask = (ids != pad).long()
    hidden = text_encoder(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]
    return F.pad(hidden, (0, 0, 0, 1))
