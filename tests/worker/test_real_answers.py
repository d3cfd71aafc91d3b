"""The real worker with a tiny random Qwen2.5-VL: it answers about pictures, is stopped, and makes way for films."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.story.answer import AnswerEnd
from svi_studio.pipes.render_messages import Finished, Render
from svi_studio.pipes.story_messages import (
    AnswerDone,
    AnswerFailed,
    AnswerPiece,
    Ask,
    ModelLoading,
    StopAnswer,
    Turn,
)
from tests.engine.tiny_qwen import build_tiny_qwen
from tests.worker.piped_worker import PipedWorker, example_project


@pytest.fixture(scope="module")
def worker() -> Iterator[PipedWorker]:
    """One process for all tests here, because it takes seconds to start."""
    worker = PipedWorker()
    yield worker
    assert worker.close() == 0, "it ends by itself when its window is gone"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_qwen(tmp_path_factory.mktemp("models") / "Tiny-VL-Instruct")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (96, 64), "red").save(tmp_path / "boat.webp")
    return tmp_path / "boat.webp"


def ask(folder: Path, name: str, *images: Path, max_tokens: int = 20) -> Ask:
    turns = (Turn("system", "You write stories."), Turn("user", "What happens next?", images))
    return Ask(name, folder, turns, max_tokens, seed=5, device="cpu")


def heard_until_end(worker: PipedWorker) -> list[Any]:
    return worker.until(lambda message: isinstance(message, AnswerDone | AnswerFailed))


def text(heard: list[Any]) -> str:
    return "".join(message.text for message in heard if isinstance(message, AnswerPiece))


def test_an_answer_about_a_picture_comes_piece_by_piece(worker: PipedWorker, folder: Path, picture: Path) -> None:
    worker.send(ask(folder, "q1", picture))
    heard = heard_until_end(worker)
    assert heard[-1] == AnswerDone("q1", AnswerEnd.TOO_LONG)
    assert sum(isinstance(message, AnswerPiece) for message in heard) > 5


def test_the_model_stays_for_the_next_question_and_answers_it_alike(
    worker: PipedWorker, folder: Path, picture: Path
) -> None:
    worker.send(ask(folder, "q2", picture))
    first = heard_until_end(worker)
    worker.send(ask(folder, "q3", picture))
    again = heard_until_end(worker)
    assert text(first) == text(again)
    assert not any(isinstance(message, ModelLoading) for message in again)


def test_an_answer_that_is_given_up_ends_before_it_is_long(worker: PipedWorker, folder: Path) -> None:
    worker.send(ask(folder, "q4", max_tokens=1900))
    worker.until(lambda message: isinstance(message, AnswerPiece))
    worker.send(StopAnswer("q4"))
    heard = heard_until_end(worker)
    assert heard[-1] == AnswerDone("q4", AnswerEnd.STOPPED)
    assert len(heard) < 1000


def test_a_film_ends_the_answer_gets_the_memory_and_is_rendered(
    worker: PipedWorker, folder: Path, tmp_path: Path
) -> None:
    project, storyboard = example_project(tmp_path, steps=1)
    worker.send(ask(folder, "q5", max_tokens=1900))
    worker.until(lambda message: isinstance(message, AnswerPiece))
    worker.send(Render(RenderRequest(id="r1", storyboard=storyboard, first=0, last=0), project, "cpu"))
    heard = worker.until_over()
    assert AnswerDone("q5", AnswerEnd.FILM_FIRST) in heard
    assert heard[-1] == Finished("r1")
    worker.send(ask(folder, "q6"))
    assert any(isinstance(message, ModelLoading) for message in heard_until_end(worker)), "it was given up for the film"


def test_a_question_that_cannot_be_answered_says_why_and_the_next_one_can(worker: PipedWorker, folder: Path) -> None:
    worker.send(ask(folder, "q7", folder / "no.png"))
    failed = heard_until_end(worker)[-1]
    assert isinstance(failed, AnswerFailed)
    assert "was not found" in failed.sentence
    worker.send(ask(folder, "q8"))
    assert heard_until_end(worker)[-1].id == "q8"
