"""Makes the input of a Qwen-VL model from a conversation with pictures, without the parts that only videos need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from PIL import Image
from transformers import PretrainedConfig
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.media.images import open_reference

LONGEST_SIDE = 1024  # pixels; some 1,300 tokens for a square picture, and as much as servers are sent
_NARROWEST = 100  # longer side by shorter; the model's own pictures end at 200
_NO_VIDEOS = ("video_processor",)
_WORDS = ("tokenizer.json", "vocab.json")


class Turn(Protocol):
    """One turn of a conversation: who speaks, what, and the picture files that the model sees before it."""

    @property
    def role(self) -> str:
        """``system``, ``user`` or ``assistant``."""

    @property
    def text(self) -> str:
        """What is said; the model's own marks in it are taken as mere text."""

    @property
    def images(self) -> Sequence[Path]:
        """Picture files."""


class StoryInput:
    """The tokenizer, the picture reader and the chat template of one model folder."""

    def __init__(self, folder: Path, configuration: PretrainedConfig) -> None:
        """Reads small files of ``folder`` only. Raises BadWeights when one is missing or does not fit."""
        try:
            self._processor = _without_videos(configuration).from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, KeyError, TypeError, ImportError, AttributeError) as error:
            raise BadWeights(
                f"The tokenizer or the picture settings in {folder} cannot be read: download or copy the model again."
            ) from error
        self.tokenizer: Any = self._processor.tokenizer
        has_words = any((folder / name).is_file() for name in _WORDS)  # without them it would be made of no words
        if not has_words or self._processor.image_token_id != getattr(configuration, "image_token_id", None):
            raise BadWeights(
                f"The tokenizer in {folder} is missing or another model's: download or copy the model again."
            )
        self._template = self._processor.chat_template or self.tokenizer.chat_template
        if not self._template:
            raise BadWeights(f"The model in {folder} has no chat template: choose an Instruct model, made to be asked.")
        self._marks = [token.content for token in self.tokenizer.added_tokens_decoder.values() if token.special]

    def of(self, turns: Sequence[Turn]) -> Mapping[str, torch.Tensor]:
        """What the model takes, on the processor: ``input_ids [1, n]``, and of pictures ``pixel_values`` and others.

        Raises BadInput for a picture that cannot be used, BadWeights when the chat template does not work.
        """
        pictures = [_picture(path) for turn in turns for path in turn.images]
        text = self._as_text(turns)
        given = {"images": pictures} if pictures else {}
        return dict(self._processor(text=[text], return_tensors="pt", **given))

    def _as_text(self, turns: Sequence[Turn]) -> str:
        talk = [{"role": turn.role, "content": [*_places(turn), self._words(turn.text)]} for turn in turns]
        # later models think aloud before they answer, for minutes on a processor, unless their template is told not to
        quiet = {"enable_thinking": False} if "enable_thinking" in str(self._template) else {}
        options = {"chat_template": self._template, "add_generation_prompt": True, "tokenize": False, **quiet}
        try:
            return str(self._processor.apply_chat_template(talk, **options))
        except Exception as error:  # whatever a template from outside may raise
            raise BadWeights("The model's chat template does not work: download or copy the model again.") from error

    def _words(self, text: str) -> dict[str, str]:
        """A text that holds the model's own marks must not end its turn or stand for a picture that is not there."""
        for mark in self._marks:
            text = text.replace(mark, f"{mark[:1]} {mark[1:]}")
        return {"type": "text", "text": text}


def _without_videos(configuration: PretrainedConfig) -> Any:
    """The model's own processor class, without the reader of videos: that one needs a library only for itself."""
    kind: Any = PROCESSOR_MAPPING[type(configuration)]

    def get_attributes(_cls: Any) -> list[str]:
        return [name for name in kind.get_attributes() if name not in _NO_VIDEOS]

    return type(kind.__name__, (kind,), {"get_attributes": classmethod(get_attributes)})


def _places(turn: Turn) -> list[dict[str, str]]:
    return [{"type": "image"} for _ in turn.images]


def _picture(path: Path) -> Image.Image:
    picture = open_reference(path)
    if max(picture.size) > _NARROWEST * min(picture.size):
        raise BadInput(f'The picture "{path}" is too narrow for the model to see: crop it to a more even shape.')
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture
