"""What the user has asked of the work under way: pause, skip, stop. Asked in one thread, obeyed in another."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager


class Control:
    """What the user asked of one request at a time: set by the thread that reads messages, read by the one that
    renders.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paused = False
        self._stop = False
        self._stop_after_clip = False
        self._skipped: set[int] = set()
        self._films = 0
        self._answers_given_up: set[str] = set()

    def begin(self, *, skipped: Collection[int] = (), paused: bool = False) -> None:
        """Begins with a new request: what was asked of the one before is forgotten."""
        with self._changing():
            self._paused = paused
            self._stop = self._stop_after_clip = False
            self._skipped = set(skipped)
            self._films += 1

    def film_over(self) -> None:
        """Counts one request less, however it ended."""
        with self._changing():
            self._films -= 1

    @property
    def has_film(self) -> bool:
        """Whether a film is rendered or waits for it."""
        return self._films > 0

    def give_up_answer(self, question: str) -> None:
        """Notes that nobody waits for the answer to ``question`` any more."""
        with self._changing():
            self._answers_given_up.add(question)

    def gives_up_answer(self, question: str) -> bool:
        """Whether the answer to ``question`` was given up."""
        return question in self._answers_given_up

    def answer_over(self, question: str) -> None:
        """Forgets a question that is over, however it ended."""
        with self._changing():
            self._answers_given_up.discard(question)

    def pause(self) -> None:
        """Lets the render wait before its next step."""
        with self._changing():
            self._paused = True

    def resume(self) -> None:
        """Lets the render go on."""
        with self._changing():
            self._paused = False

    def skip(self, index: int) -> None:
        """Gives up the clip ``index``. A pause ends with it, or nobody would see that it was obeyed."""
        with self._changing():
            self._skipped.add(index)
            self._paused = False

    def stop(self, *, after_clip: bool = False) -> None:
        """Gives up before the next step, or when the clip under way is done. A pause ends with it."""
        with self._changing():
            self._stop = self._stop or not after_clip
            self._stop_after_clip = after_clip
            self._paused = False

    def skips(self, index: int) -> bool:
        """Whether the clip ``index`` was given up."""
        return index in self._skipped

    def stops(self, *, between_clips: bool = False) -> bool:
        """Whether the request was given up; ``between_clips`` also when only the clip under way was to be finished."""
        return self._stop or (between_clips and self._stop_after_clip)

    def wait_while_paused(self, on_pause: Callable[[], None]) -> None:
        """Returns at once, or when the pause ends; ``on_pause`` is called when there is one."""
        with self._condition:
            if self._paused:
                on_pause()
            self._condition.wait_for(lambda: not self._paused)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._condition:
            yield
            self._condition.notify_all()
