"""The networks of svi-mini that learn together: text encoder, picture encoder and video transformer."""

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import WanTransformer3DModel
from diffusers.models.transformers.transformer_wan import WanAttnProcessor
from torch import Tensor, nn
from transformers import CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.transformer_call import predict
from trainer.mini.configuration import TEXT, TRANSFORMER, VISION
from trainer.mini.tokenizer import END, PAD, build_tokenizer

TEXT_LENGTH = 512  # what the transformer always gets at inference


class ShortText:
    """Cross attention over a short text, equal to the 512 tokens of inference.

    All tokens past a text's end are the same zero embedding. One of them, counted ``512 - length + 1`` times in the
    softmax through its logit, gives the same sum as all of them, and saves most of the work of a small model.
    """

    def __init__(self, image_tokens: int) -> None:
        self.image_tokens = image_tokens

    def __call__(self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor, *_: Any, **__: Any) -> Tensor:
        """Attends to ``[image tokens | text tokens | one zero token]`` [B, image + L + 1, C]."""
        image, text = encoder_hidden_states.split(
            [self.image_tokens, encoder_hidden_states.shape[1] - self.image_tokens], 1
        )
        query = attn.norm_q(attn.to_q(hidden_states)).unflatten(2, (attn.heads, -1)).transpose(1, 2)
        bias = torch.zeros(text.shape[1], device=text.device)
        bias[-1] = math.log(TEXT_LENGTH - text.shape[1] + 1)
        mixed = _attend(attn, query, attn.norm_k(attn.to_k(text)), attn.to_v(text), bias)
        if self.image_tokens:
            seen = attn.norm_added_k(attn.add_k_proj(image))
            mixed = mixed + _attend(attn, query, seen, attn.add_v_proj(image), None)
        result: Tensor = attn.to_out[0](mixed.transpose(1, 2).flatten(2))
        return result


def _attend(attn: Any, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
    """Attention as two products and a softmax: on a CPU the fused kernel learns at a quarter of the speed."""
    key, value = (x.unflatten(2, (attn.heads, -1)).transpose(1, 2) for x in (key, value))
    weights = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    if bias is not None:
        weights = weights + bias
    return weights.softmax(-1).to(value.dtype) @ value


@dataclass
class MiniNetworks:
    """Text encoder, picture encoder and transformer, with the tokenizer that goes with them."""

    text: UMT5EncoderModel
    vision: CLIPVisionModel
    transformer: WanTransformer3DModel

    @classmethod
    def create(cls, device: str) -> "MiniNetworks":
        """Fresh networks, in training mode."""
        vocabulary = build_tokenizer().get_vocab_size()
        text = UMT5EncoderModel(UMT5Config(vocab_size=vocabulary, pad_token_id=PAD, eos_token_id=END, **TEXT))
        vision = CLIPVisionModel(CLIPVisionConfig(**VISION))
        transformer = WanTransformer3DModel(**TRANSFORMER)
        nn.init.zeros_(transformer.proj_out.weight)
        nn.init.zeros_(transformer.proj_out.bias)
        return cls(text.to(device), vision.to(device), transformer.to(device))

    def modules(self) -> dict[str, nn.Module]:
        """The networks by the names that the checkpoint and the model folder use."""
        return {"text_encoder": self.text, "image_encoder": self.vision, "transformer": self.transformer}

    def use_short_text(self, short: bool) -> None:
        """Cross attention for short texts while training, or the standard one."""
        config = self.vision.config
        image_tokens = (config.image_size // config.patch_size) ** 2 + 1
        for block in self.transformer.blocks:
            block.attn2.set_processor(ShortText(image_tokens) if short else WanAttnProcessor())

    def encode_text(self, ids: Tensor) -> Tensor:
        """Padded ids [B, L] to embeddings [B, L + 1, C], zero past each end and in the last place."""
        mask = (ids != PAD).long()
        hidden = self.text(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]
        return F.pad(hidden, (0, 0, 0, 1))

    def encode_picture(self, picture: Tensor) -> Tensor:
        """Pictures [B, 3, H, W] in -1..1 to features [B, tokens, C]."""
        return picture_tokens(self.vision, picture)

    def velocity(self, x: Tensor, y: Tensor, sigma: Tensor, text: Tensor, picture: Tensor) -> Tensor:
        """Predicted noise minus data for latents x [B, 16, T, h, w] under the condition y [B, 20, T, h, w]."""
        return predict(self.transformer, x, sigma, y=y, text=text, tokens=picture)
