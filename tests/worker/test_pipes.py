"""The worker's way in and out: requests are obeyed as they come, and the process ends when its window is gone."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.story.answer import AnswerEnd
from svi_studio.pipes import outbox as outbox_module
from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.render_messages import (
    REQUESTS,
    WORKER_MESSAGES,
    Alive,
    Failed,
    Ping,
    Render,
    Request,
    Shutdown,
    SkipClip,
    Stop,
    WorkerMessage,
)
from svi_studio.pipes.story_messages import AnswerDone, Ask, ForgetModel, StopAnswer, Turn
from svi_studio.worker import inbox as inbox_module
from svi_studio.worker.control import Control
from svi_studio.worker.inbox import Inbox
from tests.patience import SECONDS

FILM = Render(RenderRequest(id="r1", storyboard=Storyboard(clips=(Clip(id="c1"),)), first=0, last=0), Path("film.svi"))

QUESTION = Ask("q1", Path("model"), (Turn("user", "What happens next?"),), 100)


class Window:
    """The window's ends of the two pipes, and how the process ended."""

    def __init__(self) -> None:
        requests, self.requests = os.pipe()
        self.messages, messages = os.pipe()
        self.control = Control()
        self.outbox = Outbox[WorkerMessage](messages, WORKER_MESSAGES.encode)
        self.inbox = Inbox(requests, self.control, self.outbox)
        self.ended = threading.Event()
        self.status: list[int] = []
        self._open = {requests, self.requests, self.messages, messages}
        self._reader = WORKER_MESSAGES.reader()

    def end(self, status: int) -> None:
        self.status.append(status)
        self.ended.set()

    def send(self, *requests: Request) -> None:
        os.write(self.requests, b"".join(map(REQUESTS.encode, requests)))

    def hear(self) -> list[object]:
        return list(self._reader.feed(os.read(self.messages, 1 << 16)))

    def hang_up(self, descriptor: int) -> None:
        self._open.discard(descriptor)
        os.close(descriptor)

    def close(self) -> None:
        if self.requests in self._open:
            self.hang_up(self.requests)
        assert self.ended.wait(SECONDS)
        for thread in threading.enumerate():
            if thread.name == "requests":
                thread.join(10)
        for descriptor in self._open:
            os.close(descriptor)


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    window = Window()
    monkeypatch.setattr(inbox_module, "end_now", window.end)
    monkeypatch.setattr(outbox_module, "end_now", window.end)
    monkeypatch.setattr(inbox_module, "GRACE_SECONDS", 0.0)
    window.inbox.start()
    yield window
    window.close()


def test_films_wait_for_the_renderer(window: Window) -> None:
    window.send(FILM)
    assert window.inbox.next_work() == FILM


def test_wishes_are_obeyed_while_it_renders(window: Window) -> None:
    window.send(FILM, SkipClip(4), Stop(), Ping())
    assert window.hear() == [Alive()]
    assert window.control.skips(4)
    assert window.control.stops()


def test_a_film_begins_with_the_wishes_that_came_along(window: Window) -> None:
    film = Render(FILM.request, FILM.project, skipped=(2,))
    window.send(Stop(), film, Ping())
    window.hear()
    assert not window.control.stops()
    assert window.control.skips(2)


def test_questions_wait_for_their_turn(window: Window) -> None:
    window.send(QUESTION)
    assert window.inbox.next_work() == QUESTION


def test_a_question_that_is_given_up_while_it_waits_stays_given_up(window: Window) -> None:
    window.send(QUESTION, StopAnswer("q1"), Ping())
    window.hear()
    assert window.control.gives_up_answer("q1")


def test_while_a_film_is_rendered_a_question_is_refused(window: Window) -> None:
    window.send(FILM, QUESTION)
    assert window.hear() == [AnswerDone("q1", AnswerEnd.FILM_FIRST)]


def test_after_the_film_questions_are_taken_again(window: Window) -> None:
    window.send(FILM)
    window.inbox.next_work()
    window.control.film_over()
    window.send(QUESTION)
    assert window.inbox.next_work() == QUESTION


def test_after_a_long_rest_the_language_model_is_forgotten(window: Window) -> None:
    assert window.inbox.next_work(patience=0.01) == ForgetModel()


def test_a_window_that_is_gone_ends_the_process(window: Window) -> None:
    window.hang_up(window.requests)
    assert window.inbox.next_work() is None
    assert window.control.stops()
    assert window.ended.wait(SECONDS)
    assert window.status[0] == 0


def test_a_shutdown_ends_the_process(window: Window) -> None:
    window.send(Shutdown())
    assert window.inbox.next_work() is None
    assert window.ended.wait(SECONDS)


def test_requests_that_are_none_end_the_process(window: Window) -> None:
    os.write(window.requests, b"GET / HTTP/1.1\r\n")
    assert window.ended.wait(SECONDS)
    assert window.status[0] != 0


def test_nobody_to_speak_to_ends_the_process(window: Window) -> None:
    window.hang_up(window.messages)
    window.outbox.send(Failed("r1", "is anybody there"))
    assert window.status == [0]


def test_messages_of_several_threads_stay_whole(window: Window) -> None:
    said = Failed("r1", "x" * 500)
    threads = [threading.Thread(target=lambda: [window.outbox.send(said) for _ in range(50)]) for _ in "abcd"]
    for thread in threads:
        thread.start()
    heard: list[object] = []
    while len(heard) < 200:
        heard += window.hear()
    for thread in threads:
        thread.join()
    assert heard == [said] * 200
