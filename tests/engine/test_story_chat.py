"""A model of the own process streams its answer, is stopped between two tokens, and passes on what went wrong."""

import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from svi_studio.domain.errors import BadWeights, Stopped, StudioError
from svi_studio.domain.story.answer import AnswerEnd, Precision
from svi_studio.engine.story.chat import FolderChat
from svi_studio.storyline.chat import ChatModel, Message
from tests.patience import felt_time


class Scripted:
    """Says ``words`` one by one, each after ``pause`` seconds, and counts those that it has said."""

    def __init__(self, words: Sequence[str] = ("A red ", "boat."), pause: float = 0.0) -> None:
        self.words, self.pause = words, pause
        self.said = 0
        self.asked: list[dict[str, Any]] = []
        self.is_working = threading.Lock()

    def answer(
        self, turns: Sequence[Any], *, tell: Callable[[str], None], should_stop: Callable[[], bool], **given: Any
    ) -> AnswerEnd:
        assert self.is_working.acquire(blocking=False), "one question at a time"
        self.asked.append(given | {"turns": turns})
        try:
            for word in self.words:
                time.sleep(self.pause)
                if should_stop():
                    return AnswerEnd.STOPPED
                self.said += 1
                tell(word)
            return AnswerEnd.COMPLETE
        finally:
            self.is_working.release()


def chat_of(model: Any) -> FolderChat:
    return FolderChat(Path("models/Qwen2.5-VL-3B-Instruct"), load=lambda folder, device, precision: model)


def pieces(chat: ChatModel, cancelled: Callable[[], bool] = lambda: False, deadline_s: float = 20.0) -> Any:
    return chat.stream(
        [Message("user", "Go on.")], max_tokens=50, schema=None, cancelled=cancelled, deadline_s=deadline_s, seed=4
    )


def test_it_is_a_chat_model_that_streams_and_is_called_as_its_folder() -> None:
    chat = chat_of(Scripted())
    assert list(pieces(chat)) == ["A red ", "boat."]
    assert (chat.name, chat.sees_pictures) == ("Qwen2.5-VL-3B-Instruct", True)


def test_the_model_is_loaded_with_the_first_question_and_once() -> None:
    loads: list[Precision] = []
    chat = FolderChat(Path("q"), load=lambda folder, device, precision: (loads.append(precision), Scripted())[1])
    assert not loads
    list(pieces(chat))
    list(pieces(chat))
    assert loads == [Precision.AUTO]


def test_a_closed_one_is_loaded_again() -> None:
    models = [Scripted(), Scripted(["again"])]
    chat = FolderChat(Path("q"), load=lambda *_: models.pop(0))
    list(pieces(chat))
    chat.close()
    assert list(pieces(chat)) == ["again"]


def test_seed_and_length_reach_the_model() -> None:
    model = Scripted()
    list(pieces(chat_of(model)))
    assert (model.asked[0]["seed"], model.asked[0]["max_tokens"]) == (4, 50)


def test_cancelling_is_felt_within_a_second_even_while_nothing_comes() -> None:
    model = Scripted(pause=3.0)
    with felt_time() as seconds:
        with pytest.raises(Stopped):
            list(pieces(chat_of(model), cancelled=lambda: seconds() > 0.1))
        assert seconds() < 1.0


def test_who_has_read_enough_stops_the_model() -> None:
    model = Scripted(["word "] * 1000, pause=0.005)
    stream = pieces(chat_of(model))
    assert list(islice(stream, 2)) == ["word ", "word "]
    stream.close()
    assert model.said < 100


def test_past_the_deadline_there_is_one_sentence() -> None:
    with pytest.raises(StudioError, match="too slow on this computer"):
        list(pieces(chat_of(Scripted(["word "] * 1000, pause=0.05)), deadline_s=0.1))


def test_a_folder_without_a_model_is_said_when_it_is_asked() -> None:
    def refuse(*_: Any) -> Any:
        raise BadWeights("There is no model in q.")

    with pytest.raises(BadWeights, match="no model in q"):
        list(pieces(FolderChat(Path("q"), load=refuse)))
