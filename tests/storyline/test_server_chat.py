"""How a chat server is asked: in simpler words when it does not understand, with a key that goes nowhere else."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.domain.story.answer import Aside, Doing
from svi_studio.net.net_errors import BadAddress, OtherOrigin, Redirected, TooLarge, Unreachable
from svi_studio.net.secret import Secret
from svi_studio.storyline.chat import Message
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.story_errors import ContextOverflow, NoAnswer
from tests.patience import SECONDS, felt_time
from tests.storyline.chat_replies import chunk, head, scripted, streamed, whole
from tests.storyline.fake_server import FakeServer

_KEY = "sk-canary-0123456789abcdef"
_SCHEMA = {"type": "object", "properties": {"cards": {"type": "array"}}}


def _ask(chat: ServerChat, *images: Path, schema: dict[str, Any] | None = _SCHEMA, deadline_s: float = 10.0) -> str:
    messages = [Message("system", "Rules."), Message("user", "Write.", images)]
    said = chat.stream(messages, max_tokens=50, schema=schema, cancelled=lambda: False, deadline_s=deadline_s, seed=3)
    return "".join(piece for piece in said if isinstance(piece, str))


def _refused(status: int, document: Any, **headers: str) -> str:
    with FakeServer(scripted([whole(status, document, **headers)])) as server, pytest.raises(NoAnswer) as caught:
        _ask(ServerChat(server.url, "qwen"))
    return str(caught.value).removeprefix(f"{server.url} ")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "dog.png"
    Image.new("RGB", (40, 30), "red").save(path)
    return path


def test_the_request_is_what_the_protocol_says() -> None:
    with FakeServer(scripted(streamed("Hello"))) as server:
        assert _ask(ServerChat(server.url, "qwen")) == "Hello"
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.headers["content-type"]) == (
        "POST",
        "/v1/chat/completions",
        "application/json",
    )
    assert asked.body == {
        "model": "qwen",
        "messages": [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Write."}],
        "stream": True,
        "max_tokens": 50,
        "seed": 3,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": _SCHEMA},
        },
    }


def test_no_form_is_asked_for_without_a_schema() -> None:
    with FakeServer(scripted(streamed("Hello"))) as server:
        _ask(ServerChat(server.url, "qwen"), schema=None)
    assert "response_format" not in server.asked[0].body


def test_thoughts_apart_from_the_answer_are_left_aside() -> None:
    thinking = [head(), chunk(None, reasoning_content="Hmm"), chunk("Hello"), chunk(None, "stop")]
    with FakeServer(scripted(thinking)) as server:
        assert _ask(ServerChat(server.url, "qwen")) == "Hello"


@pytest.mark.parametrize(
    ("refusals", "fields"),
    [
        ([{"error": "'response_format.type' must be 'text'"}] * 2, {"response_format": None}),
        ([{"error": {"message": "Unsupported parameter: 'max_tokens'"}}], {"max_completion_tokens": 50}),
        ([{"error": {"message": "max_tokens is too large"}}] * 2, {"max_tokens": None, "max_completion_tokens": None}),
        ([{"error": {"message": 'Unknown name "seed": Cannot find field.'}}], {"seed": None}),
        ([{"detail": "bad request"}], {"response_format": {"type": "json_object"}}),
    ],
)
def test_what_a_server_does_not_understand_is_left_out(refusals: list[Any], fields: dict[str, Any]) -> None:
    answers = [[whole(400, refusal)] for refusal in refusals]
    with FakeServer(scripted(*answers, streamed("Hello"))) as server:
        chat = ServerChat(server.url, "qwen")
        assert _ask(chat) == "Hello"
        _ask(chat)
    assert [server.asked[-1].body.get(name) for name in fields] == list(fields.values())
    assert len(server.asked) == len(refusals) + 2, "the second request knows what the first has learnt"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "this model does not support image input"),
        (400, "Model does not support images. Please use a model that does."),
        (400, "qwen is not a multimodal model"),
        (422, "unknown variant `image_url`, expected `text`"),
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (500, 'Failed to parse messages: Unsupported content part type: "image_url"'),
    ],
)
def test_a_model_without_eyes_is_asked_again_in_words_alone(status: int, words: str, picture: Path) -> None:
    blind = whole(status, {"error": {"message": words}})
    with FakeServer(scripted([blind], streamed("Hello"))) as server:
        chat = ServerChat(server.url, "qwen")
        assert chat.sees_pictures
        assert _ask(chat, picture) == "Hello"
        assert not chat.sees_pictures
    assert [len(asked.pictures) for asked in server.asked] == [1, 0]


def test_a_broken_picture_is_an_error_before_anything_is_sent(tmp_path: Path) -> None:
    broken = tmp_path / "dog.png"
    broken.write_bytes(b"\x89PNG no")
    with FakeServer(scripted(streamed("Hello"))) as server, pytest.raises(BadInput, match=r"dog\.png"):
        _ask(ServerChat(server.url, "qwen"), broken)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "document", "sentence"),
    [
        (401, {"error": {"message": "bad"}}, 'wants a key: set one for this server. It says "bad".'),
        (404, {"error": {"message": 'model "qwen" not found'}}, 'has no model "qwen": choose one of its list.'),
        (404, {"detail": "Not Found"}, "has no chat at this address: check it, it often ends in /v1."),
        (413, {}, "finds the request too long: use fewer or smaller pictures."),
        (
            500,
            {"error": {"message": "CUDA error"}},
            "has a fault of its own (500): try again later, or look at its log.",
        ),
    ],
)
def test_a_refusal_says_what_to_do(status: int, document: Any, sentence: str) -> None:
    assert _refused(status, document).startswith(sentence)


OVERFLOWS = [
    (
        400,
        {"error": {"code": 400, "type": "exceed_context_size_error", "message": "too much"}},
    ),
    (
        400,
        {"error": {"message": "This model's maximum context length is 4096 tokens."}},
    ),
    (400, {"error": {"code": "context_length_exceeded", "message": "Please reduce the length of the messages."}}),
    (400, {"error": "Trying to keep the first 4321 tokens when context the overflows."}),
    (422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096."}),
    (413, {"error": {"message": "Request too large for model"}}),
    (400, {"error": {"message": "prompt is too long: 20000 tokens > 8192 maximum"}}),
    (500, {"error": "input length exceeds the context length"}),
]


@pytest.mark.parametrize(("status", "document"), OVERFLOWS)
def test_a_request_that_is_too_long_is_told_from_one_that_is_not_understood(status: int, document: Any) -> None:
    with (
        FakeServer(scripted([whole(status, document)])) as server,
        pytest.raises(ContextOverflow, match="too long for"),
    ):
        _ask(ServerChat(server.url, "qwen"))
    assert len(server.asked) == 1


def test_a_model_that_is_loaded_still_is_waited_for_and_that_is_told() -> None:
    loading = [whole(503, {"error": {"message": "Loading model", "code": 503}}, Retry_After="0")]
    with FakeServer(scripted(*[loading] * 3, streamed("Hello"))) as server:
        pieces = list(
            ServerChat(server.url, "qwen").stream(
                [Message("user", "x")], max_tokens=5, schema=None, cancelled=lambda: False, deadline_s=60.0
            )
        )
    assert [piece.doing for piece in pieces if isinstance(piece, Aside)].count(Doing.LOADING) == 3
    assert "".join(piece for piece in pieces if isinstance(piece, str)) == "Hello"


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_an_answer_that_was_cut_short_is_told(reason: str) -> None:
    with FakeServer(scripted([head(), chunk("Hel"), chunk("lo", reason)])) as server:
        pieces = list(
            ServerChat(server.url, "qwen").stream(
                [Message("user", "x")], max_tokens=5, schema=None, cancelled=lambda: False, deadline_s=60.0
            )
        )
    assert pieces[-1] == Aside(Doing.CUT_SHORT)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/home/joe/models/x.gguf", "x.gguf"),
        ("C:\\Users\\joe\\x.gguf", "x.gguf"),
        ("models/x.gguf", "x.gguf"),
        ("~/models/qwen/", "qwen"),
        ("org/model", "org/model"),
        ("qwen3:8b", "qwen3:8b"),
    ],
)
def test_no_folder_of_the_server_is_told(name: str, shown: str) -> None:
    document = {"error": {"message": f"cannot load {name}"}}
    with FakeServer(scripted([whole(500, document)])) as server, pytest.raises(NoAnswer) as caught:
        _ask(ServerChat(server.url, name))
    assert ServerChat(server.url, name).name == shown
    assert server.asked[0].body["model"] == name
    assert "joe" not in f"{caught.value} {caught.value.raw}"


def test_a_refused_key_is_said_to_be_refused() -> None:
    with (
        FakeServer(scripted([whole(401, {"error": "bad"})])) as server,
        pytest.raises(NoAnswer, match="refused the key"),
    ):
        _ask(ServerChat(server.url, "qwen", Secret(_KEY, server.url)))


@pytest.mark.parametrize(("status", "wait"), [(429, "0"), (429, "0.1"), (503, "0")])
def test_a_busy_server_is_asked_once_more_after_the_time_it_names(status: int, wait: str) -> None:
    with FakeServer(scripted([whole(status, {}, Retry_After=wait)], streamed("Hello"))) as server:
        assert _ask(ServerChat(server.url, "qwen")) == "Hello"


def test_a_server_that_stays_busy_is_not_asked_a_third_time() -> None:
    with FakeServer(scripted([whole(429, {}, Retry_After="0")])) as server, pytest.raises(NoAnswer, match="too many"):
        _ask(ServerChat(server.url, "qwen"))
    assert len(server.asked) == 2


def test_no_wait_is_longer_than_the_time_left() -> None:
    with felt_time() as seconds:
        assert "try again in 30 s" in _refused(429, {}, Retry_After="30")
        assert seconds() < 5


def test_waiting_for_a_busy_server_can_be_cancelled() -> None:
    cancel = threading.Event()
    with FakeServer(scripted([whole(429, {}, Retry_After="20")])) as server:
        threading.Timer(0.1, cancel.set).start()
        pieces = ServerChat(server.url, "qwen").stream(
            [Message("user", "x")], max_tokens=5, schema=None, cancelled=cancel.is_set, deadline_s=60.0
        )
        with pytest.raises(Stopped):
            list(pieces)


def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    with FakeServer(scripted([])) as server:
        pass
    with pytest.raises(Unreachable, match="check that it runs"):
        _ask(ServerChat(server.url, "qwen"))


def test_more_than_two_megabytes_are_left_unread() -> None:
    with FakeServer(scripted([head(), chunk("x" * 60_000) * 40])) as server, pytest.raises(TooLarge, match="2 MB"):
        _ask(ServerChat(server.url, "qwen"))


def test_the_connection_ends_when_nobody_reads_on() -> None:
    closed = threading.Event()

    def endless(asked: object) -> Any:
        try:
            yield head()
            while True:
                yield chunk("more ")
                yield 0.005
        finally:
            closed.set()

    with FakeServer(endless) as server:
        pieces = ServerChat(server.url, "qwen").stream(
            [Message("user", "x")], max_tokens=5, schema=None, cancelled=lambda: False, deadline_s=60.0
        )
        while not isinstance(next(pieces), str):
            pass
        pieces.close()  # type: ignore[attr-defined]
        assert closed.wait(SECONDS)


def test_the_key_goes_to_its_own_server() -> None:
    with FakeServer(scripted(streamed("Hello"))) as server:
        _ask(ServerChat(server.url, "qwen", Secret(_KEY, server.url)))
    assert server.asked[0].headers["authorization"] == f"Bearer {_KEY}"


def test_the_key_of_one_server_is_not_sent_to_another() -> None:
    with FakeServer(scripted(streamed("Hello"))) as server, pytest.raises(OtherOrigin):
        _ask(ServerChat(server.url, "qwen", Secret(_KEY, "https://api.example.org")))
    assert server.asked == []


def test_no_redirect_is_followed() -> None:
    with FakeServer(scripted(streamed("Hello"))) as other:
        away = [head(307, "text/plain", Location=f"{other.url}/v1/chat/completions", Content_Length="0")]
        with FakeServer(scripted(away)) as server, pytest.raises(Redirected):
            _ask(ServerChat(server.url, "qwen", Secret(_KEY, server.url)))
    assert other.asked == []


def test_a_server_on_the_internet_must_be_encrypted() -> None:
    with pytest.raises(BadAddress, match="must begin with https"):
        _ask(ServerChat("http://1.1.1.1/v1", "qwen", Secret(_KEY, "http://1.1.1.1")))


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_server_that_repeats_the_key_does_not_bring_it_into_the_film_or_an_error(status: int) -> None:
    document = {"error": {"message": f"wrong key {_KEY}"}}
    with FakeServer(scripted([whole(status, document)])) as server, pytest.raises(NoAnswer) as caught:
        _ask(ServerChat(server.url, "qwen", Secret(_KEY, server.url)))
    assert _KEY not in f"{caught.value} {caught.value.raw} {caught.value!r}"


def test_a_key_that_is_repeated_letter_by_letter_is_hidden() -> None:
    with FakeServer(scripted(streamed(f"Your key is {_KEY}, is it not?", letters=1))) as server:
        said = _ask(ServerChat(server.url, "qwen", Secret(_KEY, server.url)))
    assert said == "Your key is (hidden), is it not?"


def test_every_error_is_one_line(picture: Path) -> None:
    evil = json.dumps("a\nb\u202ec\x07")
    with (
        FakeServer(scripted([whole(400, {"error": {"message": evil}})])) as server,
        pytest.raises(StudioError) as caught,
    ):
        _ask(ServerChat(server.url, "qwen"), picture)
    assert str(caught.value).isprintable()
