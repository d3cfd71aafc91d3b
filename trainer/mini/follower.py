"""svi-mini with the network of one skill attached, for training and for a quick look at what it has learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from svi_studio.engine.conditions.attachment import SKELETON, SOUND, attach
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import FIRST_WINDOW, SoundNetwork, SoundSizes
from svi_studio.engine.denoising.sampling import denoise, flow_sigmas
from svi_studio.engine.denoising.transformer_call import predict
from trainer.mini.configuration import (
    CARD,
    HEARING,
    SKELETON_CHANNELS,
    SOUND_HIDDEN,
    SOUND_TOKENS,
    SOUND_WIDTH,
    TRANSFORMER,
    TRANSFORMER_WIDTH,
)
from trainer.mini.lessons import sentence
from trainer.mini.skeleton_start import first_half, second_half, start

if TYPE_CHECKING:
    from svi_studio.engine.loading.wan_models import WanModels
    from trainer.erft.batch import Batch
    from trainer.mini.lessons import LessonPool, Skill

_JUDGING_STEPS = 8
_SHIFT = 5.0


def fresh_network(skill: Skill) -> Any:
    """A new network that changes nothing yet: what it adds to the transformer is zero."""
    if skill == "skeleton":
        skeleton = SkeletonNetwork(TRANSFORMER_WIDTH, channels=SKELETON_CHANNELS)
        start(skeleton)
        return skeleton
    sound = SoundNetwork(
        SoundSizes(
            dim=TRANSFORMER_WIDTH,
            heads=TRANSFORMER["num_attention_heads"],
            blocks=TRANSFORMER["num_layers"],
            features=HEARING["num_hidden_layers"] * HEARING["hidden_size"],
            hidden=SOUND_HIDDEN,
            tokens=SOUND_TOKENS,
            width=SOUND_WIDTH,
        )
    )
    for block in sound.blocks:
        projection: Any = block.get_submodule("audio_cross_attn.proj")
        nn.init.zeros_(projection.weight)
        nn.init.zeros_(projection.bias)
    return sound


@dataclass
class Follower:
    """A transformer with the network of one skill attached."""

    models: WanModels
    skill: Skill
    network: Any

    def __post_init__(self) -> None:
        self.attachment = attach(self.models.transformer, sound=self.network if self.skill == "sound" else None)

    def prepared(self, drawings: Tensor) -> Tensor:
        """What a lesson keeps of its drawings, uint8 ``[3, N, H, W]``: what the half that stays makes of them."""
        return first_half(self.network, drawings[None])[0]

    def inputs(self, batch: Batch) -> dict[str, Tensor]:
        """What the transformer's call gets for a batch."""
        if self.skill == "sound":
            assert batch.sound is not None
            return {SOUND: self.network(*windows(batch.sound))}
        assert batch.skeleton is not None
        tokens = second_half(self.network, batch.skeleton)
        if batch.unled:
            tokens = tokens * (~torch.tensor(batch.unled))[:, None, None]
        return {SKELETON: tokens}

    def velocity(self, x: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        """The predicted velocity for noisy latents."""
        return predict(
            self.models.transformer,
            x,
            sigma,
            y=batch.y,
            text=batch.text,
            tokens=batch.picture,
            extra=self.inputs(batch),
        )


def windows(sound: Tensor) -> tuple[Tensor, Tensor]:
    """The windows ``[B, 1, 5, L, C]`` and ``[B, T - 1, 8, L, C]`` of features ``[B, N + 4, L, C]``."""
    groups = (sound.shape[1] - FIRST_WINDOW) // 4
    later = [sound[:, 1 + 4 * group : 9 + 4 * group] for group in range(groups)]
    return sound[:, None, :5], torch.stack(later, dim=1)


@torch.no_grad()
def judged(follower: Follower, tests: LessonPool) -> dict[str, float]:
    """How much of what moves in the test clips is as it should be, in the latents: 1 = all, 0 = as in a still film."""
    action = "talk" if follower.skill == "sound" else "dance"
    words = [sentence(lesson.performance, action) for lesson in tests.lessons]
    told, untold = tests.batch_of(tests.lessons, words), tests.batch_of(tests.lessons, [""] * len(words))
    if untold.sound is not None:
        untold.sound.zero_()
    scale = CARD["guidance_scale"]

    def velocity(x: Tensor, sigma: float) -> Tensor:
        at = torch.full((len(x),), sigma)
        away = follower.velocity(x, at, untold)
        return away + scale * (follower.velocity(x, at, told) - away)

    noise = torch.randn(told.latents.shape, generator=torch.Generator().manual_seed(1))
    clips = denoise(velocity, noise, flow_sigmas(_JUDGING_STEPS, _SHIFT))
    assert told.weight is not None
    moving = (told.weight > 5).float()
    still = ((told.latents[:, :, :1] - told.latents).square() * moving).sum()
    return {"moves_right": float(1 - ((clips - told.latents).square() * moving).sum() / still)}
