"""Frames of a clip become one line that describes it."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.story_errors import BadReply, NoAnswer
from svi_studio.storyline.writers.caption import caption
from svi_studio.storyline.writers.caption_text import caption_text
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


@pytest.mark.parametrize(
    "text",
    [
        "<think>I see a cat.</think><answer><|begin_of_box|>A cat sits.<|end_of_box|></answer>",
        "First: a dog.</think>A cat sits.",
        "<answer>A dog.</answer> No.</think>\n<answer>A cat sits.</answer>",
        "Caption: A cat sits.",
        "Here is a caption:\n\nA cat sits.",
        'Sure! Here\'s a caption for the clip:\n\n**Caption:** "A cat sits."',
        "Here is a caption for the video.\n\nA cat sits.",
        "# Caption\n\nA cat sits.",
        '{"caption": "A cat sits."}',
        "{'description': 'A cat sits.',}",
        '```json\n[{"caption": "A cat sits.", "tags": ["cat"]}]\n```',
        'The JSON:\n```json\n{"answer": {"text": "A cat sits."}}\n```',
        "**A cat sits.**",
        "- A cat sits.",
        "> A cat sits.",
        "«A cat sits.»",
        "„A cat sits.“",
        "「A cat sits.」",
        "\u2018A cat sits.\u2019",
        "Beschreibung: A cat sits.",
        "描述：A cat sits.",
        "A cat sits.<|im_end|>",
        "A cat sits. (3 words)",
        "A cat sits.\n\nLet me know if you want changes!",
        "<|object_ref_start|>A cat<|object_ref_end|><|box_start|>(10,20),(30,40)<|box_end|> sits.",
        "<caption>A cat sits.</caption>",
        "[CAPTION] A cat sits.",
        "Assistant: A cat sits.",
        "<|im_start|>assistant\nA cat sits.<|im_end|>",
        "$\\boxed{\\text{A cat sits.}}$",
        "\\boxed{A cat sits.}",
        "A cat [0.1, 0.25, 0.5, 0.6] sits.",
    ],
)
def test_what_a_model_puts_around_its_caption_is_taken_off(text: str) -> None:
    assert caption_text(text, 100) == "A cat sits."


@pytest.mark.parametrize(
    "text",
    [
        "Here a dog runs: it is quick.",
        'A man holds a sign: "Go".',
        "The answer of a girl makes a man laugh: both shake.",
        '"Go" and "Stop" stand on two signs.',
        "A clock (10, 11) shows the hour.",
    ],
)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    assert caption_text(text, 100) == text


@pytest.mark.parametrize(
    "text",
    ["I'm sorry, but I can't see it.", "Caption:", "<think>A cat sits.", '{"a": "x", "b": "y"}', '{"caption": ', "{}"],
)
def test_nothing_is_made_a_caption(text: str) -> None:
    with pytest.raises(StrictError):
        caption_text(text, 100)


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
