"""The condition of a clip as in training: its own first frames and padding, or latents that are handed on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from torch.nn import functional as F

from svi_studio.engine.denoising.condition import condition_video, with_mask

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.film.family import FamilyProfile
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames

Kind = Literal["motion", "start"]
"""What a clip begins from: the family's motion frames or latents, or one picture, as a chain's first clip does."""


@dataclass(frozen=True)
class TrainingCondition:
    """How the condition of every clip of a training is made.

    Shot: the first frame, then a random frame of the same clip, the anchor, as padding; Film: the first five frames, or
    with a probability of 1 - `motion_probability` one, then grey (the authors' `encode_images_adaptive`). Pro: the
    anchor's latent, with `motion_probability` the last latent of the clip before as it was encoded, then zero latents.
    """

    profile: FamilyProfile
    motion_probability: float

    @staticmethod
    def of(profile: FamilyProfile, recipe: TrainingRecipe) -> TrainingCondition:
        """The condition that a recipe trains its family with."""
        return TrainingCondition(profile, recipe.data.motion_frames_probability)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that can come up; with a single motion frame both are the same."""
        one_frame = self.profile.num_motion_frames == 1 and not self.profile.hands_on_latents
        if one_frame or self.motion_probability >= 1:
            return ("motion",)
        return ("motion", "start") if self.motion_probability > 0 else ("start",)

    def draw(self, rng: random.Random) -> Kind:
        """A kind, with the recipe's probability; no draw where there is no choice."""
        if len(self.kinds) == 1:
            return self.kinds[0]
        return "motion" if rng.random() < self.motion_probability else "start"

    def video(self, kind: Kind, frames: Frames, reference: int) -> Tensor:
        """The video that is encoded, float32 `[1, 3, N, H, W]` in [-1, 1], for a clip of `frames [N, H, W, 3]`."""
        anchor = frames[reference : reference + 1]
        return condition_video(frames[: self._count(kind)], anchor, len(frames), self.profile.ref_pad_num)

    def y(self, kind: Kind, latents: Tensor, num_frames: int) -> Tensor:
        """`y [B, 4 + C, T, h, w]`: the mask of a clip of `num_frames` frames before its condition's `latents`.

        Of latents that are handed on only the given ones come in: the others are zero, and the mask marks the first.
        """
        if self.profile.hands_on_latents:
            missing = (num_frames - 1) // 4 + 1 - latents.shape[2]
            return with_mask(F.pad(latents, (0, 0, 0, 0, 0, missing)), num_frames, 1)
        marked = self._count(kind) if self.profile.ref_pad_cfg else 1
        return with_mask(latents, num_frames, marked)

    def given(self, kind: Kind) -> int | None:
        """Latents of the condition that hold something, from the first; None where all do."""
        if not self.profile.hands_on_latents:
            return None
        return 1 + (self.profile.num_motion_frames if kind == "motion" else 0)

    def place(self, kind: Kind) -> str:
        """What the names of a clip's own tensors in the cache end with: a clip that goes on is another video."""
        return f".{kind}" if self.profile.hands_on_latents else ""

    def _count(self, kind: Kind) -> int:
        return self.profile.num_motion_frames if kind == "motion" else 1
