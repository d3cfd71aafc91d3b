"""Teaches svi-mini to follow a sound or a skeleton: the networks of Talk and Dance learn, the transformer stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from svi_studio.engine.conditions.attachment import SKELETON, SOUND, attach
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.engine.denoising.transformer_call import predict
from trainer.mini.configuration import HEARING, SKELETON_CHANNELS, SOUND_HIDDEN, SOUND_TOKENS, SOUND_WIDTH, TRANSFORMER
from trainer.mini.train_transformer import random_sigmas
from trainer.paper_theatre.stage import NUM_FRAMES

if TYPE_CHECKING:
    from svi_studio.engine.loading.wan_models import WanModels
    from trainer.erft.batch import Batch
    from trainer.mini.lessons import Skill


def fresh_network(skill: Skill) -> nn.Module:
    """A new network that changes nothing yet: what it adds to the transformer is zero."""
    dim, heads = (
        TRANSFORMER["num_attention_heads"] * TRANSFORMER["attention_head_dim"],
        TRANSFORMER["num_attention_heads"],
    )
    if skill == "skeleton":
        skeleton = SkeletonNetwork(dim, channels=SKELETON_CHANNELS)
        _silence(skeleton.dwpose_embedding[-1])
        return skeleton
    sound = SoundNetwork(
        SoundSizes(
            dim=dim,
            heads=heads,
            blocks=TRANSFORMER["num_layers"],
            features=HEARING["num_hidden_layers"] * HEARING["hidden_size"],
            hidden=SOUND_HIDDEN,
            tokens=SOUND_TOKENS,
            width=SOUND_WIDTH,
        )
    )
    for block in sound.blocks:
        _silence(block.audio_cross_attn.proj)
    return sound


def _silence(layer: Any) -> None:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)


@dataclass
class Follower:
    """A transformer with the network of one skill attached."""

    models: WanModels
    skill: Skill
    network: Any

    def __post_init__(self) -> None:
        self.attachment = attach(self.models.transformer, sound=self.network if self.skill == "sound" else None)

    def extra(self, batch: Batch) -> dict[str, Tensor]:
        """What the transformer's call gets for a batch."""
        if self.skill == "sound":
            assert batch.sound is not None
            return {SOUND: self.network(*windows(batch.sound))}
        assert batch.skeleton is not None
        tokens = self.network(batch.skeleton)
        if batch.unled:
            tokens = tokens * (~torch.tensor(batch.unled))[:, None, None]
        return {SKELETON: tokens}

    def velocity(self, x: Tensor, sigma: Tensor, batch: Batch, extra: dict[str, Tensor]) -> Tensor:
        """The predicted velocity for noisy latents."""
        return predict(self.models.transformer, x, sigma, y=batch.y, text=batch.text, tokens=batch.picture, extra=extra)


def windows(sound: Tensor) -> tuple[Tensor, Tensor]:
    """The windows ``[B, 1, 5, L, C]`` and ``[B, T - 1, 8, L, C]`` of features ``[B, N + 4, L, C]``."""
    later = [sound[:, 1 + 4 * g : 9 + 4 * g] for g in range((NUM_FRAMES - 1) // 4)]
    return sound[:, None, :5], torch.stack(later, dim=1)


def following_loss(follower: Follower, batch: Batch) -> Tensor:
    """Weighted squared error of the velocity, noise - data, at a random noise level (flow matching, paper Eq. 1)."""
    x, noise = batch.latents, torch.randn_like(batch.latents)
    sigma = random_sigmas(len(x), x.device)
    at = sigma.view(-1, 1, 1, 1, 1)
    predicted = follower.velocity((1 - at) * x + at * noise, sigma, batch, follower.extra(batch))
    assert batch.weight is not None
    return ((predicted - (noise - x)).square() * batch.weight).mean() / batch.weight.mean()
