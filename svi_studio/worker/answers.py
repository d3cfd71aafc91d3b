"""Answers questions with a language model of this computer, and gives its memory back when a film needs it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch

from svi_studio.domain.story.answer import AnswerEnd
from svi_studio.engine.chain.render_job import choose_device
from svi_studio.pipes.story_messages import AnswerDone, AnswerFailed, AnswerPiece, ModelLoading
from svi_studio.weights.story_models import model_name
from svi_studio.worker.failures import report_failure

if TYPE_CHECKING:
    from svi_studio.engine.story.model import StoryModel
    from svi_studio.pipes.outbox import Outbox
    from svi_studio.pipes.render_messages import WorkerMessage
    from svi_studio.pipes.story_messages import Ask
    from svi_studio.worker.control import Control


class Answers:
    """At most one language model is in memory; it stays from one question to the next."""

    def __init__(
        self, control: Control, outbox: Outbox[WorkerMessage], make_room: Callable[[], None] = lambda: None
    ) -> None:
        """``make_room`` gives back what a film has in memory; it is called before a model is loaded."""
        self._control, self._outbox, self._make_room = control, outbox, make_room
        self._model: StoryModel | None = None
        self._key: object = None

    def answer(self, ask: Ask) -> None:
        """Answers, and says how that ended; a film that comes meanwhile ends it."""
        try:
            end = AnswerEnd.STOPPED if self._gives_up(ask) else self._answer(ask)
            self._outbox.send(AnswerDone(ask.id, AnswerEnd.FILM_FIRST if self._control.has_film else end))
        except Exception as error:
            self._outbox.send(AnswerFailed(ask.id, report_failure(error, self.forget)))
        finally:
            self._control.answer_over(ask.id)

    def forget(self) -> None:
        """Gives the memory back."""
        if self._model is not None:
            self._model = self._key = None
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    def _answer(self, ask: Ask) -> AnswerEnd:
        return self._loaded(ask).answer(
            ask.turns,
            max_tokens=ask.max_tokens,
            seed=ask.seed,
            tell=lambda text: self._outbox.send(AnswerPiece(ask.id, text)),
            should_stop=lambda: self._gives_up(ask),
        )

    def _loaded(self, ask: Ask) -> StoryModel:
        from svi_studio.engine.story.model import StoryModel  # noqa: PLC0415 - seconds, which films do not need

        key = (ask.model, choose_device(ask.device), ask.precision)
        if self._model is None or self._key != key:
            self.forget()
            self._make_room()
            self._outbox.send(ModelLoading(ask.id, model_name(ask.model)))
            self._model = StoryModel(ask.model, choose_device(ask.device), ask.precision)
            self._key = key
        return self._model

    def _gives_up(self, ask: Ask) -> bool:
        return self._control.has_film or self._control.gives_up_answer(ask.id)
