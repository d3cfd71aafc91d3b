"""Answers with bytes changed, dropped, doubled and moved: each is read as sound cards or ends in one clear error."""

import random

import pytest

from svi_studio.domain.errors import StudioError
from svi_studio.storyline.replies.reply import MAX_PROMPT_CHARS
from svi_studio.storyline.replies.reply_reader import ReplyReader
from svi_studio.storyline.server.chat_events import Speaker, answer_text
from tests.storyline.chat_replies import story_text, streamed

_SPEAKER = Speaker("the server", str)
_STREAM = b"".join(streamed(story_text(1, 3), 40)).partition(b"\r\n\r\n")[2]
_PARTS = [
    b"\x00",
    b"\xff",
    b"\n\n",
    b"data: ",
    b"[DONE]",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"NaN",
    b"\\ud800",
    b"<think>",
]


def _mutated(content: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 6)):
        start, end = sorted(dice.randrange(len(content) + 1) for _ in range(2))
        change = dice.randrange(4)
        if change == 0:
            content = content[:start] + dice.choice(_PARTS) + content[start:]
        elif change == 1:
            content = content[:start] + content[start + dice.randint(1, 9) :]
        elif change == 2:
            content = content[:start] + content[start:end] + content[start:]
        else:
            content = content[:start] + bytes([dice.randrange(256)]) + content[start + 1 :]
    return content


def check_mutant(seed: int) -> None:
    """One mutant of a sound answer, in pieces of some size."""
    dice = random.Random(seed)
    content = _mutated(_STREAM, dice)
    size = dice.randint(1, 5_000)
    reader = ReplyReader(3)
    try:
        for text in answer_text((content[at : at + size] for at in range(0, len(content), size)), _SPEAKER):
            if isinstance(text, str):
                reader.feed(text)
            if reader.is_done:
                break
    except StudioError as error:
        assert str(error).isprintable()
    reader.finish()
    assert len(reader.cards) == 3 or reader.fault
    assert all(0 < len(card.prompt) <= MAX_PROMPT_CHARS + 400 and "\x00" not in card.prompt for card in reader.cards)


def test_a_few_hundred_mutants_are_stood() -> None:
    for seed in range(300):
        check_mutant(seed)


@pytest.mark.slow
def test_ten_thousand_mutants_are_stood() -> None:
    for seed in range(10_000):
        check_mutant(seed)
