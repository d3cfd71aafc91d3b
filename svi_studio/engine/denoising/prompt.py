"""Prompts as the transformer takes them: cleaned, encoded by UMT5, always 512 tokens, each text only once."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import ftfy
import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.denoising.kept_texts import KeptTexts
from svi_studio.engine.denoising.recent_results import RecentResults
from svi_studio.engine.loading.tokenizer_faults import told_faults
from svi_studio.engine.memory.guests import at_work
from svi_studio.engine.memory.model_memory import survive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor

    from svi_studio.engine.loading.wan_models import WanModels

_DAMAGED = "The model's tokenizer is damaged or another model's: use the tokenizer of google/umt5-xxl."

PROMPT_TOKENS = 512
"""The transformer's attention splits picture tokens from text tokens by this number, so it never varies."""


def clean_prompt(text: str) -> str:
    """`text` with broken encoding repaired, HTML entities resolved (twice) and runs of white space made one space."""
    repaired = html.unescape(html.unescape(ftfy.fix_text(text)))
    return re.sub(r"\s+", " ", repaired).strip()


def tokenize(tokenizer: Any, cleaned: str) -> tuple[Tensor, Tensor]:
    """Ids and mask `[1, 512]` of a cleaned prompt; what is longer is cut off, the mask is 0 behind what is shorter.

    Raises BadWeights where a damaged tokenizer fails at this text.
    """
    with told_faults(_DAMAGED):
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
    relative), and most prompts are a tenth of the full length. Raises BadWeights for a word that the encoder has not.
    """
    if int(ids.max()) >= text_encoder.config.vocab_size:  # a card would fail at all that comes after
        raise BadWeights(_DAMAGED)
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
    """Encodes prompts and remembers the last few, so that a negative prompt or a repeated prompt costs nothing.

    Where the text encoder is not on the card for good, all texts are kept on disk as well.
    """

    def __init__(self, models: WanModels) -> None:
        self._models = models
        self._features: RecentResults[Tensor] = RecentResults(8)
        self._kept: dict[str, KeptTexts] = {}

    def __call__(self, text: str) -> Tensor:
        """Text features `[1, 512, D]` of `text` in the transformer's precision, on its device."""
        cleaned = clean_prompt(text)
        return self._features.get(cleaned, lambda: self._found_or_encoded(cleaned))

    def prepare(self, texts: Iterable[str]) -> None:
        """Encodes those of `texts` that will be needed later and are not kept yet: all of them in one go.

        Nothing where the text encoder stays on the card.
        """
        cleaned = [clean_prompt(text) for text in dict.fromkeys(texts)]
        survive(self._models, "texts", lambda: self._encode_missing(cleaned))

    def _encode_missing(self, cleaned: Sequence[str]) -> None:
        kept = self._kept_texts()
        missing = [text for text in cleaned if kept is not None and kept.find(text, PROMPT_TOKENS) is None]
        if kept is not None and missing:
            with at_work(self._models.text_encoder):
                for text in missing:
                    kept.keep(text, self._encode(text))

    def _found_or_encoded(self, cleaned: str) -> Tensor:
        kept = self._kept_texts()
        found = kept.find(cleaned, PROMPT_TOKENS) if kept is not None else None
        if found is None:
            found = survive(self._models, "texts", lambda: self._encode(cleaned))
            if kept is not None:
                kept.keep(cleaned, found)
        return found.to(self._models.device)

    def _encode(self, cleaned: str) -> Tensor:
        with at_work(self._models.text_encoder):
            features = encode_tokens(self._models.text_encoder, *tokenize(self._models.tokenizer, cleaned))
        return features.to(self._models.device, self._models.dtype)

    def _kept_texts(self) -> KeptTexts | None:
        """Those of the device that encodes by the plan in force."""
        models = self._models
        if models.memory is None or models.folder is None or models.memory.plan.text_encoder == "resident":
            return None
        where = "cpu" if models.memory.plan.text_encoder == "processor" else models.device.type
        if where not in self._kept:
            self._kept[where] = KeptTexts(models.folder, models.dtype, where)
        return self._kept[where]
