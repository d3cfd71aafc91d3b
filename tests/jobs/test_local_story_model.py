"""A language model in the film's worker answers, is given up, makes way for films, and says why there is no answer."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.story.local_story_model import LocalChat, LocalStoryModel
from svi_studio.jobs.worker import supervisor
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from svi_studio.storyline.chat import Message
from svi_studio.storyline.story_errors import NoAnswer
from tests.jobs.conftest import Script
from tests.jobs.scripted import Scripted
from tests.patience import felt_time

QUESTION = [Message("system", "You write."), Message("user", "What happens?", (Path("boat.png"),))]


class Asked:
    """A question in a thread of its own, as a story is written; the test waits for its end."""

    def __init__(self, qtbot: QtBot, chat: LocalChat, deadline_s: float = 60.0, most: int = 1_000) -> None:
        self._qtbot, self._chat, self._deadline, self._most = qtbot, chat, deadline_s, most
        self.pieces: list[str] = []
        self.error: Exception | None = None
        self.cancelled = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        stream = self._chat.stream(
            QUESTION, max_tokens=50, schema=None, cancelled=self.cancelled.is_set, deadline_s=self._deadline, seed=3
        )
        try:
            for piece in stream:
                self.pieces.append(piece)
                if len(self.pieces) >= self._most:
                    break
        except StudioError as error:
            self.error = error

    def until(self, ready: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(ready()), timeout=20_000)

    def text(self) -> str:
        self.until(lambda: not self._thread.is_alive())
        return "".join(self.pieces)

    def sentence(self) -> str:
        self.text()
        return str(self.error)


@pytest.fixture
def model(script: Script) -> Iterator[Callable[..., tuple[Scripted, LocalStoryModel]]]:
    """A language model whose worker does as the script says."""
    made: list[LocalStoryModel] = []

    def make(turn: RenderTurn | None = None, **what: Any) -> tuple[Scripted, LocalStoryModel]:
        worker = script(**what)
        made.append(LocalStoryModel(worker.service, turn))
        return worker, made[-1]

    yield make
    for each in made:
        each.close()


Model = Callable[..., tuple[Scripted, LocalStoryModel]]
FOLDER = Path("Qwen2.5-VL-3B-Instruct")


def test_the_answer_comes_piece_by_piece(qtbot: QtBot, model: Model) -> None:
    _, local = model(answer=["A red ", "boat ", "🎬."])
    asked = Asked(qtbot, local.chat(FOLDER))
    assert (asked.text(), asked.error) == ("A red boat 🎬.", None)
    assert asked.pieces == ["A red ", "boat ", "🎬."]


def test_the_worker_gets_the_words_the_pictures_and_the_seed(qtbot: QtBot, model: Model) -> None:
    worker, local = model()
    Asked(qtbot, local.chat(FOLDER)).text()
    asked = worker.asked()[0]
    assert asked["turns"][1] == {"role": "user", "text": "What happens?", "images": ["boat.png"]}
    assert (asked["model"], asked["max_tokens"], asked["seed"]) == (str(FOLDER), 50, 3)


def test_the_name_of_a_model_that_is_being_loaded_is_told(qtbot: QtBot, model: Model) -> None:
    _, local = model()
    with qtbot.waitSignal(local.loading, timeout=20_000) as told:
        asked = Asked(qtbot, local.chat(FOLDER))
    asked.text()
    assert told.args == ["Qwen"]


def test_cancelling_is_felt_within_a_second(qtbot: QtBot, model: Model) -> None:
    worker, local = model(faults={"model": ["hang", 1]})
    asked = Asked(qtbot, local.chat(FOLDER))
    asked.until(lambda: worker.service.state is ProcessState.IDLE)
    asked.cancelled.set()
    with felt_time() as seconds:
        asked.text()
        assert isinstance(asked.error, Stopped)
        assert seconds() < 1.0


def test_a_reader_that_has_enough_stops_the_answer(qtbot: QtBot, model: Model) -> None:
    worker, local = model(answer=["word "] * 200, piece_seconds=0.05)
    asked = Asked(qtbot, local.chat(FOLDER), most=2)
    asked.text()
    asked.until(lambda: worker.asked()[-1]["kind"] == "stop_answer")
    assert Asked(qtbot, local.chat(FOLDER), most=1).text() == "word ", "the next question is answered at once"


def test_past_the_deadline_there_is_one_sentence(qtbot: QtBot, model: Model) -> None:
    _, local = model(faults={"piece 1": ["hang", 1]})
    asked = Asked(qtbot, local.chat(FOLDER), deadline_s=0.3)
    assert "too slow" in asked.sentence()
    assert isinstance(asked.error, NoAnswer)


def test_what_the_worker_says_of_a_failure_is_passed_on(qtbot: QtBot, model: Model) -> None:
    _, local = model(answer=[], answer_fails="The model does not fit: choose a smaller one.")
    assert Asked(qtbot, local.chat(FOLDER)).sentence() == "The model does not fit: choose a smaller one."


def test_a_worker_that_dies_costs_the_answer_only(qtbot: QtBot, model: Model) -> None:
    worker, local = model(faults={"piece 2": ["kill", 1]})
    assert "ended unexpectedly" in Asked(qtbot, local.chat(FOLDER)).sentence()
    assert worker.notices == [], "it was said once"
    assert Asked(qtbot, local.chat(FOLDER)).text() == "A red boat."


def test_while_a_film_is_rendered_a_question_is_refused(qtbot: QtBot, model: Model) -> None:
    worker, local = model(holds=["0.1"])
    worker.submit()
    worker.wait("clip_started 0")
    assert "is needed for a film" in Asked(qtbot, local.chat(FOLDER)).sentence()
    worker.service.pause()
    worker.service.resume()
    assert worker.wait_for_end().outcome is Outcome.DONE


def test_a_film_ends_the_answer_and_is_rendered(qtbot: QtBot, model: Model) -> None:
    turn = RenderTurn()
    worker, local = model(turn, answer=["word "] * 200, piece_seconds=0.05)
    asked = Asked(qtbot, local.chat(FOLDER))
    asked.until(lambda: asked.pieces)
    turn.take(worker.service)
    worker.submit()
    assert "is needed for a film" in asked.sentence()
    assert worker.wait_for_end().outcome is Outcome.DONE


def test_a_film_does_not_wait_for_a_model_that_loads_for_ever(
    qtbot: QtBot, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_MS", 300)
    worker, local = model(faults={"model": ["hang", 1]})
    asked = Asked(qtbot, local.chat(FOLDER))
    asked.until(lambda: worker.service.state is ProcessState.IDLE)
    worker.submit()
    assert worker.wait_for_end().outcome is Outcome.DONE
    assert asked.error or asked.sentence()
    assert worker.notices == [], "the film's worker did not fail"


def test_a_film_that_is_stopped_while_an_answer_holds_it_up_is_over(
    qtbot: QtBot, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_MS", 300)
    worker, local = model(faults={"model": ["hang", 1]})
    asked = Asked(qtbot, local.chat(FOLDER))
    asked.until(lambda: worker.service.state is ProcessState.IDLE)
    worker.submit()
    worker.service.stop()
    assert worker.wait_for_end().outcome is Outcome.STOPPED
    assert asked.error or asked.sentence()
    assert (worker.notices, worker.service.state) == ([], ProcessState.OFF)


def test_whoever_else_computes_gets_the_memory(qtbot: QtBot, model: Model) -> None:
    turn = RenderTurn()
    worker, local = model(turn)
    Asked(qtbot, local.chat(FOLDER)).text()
    turn.take(turn, "A training is under way.")
    qtbot.waitUntil(lambda: worker.asked()[-1]["kind"] == "forget_model", timeout=20_000)
    assert Asked(qtbot, local.chat(FOLDER)).sentence() == "A training is under way."


def test_letting_the_worker_go_ends_the_answer(qtbot: QtBot, model: Model) -> None:
    worker, local = model(answer=["word "] * 200, piece_seconds=0.05)
    asked = Asked(qtbot, local.chat(FOLDER))
    asked.until(lambda: asked.pieces)
    worker.service.rest()
    assert "is needed for a film or a training" in asked.sentence()


def test_closing_the_window_ends_the_answer(qtbot: QtBot, model: Model) -> None:
    _, local = model(answer=["word "] * 200, piece_seconds=0.05)
    asked = Asked(qtbot, local.chat(FOLDER))
    asked.until(lambda: asked.pieces)
    local.close()
    assert "being closed" in asked.sentence()


def test_half_a_character_does_not_keep_a_question_from_its_way(qtbot: QtBot, model: Model) -> None:
    worker, local = model()
    chat = local.chat(FOLDER)
    QUESTION.append(Message("user", "odd \ud800"))
    try:
        assert Asked(qtbot, chat).text() == "A red boat."
    finally:
        QUESTION.pop()
    assert worker.asked()[0]["turns"][2]["text"] == "odd ?"
