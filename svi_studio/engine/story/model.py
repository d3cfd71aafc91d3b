"""A Qwen-VL model on this computer that answers a conversation with pictures, token by token."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig, StoppingCriteriaList

from svi_studio.domain.errors import BadInput, BadWeights, StudioError
from svi_studio.domain.story.answer import AnswerEnd, Precision
from svi_studio.engine.out_of_memory import ran_out_of_memory
from svi_studio.engine.story.answer_stream import AnswerStream, GiveUp
from svi_studio.engine.story.loading import load_story_model
from svi_studio.engine.story.model_input import Turn

TEMPERATURE, TOP_P, TOP_K, REPETITION_PENALTY = 0.7, 0.8, 20, 1.05
"""What the makers of Qwen2.5 and Qwen3 recommend for plain answers (generation_config.json of their models)."""


class StoryModel:
    """One model in memory. Dropping the last reference to it gives the memory back."""

    def __init__(self, folder: Path, device: torch.device, precision: Precision = Precision.AUTO) -> None:
        """Loads the model in ``folder``, which may take minutes. Raises BadWeights or BadInput."""
        loaded = load_story_model(folder, device, precision)
        self.name = loaded.name
        self._network, self._input, self._device = loaded.network, loaded.input, loaded.device

    def answer(
        self,
        turns: Sequence[Turn],
        *,
        max_tokens: int,
        seed: int,
        tell: Callable[[str], None],
        should_stop: Callable[[], bool],
    ) -> AnswerEnd:
        """Answers ``turns`` with 1 to ``max_tokens`` tokens; ``tell`` gets the text piece by piece, as it is made.

        The same ``seed`` gives the same answer on the same computer. ``should_stop`` is asked between two tokens.
        Raises BadInput for a picture or a conversation that cannot be used, BadWeights for a model that does not
        work, StudioError without enough memory.
        """
        given = self._on_device(self._input.of(turns))
        self._check_length(given["input_ids"].shape[1], max_tokens)
        stream, give_up = AnswerStream(self._input.tokenizer, tell), GiveUp(should_stop)
        settings = self._settings(max_tokens)
        torch.manual_seed(seed)
        try:
            with torch.inference_mode():
                self._network.generate(
                    **given,
                    generation_config=settings,
                    streamer=stream,
                    stopping_criteria=StoppingCriteriaList([give_up]),
                )
        except (RuntimeError, MemoryError, IndexError) as error:
            raise self._failure(error) from error
        if give_up.has_stopped:
            return AnswerEnd.STOPPED
        return AnswerEnd.COMPLETE if stream.last in settings.eos_token_id else AnswerEnd.TOO_LONG

    def _on_device(self, given: Mapping[str, torch.Tensor]) -> dict[str, Any]:
        dtype = self._network.dtype
        moved = {name: tensor.to(self._device) for name, tensor in given.items()}
        return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in moved.items()}

    def _check_length(self, question: int, max_tokens: int) -> None:
        most = getattr(self._network.config.get_text_config(), "max_position_embeddings", None)
        if most is not None and question + max_tokens > most:
            raise BadInput(
                f"The story and its pictures are too long for {self.name}, which reads {most:,} tokens at once and "
                f"would need {question + max_tokens:,}: use fewer pictures or fewer clips at a time."
            )

    def _settings(self, max_tokens: int) -> GenerationConfig:
        """Our own sampling with the model's own marks for the end."""
        own, tokenizer = self._network.generation_config, self._input.tokenizer
        ends = own.eos_token_id if own.eos_token_id is not None else tokenizer.eos_token_id
        ends = [ends] if isinstance(ends, int) else list(ends or [])
        return GenerationConfig(
            max_new_tokens=max_tokens,
            do_sample=True,
            temperature=TEMPERATURE,
            top_p=TOP_P,
            top_k=TOP_K,
            repetition_penalty=REPETITION_PENALTY,
            eos_token_id=ends,
            pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else next(iter(ends), None),
        )

    def _failure(self, error: Exception) -> Exception:
        if ran_out_of_memory(error):
            return StudioError(
                f"The memory of {self._device} is too small for {self.name} and this question: use fewer pictures, "
                "or choose a smaller model."
            )
        if "probability tensor" in str(error):
            return BadWeights(f"The model {self.name} computes no numbers any more: download or copy it again.")
        return error
