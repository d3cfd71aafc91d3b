"""The questions to a language model that the worker has not answered yet, and which of them it has to end soon."""

from svi_studio.pipes.story_messages import AnswerDone, AnswerFailed, StoryMessage


class OpenQuestions:
    """Ids of questions, from the asking to the end of the answer."""

    def __init__(self) -> None:
        self._open: dict[str, None] = {}
        self._stopping: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def is_one_stopping(self) -> bool:
        """Whether the worker was asked to end one and has not yet."""
        return bool(self._stopping)

    def ask(self, question: str) -> None:
        """The worker was asked."""
        self._open[question] = None

    def stop(self, question: str) -> None:
        """The worker was told that nobody waits for this answer any more."""
        if question in self._open:
            self._stopping.add(question)

    def stop_all(self) -> None:
        """A film comes, for which the worker ends every answer."""
        self._stopping.update(self._open)

    def hear(self, message: StoryMessage) -> bool:
        """Whether ``message`` is of an open question; the last one of an answer closes it."""
        is_open = message.id in self._open
        if isinstance(message, AnswerDone | AnswerFailed):
            self._open.pop(message.id, None)
            self._stopping.discard(message.id)
        return is_open

    def lose(self, sentence: str) -> list[AnswerFailed]:
        """The worker is gone, for the reason in ``sentence``: what its questions end with."""
        lost = [AnswerFailed(question, sentence) for question in self._open]
        self._open.clear()
        self._stopping.clear()
        return lost
