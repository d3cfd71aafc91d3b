"""A question to a language model, from the asking to the end of its answer."""

from typing import Any

from svi_studio.jobs.worker import worker_words as words
from svi_studio.jobs.worker.task import Outcome, Task
from svi_studio.jobs.worker.watched_worker import Loss
from svi_studio.jobs.worker.worker_words import Cause
from svi_studio.pipes.story_messages import AnswerDone, AnswerFailed, Ask, StopAnswer, StoryMessage


class Question(Task):
    """It is never asked again: whoever asked hears that its process was lost."""

    is_main = False

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask.id)
        self._ask = ask

    def opening(self) -> list[Any]:
        return [self._ask]

    def takes(self, request: Any) -> bool:
        return isinstance(request, StopAnswer) and request.id == self.key

    def asked(self, request: Any) -> None:
        self.must_end = True

    def hears(self, message: Any) -> bool:
        return isinstance(message, StoryMessage) and message.id == self.key

    def heard(self, message: StoryMessage) -> None:
        if isinstance(message, AnswerDone | AnswerFailed):
            self.end = message

    def ended(self, outcome: Outcome, sentence: str = "") -> AnswerFailed:
        return AnswerFailed(self._ask.id, sentence)

    def process_died(self) -> bool:
        return False

    def starts_again(self, cause: Cause) -> str:
        return ""

    def last_words(self, loss: Loss) -> str:
        return words.writer_lost(loss.cause, loss.errors, had_started=loss.had_started)
