"""What the worker says of its answers: a tiny random Qwen2.5-VL from its folder to the window's messages."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.story.answer import AnswerEnd
from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.render_messages import WORKER_MESSAGES, WorkerMessage
from svi_studio.pipes.story_messages import AnswerDone, AnswerFailed, AnswerPiece, Ask, ModelLoading, Turn
from svi_studio.worker.answers import Answers
from svi_studio.worker.control import Control
from tests.engine.tiny_qwen import build_tiny_qwen


class Window(Outbox[WorkerMessage]):
    """Keeps the messages instead of writing them; ``on_piece`` is called after each piece of an answer."""

    def __init__(self) -> None:
        super().__init__(-1, WORKER_MESSAGES.encode)
        self.messages: list[WorkerMessage] = []
        self.on_piece: Callable[[], object] = lambda: None

    def send(self, message: WorkerMessage) -> None:
        WORKER_MESSAGES.encode(message)
        self.messages.append(message)
        if isinstance(message, AnswerPiece):
            self.on_piece()

    def pieces(self, question: str) -> list[str]:
        return [each.text for each in self.messages if isinstance(each, AnswerPiece) and each.id == question]


class Desk:
    """The part of the worker that answers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.control, self.window = folder, Control(), Window()
        self.rooms: list[str] = []
        self.answers = Answers(self.control, self.window, make_room=lambda: self.rooms.append("made"))

    def ask(self, name: str, *images: Path, max_tokens: int = 12) -> WorkerMessage:
        """The last message of the answer."""
        turns = (Turn("system", "You write stories."), Turn("user", "What happens next?", images))
        self.answers.answer(Ask(name, self.folder, turns, max_tokens, seed=5, device="cpu"))
        return self.window.messages[-1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_qwen(tmp_path_factory.mktemp("models") / "Tiny-VL-Instruct")


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(folder)


def test_a_question_about_a_picture_is_answered_piece_by_piece(desk: Desk, tmp_path: Path) -> None:
    Image.new("RGB", (96, 64), "red").save(tmp_path / "boat.webp")
    assert desk.ask("q1", tmp_path / "boat.webp") == AnswerDone("q1", AnswerEnd.TOO_LONG)
    assert desk.window.messages[0] == ModelLoading("q1", "Tiny-VL-Instruct")
    assert len(desk.window.pieces("q1")) > 3


def test_the_model_stays_and_answers_alike(desk: Desk) -> None:
    desk.ask("q1")
    desk.ask("q2")
    assert desk.window.pieces("q1") == desk.window.pieces("q2")
    assert sum(isinstance(each, ModelLoading) for each in desk.window.messages) == 1
    assert desk.rooms == ["made"], "the film's networks went before the model came"


def test_an_answer_that_is_given_up_ends_between_two_tokens(desk: Desk) -> None:
    desk.window.on_piece = lambda: desk.control.give_up_answer("q1")
    assert desk.ask("q1", max_tokens=1000) == AnswerDone("q1", AnswerEnd.STOPPED)
    assert len(desk.window.pieces("q1")) <= 2


def test_one_that_was_given_up_before_its_turn_loads_nothing(desk: Desk) -> None:
    desk.control.give_up_answer("q1")
    assert desk.ask("q1") == AnswerDone("q1", AnswerEnd.STOPPED)
    assert len(desk.window.messages) == 1


def test_a_film_that_comes_ends_the_answer_and_says_so(desk: Desk) -> None:
    desk.window.on_piece = desk.control.begin
    assert desk.ask("q1", max_tokens=1000) == AnswerDone("q1", AnswerEnd.FILM_FIRST)


def test_forgetting_gives_the_memory_back(desk: Desk) -> None:
    desk.ask("q1")
    model = weakref.ref(desk.answers._model)
    desk.answers.forget()
    gc.collect()
    assert model() is None
    desk.ask("q2")
    assert sum(isinstance(each, ModelLoading) for each in desk.window.messages) == 2


def test_a_picture_that_is_gone_is_one_sentence_and_the_next_question_is_answered(desk: Desk, tmp_path: Path) -> None:
    failed = desk.ask("q1", tmp_path / "gone.png")
    assert isinstance(failed, AnswerFailed)
    assert "was not found" in failed.sentence
    assert isinstance(desk.ask("q2"), AnswerDone)


def test_a_folder_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    failed = Desk(tmp_path).ask("q1")
    assert isinstance(failed, AnswerFailed)
    assert failed.sentence.startswith("There is no model in")
