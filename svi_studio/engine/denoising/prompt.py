"""Prompts as the transformer takes them: cleaned, encoded by UMT5, always 512 tokens, each text only once."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import ftfy
import torch

from svi_studio.engine.denoising.recent_results import RecentResults

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.loading.wan_models import WanModels

PROMPT_TOKENS = 512
"""The transformer's attention splits picture tokens from text tokens by this number, so it never varies."""


def clean_prompt(text: str) -> str:
    """`text` with broken encoding repaired, HTML entities resolved (twice) and runs of white space made one space."""
    repaired = html.unescape(html.unescape(ftfy.fix_text(text)))
    return re.sub(r"\s+", " ", repaired).strip()


def tokenize(tokenizer: Any, cleaned: str) -> tuple[Tensor, Tensor]:
    """Ids and mask `[1, 512]` of a cleaned prompt; what is longer is cut off, the mask is 0 behind what is shorter."""
    tokens = tokenizer(
        [cleaned],
        padding="max_length",
        max_length=PROMPT_TOKENS,
        truncation=True,
        add_special_tokens=True,
        return_attention_mask=True,
        return_tensors="pt",
    )
    return tokens.input_ids, tokens.attention_mask


@torch.no_grad()
def encode_tokens(text_encoder: Any, ids: Tensor, mask: Tensor) -> Tensor:
    """Text features `[1, 512, D]` of `ids` and `mask`, both `[1, 512]`: zero where the mask is 0.

    The padding is never run through the encoder: masked positions do not reach the others (UMT5's position bias is
    relative), and most prompts are a tenth of the full length.
    """
    length = int(mask.sum())
    if length == 0:
        return torch.zeros(
            *ids.shape, text_encoder.config.d_model, dtype=text_encoder.dtype, device=text_encoder.device
        )
    features = text_encoder(
        input_ids=ids[:, :length].to(text_encoder.device), attention_mask=mask[:, :length].to(text_encoder.device)
    ).last_hidden_state
    return torch.nn.functional.pad(features, (0, 0, 0, ids.shape[1] - length))


class PromptEncoder:
    """Encodes prompts and remembers the last few, so that a negative prompt or a repeated prompt costs nothing."""

    def __init__(self, models: WanModels) -> None:
        self._models = models
        self._features: RecentResults[Tensor] = RecentResults(8)

    def __call__(self, text: str) -> Tensor:
        """Text features `[1, 512, D]` of `text` in the transformer's precision, on its device."""
        cleaned = clean_prompt(text)
        return self._features.get(cleaned, lambda: self._encode(cleaned))

    def _encode(self, cleaned: str) -> Tensor:
        features = encode_tokens(self._models.text_encoder, *tokenize(self._models.tokenizer, cleaned))
        return features.to(self._models.device, self._models.dtype)
