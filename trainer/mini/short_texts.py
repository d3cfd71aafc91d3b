"""Texts of the bundled model as its transformer gets them in training: a few tokens that count as all 512."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from trainer.mini.networks import ShortText
from trainer.mini.tokenizer import PAD

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.loading.wan_models import WanModels

TEXT_TOKENS = 24


@torch.no_grad()
def encode_texts(models: WanModels, texts: Sequence[str]) -> Tensor:
    """Text features [S, TEXT_TOKENS + 1, D] for `ShortText`: zero past each end and in the last place."""
    tokens = models.tokenizer(
        list(texts), padding="max_length", max_length=TEXT_TOKENS, truncation=True, return_tensors="pt"
    )
    ids = tokens.input_ids.to(models.device)
    mask = (ids != PAD).long()
    hidden = models.text_encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    features: Tensor = torch.nn.functional.pad(hidden * mask[..., None], (0, 0, 0, 1))
    return features


def use_short_text(models: WanModels) -> None:
    """From now on every transformer's cross attention takes the short texts of `encode_texts`: same sums, less work."""
    tokens = 0
    if models.image_encoder is not None:
        config = models.image_encoder.config
        tokens = (config.image_size // config.patch_size) ** 2 + 1
    for transformer in transformers(models):
        for block in transformer.blocks:
            block.attn2.set_processor(ShortText(tokens))


def transformers(models: WanModels) -> tuple[Any, ...]:
    """The transformer of a model, or its two experts: the one for the high noise first."""
    experts = models.experts
    return (models.transformer,) if experts is None else (experts.get("high"), experts.get("low"))
