"""Turns the tokens of an answer into text as they come, and asks between two of them whether to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from transformers import StoppingCriteria
from transformers.generation.streamers import BaseStreamer

_BROKEN = "\ufffd"
_LONGEST_LETTER = 8  # tokens; a model that says half letters for longer than this means nothing by them


class AnswerStream(BaseStreamer):
    """Gets every token from ``generate`` and tells whole letters on, marks of the model left out."""

    def __init__(self, tokenizer: Any, tell: Callable[[str], None]) -> None:
        self._tokenizer, self._tell = tokenizer, tell
        self._is_question = True
        self._waiting: list[int] = []
        self.last: int | None = None

    def put(self, value: torch.Tensor) -> None:
        """The question's tokens first ``[1, n]``, then each of the answer ``[1]``."""
        if self._is_question:
            self._is_question = False
            return
        self._waiting += value.flatten().tolist()
        self.last = self._waiting[-1]
        text = self._text()
        if not text.endswith(_BROKEN) or len(self._waiting) >= _LONGEST_LETTER:
            self._say(text)

    def end(self) -> None:
        """The answer is over; what still waits is told."""
        self._say(self._text())

    def _text(self) -> str:
        text = self._tokenizer.decode(self._waiting, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return str(text)

    def _say(self, text: str) -> None:
        self._waiting.clear()
        if text:
            self._tell(text)


class GiveUp(StoppingCriteria):
    """Ends an answer between two tokens once ``should_stop``."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop
        self.has_stopped = False

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        """Whether each answer of the batch ends here."""
        self.has_stopped = self.has_stopped or self._should_stop()
        return torch.full((input_ids.shape[0],), self.has_stopped, dtype=torch.bool, device=input_ids.device)
