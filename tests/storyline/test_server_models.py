"""The list of a server's models, which is also the test of an address and a key."""

import threading
from typing import Any

import pytest

from svi_studio.domain.errors import Stopped
from svi_studio.net.net_errors import NetError
from svi_studio.net.secret import Secret
from svi_studio.storyline.server.server_models import MAX_MODELS, model_names
from svi_studio.storyline.story_errors import NoAnswer
from tests.storyline.chat_replies import head, scripted, whole
from tests.storyline.fake_server import FakeServer


def _listed(document: Any) -> tuple[str, ...]:
    with FakeServer(scripted([whole(200, document)])) as server:
        return model_names(server.url)


def test_the_names_come_in_the_order_of_the_server() -> None:
    models = [{"id": name, "object": "model", "created": 1, "owned_by": "library"} for name in ("qwen3:8b", "llava")]
    assert _listed({"object": "list", "data": models}) == ("qwen3:8b", "llava")


def test_the_key_and_the_path_are_those_of_the_protocol() -> None:
    with FakeServer(scripted([whole(200, {"data": [{"id": "m"}]})])) as server:
        model_names(f"{server.url}/v1/chat/completions", Secret("sk-0123456789", server.url))
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.headers["authorization"]) == ("GET", "/v1/models", "Bearer sk-0123456789")


def test_models_that_write_no_text_come_last() -> None:
    names = ("text-embedding-nomic-v1.5", "qwen3:8b", "whisper-1", "embedder", "llava")
    listed = _listed({"data": [{"id": name} for name in names]})
    assert listed == ("qwen3:8b", "llava", "text-embedding-nomic-v1.5", "whisper-1", "embedder")


def test_what_is_no_name_is_left_out() -> None:
    strange = [
        {"id": 5},
        {"id": "a\x07b"},
        {"id": "x" * 300},
        {"name": "named"},
        "m",
        None,
        {"id": "good"},
        {"id": "good"},
    ]
    assert _listed({"data": strange}) == ("named", "good")


def test_a_list_without_end_is_cut() -> None:
    assert len(_listed({"data": [{"id": f"m{number}"} for number in range(MAX_MODELS + 5)]})) == MAX_MODELS


@pytest.mark.parametrize("document", [[], {}, {"data": {"id": "m"}}, {"data": "m"}, 5])
def test_what_is_no_list_of_models_is_said_to_be_none(document: Any) -> None:
    with pytest.raises(NoAnswer, match="does not list its models"):
        _listed(document)


@pytest.mark.parametrize(
    "document",
    [{"data": []}, {"object": "list", "data": None}, {"models": None}, {"data": {}}, {"models": []}],
)
def test_a_server_without_a_model_is_said_to_have_none(document: Any) -> None:
    with pytest.raises(NoAnswer, match="offers no model: load or download one there first"):
        _listed(document)


@pytest.mark.parametrize(
    ("status", "words"), [(401, "wants a key"), (404, "no chat at this address"), (500, "a fault of its own")]
)
def test_a_refusal_says_why(status: int, words: str) -> None:
    with FakeServer(scripted([whole(status, {})])) as server, pytest.raises(NoAnswer, match=words):
        model_names(server.url)


def test_a_server_that_hangs_is_given_up_at_the_deadline() -> None:
    with FakeServer(scripted([head(), 30.0])) as server, pytest.raises(NetError, match="did not finish"):
        model_names(server.url, deadline_s=0.2)


def test_the_question_can_be_cancelled() -> None:
    cancel = threading.Event()
    with FakeServer(scripted([30.0])) as server:
        threading.Timer(0.1, cancel.set).start()
        with pytest.raises(Stopped):
            model_names(server.url, cancelled=cancel.is_set)
