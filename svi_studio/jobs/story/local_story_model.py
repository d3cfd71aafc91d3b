"""Language models in folders of this computer, asked in the film's worker: the window's end of them."""

import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from svi_studio.domain.errors import Stopped
from svi_studio.domain.story.answer import MAX_ANSWER_TOKENS, AnswerEnd, Aside, Doing, Precision
from svi_studio.domain.value import MAX_SEED
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.worker import worker_words
from svi_studio.pipes.story_messages import (
    AnswerDone,
    AnswerFailed,
    AnswerPiece,
    Ask,
    ForgetModel,
    ModelLoading,
    StopAnswer,
    StoryMessage,
    Turn,
)
from svi_studio.storyline.chat import Cancelled, Message
from svi_studio.storyline.story_errors import NoAnswer
from svi_studio.weights.story_models import model_name

translate = QCoreApplication.translate
_TICK_S = 0.1

Answer = queue.SimpleQueue[StoryMessage]


class LocalStoryModel(QObject):
    """Lives in the window's thread; its chats are used in others. ``loading`` brings the name of a model being read.

    A film or a training that begins to compute ends all answers, and the model's memory is given back.
    """

    loading = Signal(str)

    _wanted = Signal(object)

    def __init__(self, service: RenderService, turn: RenderTurn | None = None, parent: QObject | None = None) -> None:
        """``service`` owns the worker that answers; ``turn`` says whether anybody computes on this computer."""
        super().__init__(parent)
        self._service, self._turn = service, turn
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self._wanted.connect(self._pass_on)
        service.answered.connect(self._hear)
        if turn is not None:
            turn.taken.connect(self.forget)

    def chat(self, folder: Path, *, precision: Precision = Precision.AUTO, device: str = "auto") -> "LocalChat":
        """The model in ``folder`` as a chat model; what is wrong with the folder is said when it is asked."""
        return LocalChat(self, folder, precision, device)

    @Slot()
    def forget(self) -> None:
        """Ends all answers and gives the model's memory back."""
        self._end_all(worker_words.film_first())
        self._service.write(ForgetModel())

    def close(self) -> None:
        """Ends all answers at once, for good."""
        self._is_closed = True
        self._end_all(_closing())

    def ask(self, question: Ask) -> Answer:
        """Asks ``question`` and returns the answer to which its messages will come; for any thread."""
        answer: Answer = queue.SimpleQueue()
        with self._lock:
            self._answers[question.id] = answer
        self._wanted.emit(question)
        return answer

    def leave(self, question: str) -> None:
        """Notes that nobody reads the answer to ``question`` any more; for any thread."""
        with self._lock:
            is_open = self._answers.pop(question, None) is not None
        if is_open:
            self._wanted.emit(StopAnswer(question))

    @Slot(object)
    def _pass_on(self, request: Ask | StopAnswer) -> None:
        if isinstance(request, Ask) and self._is_closed:
            self._hear(AnswerFailed(request.id, _closing()))
        elif isinstance(request, Ask) and self._turn is not None and self._turn.is_taken:
            self._hear(AnswerFailed(request.id, self._turn.refusal or worker_words.film_first()))
        else:
            self._service.write(request)

    @Slot(object)
    def _hear(self, message: StoryMessage) -> None:
        if isinstance(message, ModelLoading):
            self.loading.emit(message.name)
            return
        with self._lock:
            is_end = isinstance(message, AnswerDone | AnswerFailed)
            answer = self._answers.pop(message.id, None) if is_end else self._answers.get(message.id)
        if answer is not None:
            answer.put(message)

    def _end_all(self, sentence: str) -> None:
        with self._lock:
            open_now = list(self._answers)
        for question in open_now:
            self._service.write(StopAnswer(question))
            self._hear(AnswerFailed(question, sentence))


class LocalChat:
    """A ``ChatModel`` in a folder of this computer. ``stream`` waits, so it is for any thread but the window's."""

    def __init__(self, model: LocalStoryModel, folder: Path, precision: Precision, device: str) -> None:
        self._model, self._folder, self._precision, self._device = model, folder, precision, device

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
        messages: Sequence[Message],
        *,
        max_tokens: int,
        schema: Mapping[str, Any] | None,
        cancelled: Cancelled,
        deadline_s: float,
        seed: int = 0,
    ) -> Iterator[str | Aside]:
        """The answer as it is made. It cannot be held to ``schema``; the first one also waits for the model to load.

        Raises NoAnswer with the worker's sentence or past the deadline, and Stopped.
        """
        end = time.monotonic() + deadline_s
        question = self._question(messages, max_tokens, seed)
        answer = self._model.ask(question)
        try:
            while True:
                match self._next(answer, end, cancelled):
                    case AnswerPiece(_, text):
                        yield text
                    case AnswerFailed(_, sentence):
                        raise NoAnswer(sentence)
                    case AnswerDone(_, AnswerEnd.FILM_FIRST):
                        raise NoAnswer(worker_words.film_first())
                    case AnswerDone(_, AnswerEnd.STOPPED):
                        raise _stopped()
                    case AnswerDone(_, end_of_answer):
                        if end_of_answer is AnswerEnd.TOO_LONG:
                            yield Aside(Doing.CUT_SHORT)
                        return
        finally:
            self._model.leave(question.id)

    def _question(self, messages: Sequence[Message], max_tokens: int, seed: int) -> Ask:
        turns = tuple(Turn(each.role, _whole_letters(each.text), each.images) for each in messages)
        return Ask(
            uuid4().hex,
            self._folder,
            turns,
            min(max_tokens, MAX_ANSWER_TOKENS),
            seed=seed % (MAX_SEED + 1),
            device=self._device,
            precision=self._precision,
        )

    def _next(self, answer: Answer, end: float, cancelled: Cancelled) -> StoryMessage:
        while not cancelled():
            left = end - time.monotonic()
            if left <= 0:
                raise NoAnswer(_late().format(name=self.name))
            try:
                return answer.get(timeout=min(_TICK_S, left))
            except queue.Empty:
                continue
        raise _stopped()


def _whole_letters(text: str) -> str:
    """Half a character, as a keyboard may leave one behind, must not keep the question from its way."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _stopped() -> Stopped:
    return Stopped("The language model was stopped.")


def _closing() -> str:
    return translate("LocalStoryModel", "The film is being closed: ask again from another window.")


def _late() -> str:
    return translate(
        "LocalStoryModel",
        "{name} is too slow on this computer: ask for fewer clips at a time, or take a smaller model.",
    )
