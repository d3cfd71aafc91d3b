"""What CLIP sees: the whole frame squashed to a square, the features before CLIP's last layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch.nn.functional import interpolate

if TYPE_CHECKING:
    from torch import Tensor

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)


def picture_tokens(image_encoder: Any, picture: Tensor) -> Tensor:
    """Features `[B, tokens, C]` of `picture [B, 3, H, W]` in [-1, 1]; 257 tokens for Wan 2.1's CLIP.

    The frame is squashed to the encoder's own size, bicubic, without a crop and without antialiasing, and the features
    are those before the last layer (the authors' `encode_image`). Stock CLIP preprocessing gives other features.
    """
    size = image_encoder.config.image_size
    picture = picture.to(image_encoder.device, image_encoder.dtype)
    square = interpolate(picture, size=(size, size), mode="bicubic", align_corners=False)
    mean, std = (square.new_tensor(values).view(1, 3, 1, 1) for values in (CLIP_MEAN, CLIP_STD))
    normalised = (square * 0.5 + 0.5 - mean) / std
    states = image_encoder(pixel_values=normalised, output_hidden_states=True).hidden_states
    features: Tensor = states[-2]
    return features
