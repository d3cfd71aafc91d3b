"""A language model in a folder of this computer as a chat model of the own process: for the command line and training.

The window asks its worker instead. Nothing here imports torch until the first question.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.story.answer import MAX_ANSWER_TOKENS, AnswerEnd, Aside, Doing, Precision
from svi_studio.weights.story_models import model_name

if TYPE_CHECKING:
    from svi_studio.engine.story.model_input import Turn

_TICK_S = 0.1
_PARTING_S = 5.0  # for the token under way, when nobody reads on

Heard = queue.SimpleQueue[str | AnswerEnd | Exception]


class Answering(Protocol):
    """A loaded model, as `StoryModel` is."""

    def answer(
        self,
        turns: Sequence[Turn],
        *,
        max_tokens: int,
        seed: int,
        tell: Callable[[str], None],
        should_stop: Callable[[], bool],
    ) -> AnswerEnd:
        """Answers ``turns``, piece by piece."""


class FolderChat:
    """A ``ChatModel`` that is loaded with its first question and stays in memory until ``close``."""

    def __init__(
        self,
        folder: Path,
        *,
        device: str = "auto",
        precision: Precision = Precision.AUTO,
        load: Callable[[Path, str, Precision], Answering] | None = None,
    ) -> None:
        """``device`` is auto, cpu, cuda, cuda:1 or mps. ``load`` reads the model; None: as `StoryModel` does."""
        self._folder, self._device, self._precision = folder, device, precision
        self._load = _load if load is None else load
        self._model: Answering | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the folder, or of the model that was downloaded into it."""
        return model_name(self._folder)

    @property
    def sees_pictures(self) -> bool:
        """Always: other models are refused when they are loaded."""
        return True

    def stream(
        self,
        messages: Sequence[Turn],
        *,
        max_tokens: int,
        schema: Mapping[str, Any] | None,
        cancelled: Callable[[], bool],
        deadline_s: float,
        seed: int = 0,
    ) -> Iterator[str | Aside]:
        """The answer as it is made. It cannot be held to ``schema``; the first one also waits for the model to load.

        Raises BadWeights, BadInput, Stopped, or StudioError past the deadline of ``deadline_s`` seconds.
        """
        end = time.monotonic() + deadline_s
        stop = threading.Event()
        heard: Heard = queue.SimpleQueue()
        work = threading.Thread(
            target=self._work, args=(messages, max_tokens, seed, heard, stop), name="language model", daemon=True
        )
        work.start()
        try:
            yield from self._pieces(heard, end, cancelled)
        finally:
            stop.set()
            work.join(0.0 if cancelled() else _PARTING_S)

    def close(self) -> None:
        """Gives the memory back."""
        with self._one_at_a_time:
            self._model = None

    def _pieces(self, heard: Heard, end: float, cancelled: Callable[[], bool]) -> Iterator[str | Aside]:
        while True:
            if cancelled():
                raise Stopped("The language model was stopped.")
            left = end - time.monotonic()
            if left <= 0:
                raise StudioError(
                    f"{self.name} is too slow on this computer: ask for fewer clips at a time, or take a smaller model."
                )
            try:
                what = heard.get(timeout=min(_TICK_S, left))
            except queue.Empty:
                continue
            if isinstance(what, AnswerEnd):
                if what is AnswerEnd.TOO_LONG:
                    yield Aside(Doing.CUT_SHORT)
                return
            if isinstance(what, Exception):
                raise what
            yield what

    def _work(self, turns: Sequence[Turn], max_tokens: int, seed: int, heard: Heard, stop: threading.Event) -> None:
        try:
            with self._one_at_a_time:
                model = self._loaded()
                end = model.answer(
                    turns,
                    max_tokens=min(max_tokens, MAX_ANSWER_TOKENS),
                    seed=seed,
                    tell=heard.put,
                    should_stop=stop.is_set,
                )
            heard.put(end)
        except Exception as error:
            heard.put(error)

    def _loaded(self) -> Answering:
        if self._model is None:
            self._model = self._load(self._folder, self._device, self._precision)
        return self._model


def _load(folder: Path, device: str, precision: Precision) -> Answering:
    from svi_studio.engine.chain.render_job import choose_device  # noqa: PLC0415 - imports torch
    from svi_studio.engine.story.model import StoryModel  # noqa: PLC0415

    return StoryModel(folder, choose_device(device), precision)
