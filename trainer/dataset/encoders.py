"""The frozen networks that turn clips and captions into what the transformer is trained on."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.pixels import to_signed
from svi_studio.engine.denoising.prompt import PROMPT_TOKENS, clean_prompt, encode_tokens, tokenize
from svi_studio.engine.latents.tiling import ENCODE_TILES
from svi_studio.engine.latents.vae import encode_tiled, encode_video
from svi_studio.engine.loading.model_part import load_part, load_vae
from svi_studio.engine.loading.tokenizer import load_model_tokenizer
from svi_studio.weights.model_folder import read_json
from trainer.dataset.text_device import text_device

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.training.recipe import BasePrecision
    from svi_studio.media.frames import Frames
    from trainer.dataset.condition import Kind, TrainingCondition

Spoil = Callable[["Frames", random.Random], "Frames"]
"""Makes a degraded copy of a clip."""

COMPUTE_DTYPES: dict[BasePrecision, torch.dtype] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float8": torch.bfloat16,
}
"""The type that the text is encoded in, and that latents are rounded to before they are kept, as the authors do it."""


@dataclass(frozen=True)
class PictureEncoders:
    """The VAE and, for a transformer that takes picture tokens, CLIP; both in float32. Results: `dtype`, on the CPU.

    `spoil` makes the degraded copies `[N, H, W, 3]` of clips, None = there are none.
    """

    vae: Any
    image_encoder: Any | None
    condition: TrainingCondition
    tiled: bool
    dtype: torch.dtype
    spoil: Spoil | None = None

    @staticmethod
    def load(
        folder: Path,
        condition: TrainingCondition,
        *,
        tiled: bool,
        dtype: torch.dtype,
        device: torch.device,
        spoil: Spoil | None = None,
    ) -> PictureEncoders:
        """From the model in `folder`. Raises BadWeights."""
        pictures = read_json(folder / "transformer" / "config.json").get("image_dim") is not None
        image_encoder = load_part(folder, "image_encoder", device, torch.float32) if pictures else None
        vae = load_vae(folder, device, rounded_to=dtype)
        return PictureEncoders(vae, image_encoder, condition, tiled, dtype, spoil)

    def latents(self, frames: Frames) -> Tensor:
        """The clip's own latents `[C, T, h, w]` of `frames [N, H, W, 3]`."""
        video = to_signed(frames)[None]
        if not self.tiled:
            return self._kept(encode_video(self.vae, video))
        return self._kept(encode_tiled(self.vae, video.bfloat16().float(), ENCODE_TILES))

    def condition_latents(self, kind: Kind, frames: Frames, reference: int) -> Tensor:
        """The latents `[C, T, h, w]` of the condition of that kind."""
        return self._kept(encode_video(self.vae, self.condition.video(kind, frames, reference)))

    def picture(self, frames: Frames) -> Tensor | None:
        """What CLIP says of the first of `frames`, `[tokens, D]`; None for a transformer without picture tokens."""
        if self.image_encoder is None:
            return None
        return self._kept(picture_tokens(self.image_encoder, to_signed(frames[:1]).transpose(0, 1)))

    def _kept(self, result: Tensor) -> Tensor:
        return result[0].to(self.dtype).cpu().contiguous()


@dataclass(frozen=True)
class TextEncoder:
    """UMT5 with its tokenizer; `aside`: on the processor, as the card does not hold it."""

    tokenizer: Any
    network: Any
    aside: bool = False

    @staticmethod
    def load(folder: Path, *, dtype: torch.dtype, device: torch.device) -> TextEncoder:
        """From the model in `folder`, computing in `dtype` on `device` if that has room. Raises BadWeights."""
        where = text_device(folder, dtype, device)
        network = load_part(folder, "text_encoder", where, dtype)
        return TextEncoder(load_model_tokenizer(folder), network, aside=where != device)

    def __call__(self, caption: str) -> Tensor:
        """Features `[n, D]` of the caption's own tokens, at most 512, on the CPU; `padded` makes them 512."""
        ids, mask = tokenize(self.tokenizer, clean_prompt(caption))
        return encode_tokens(self.network, ids, mask)[0, : int(mask.sum())].cpu().contiguous()


def padded(text: Tensor) -> Tensor:
    """`text [n, D]` with zeros after it, `[512, D]`: as the transformer takes a prompt."""
    return torch.nn.functional.pad(text, (0, 0, 0, PROMPT_TOKENS - len(text)))
