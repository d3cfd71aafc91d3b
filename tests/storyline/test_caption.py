"""Frames of a clip become one line that describes it."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.storyline.caption import caption
from svi_studio.storyline.server_chat import ServerChat
from svi_studio.storyline.story_errors import BadReply, NoAnswer
from tests.storyline.chat_replies import scripted, streamed, whole
from tests.storyline.fake_server import FakeServer


@pytest.fixture
def frames(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.png" for number in range(11)]
    for number, path in enumerate(paths):
        Image.new("RGB", (32, 32), (20 * number, 0, 0)).save(path)
    return paths


def _said(text: str, frames: list[Path]) -> str:
    with FakeServer(scripted(streamed(text))) as server:
        return caption(ServerChat(server.url, "llava"), frames)


def test_the_answer_is_the_caption(frames: list[Path]) -> None:
    assert _said("A red square\nglows.", frames[:2]) == "A red square glows."


@pytest.mark.parametrize("text", ['"A red square."', "```\nA red square.\n```", "<think>Hm.</think>\n\nA red square."])
def test_quotes_fences_and_thoughts_are_taken_off(text: str, frames: list[Path]) -> None:
    assert _said(text, frames[:1]) == "A red square."


def test_a_few_frames_are_shown_from_the_first_to_the_last(frames: list[Path]) -> None:
    with FakeServer(scripted(streamed("A red square."))) as server:
        caption(ServerChat(server.url, "llava"), frames)
    shown = [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in server.asked[0].pictures]
    assert [round(picture.getpixel((5, 5))[0] / 20) for picture in shown] == [0, 2, 4, 6, 8, 10]


@pytest.mark.parametrize("text", ["", "...", "x" * 1_001, "a \x07 bell"])
def test_an_answer_that_is_no_caption_is_an_error_with_the_answer_at_hand(text: str, frames: list[Path]) -> None:
    with pytest.raises(BadReply) as caught:
        _said(text, frames[:1])
    assert caught.value.raw == text


def test_a_model_without_eyes_writes_no_caption(frames: list[Path]) -> None:
    blind = whole(400, {"error": {"message": "this model does not support image input"}})
    with FakeServer(scripted([blind], streamed("A lovely sunset."))) as server:
        chat = ServerChat(server.url, "words")
        for _ in range(2):
            with pytest.raises(NoAnswer, match="sees no pictures"):
                caption(chat, frames[:1])
    assert len(server.asked) == 2, "the second clip is not even sent"
