"""Describes a clip of footage for training: some of its frames go to a model, and one line of text comes back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from svi_studio.domain.story.answer import Aside
from svi_studio.domain.text.strict_json import StrictError
from svi_studio.net.errand import never
from svi_studio.storyline.chat import Cancelled, ChatModel, end_answer
from svi_studio.storyline.story_errors import BadReply, NoAnswer
from svi_studio.storyline.writers.caption_text import caption_text
from svi_studio.storyline.writers.story_prompts import caption_message

CAPTION_S = 1800.0  # a model that talks may be slow; one that is silent is left sooner
MAX_FRAMES = 6
MAX_CAPTION_CHARS = 1_000
_MAX_ANSWER_CHARS = 64_000  # thoughts and all
_MAX_TOKENS = 2_000


def caption(
    chat: ChatModel,
    frames: Sequence[Path],
    *,
    language: str = "English",
    cancelled: Cancelled = never,
    deadline_s: float = CAPTION_S,
) -> str:
    """One line of 1 to 1,000 characters that describes the clip that ``frames`` are from, in order.

    At most six of them are shown, evenly spread. Raises NoAnswer when the model sees no pictures, BadReply when it
    answers with no caption, Stopped, and what the model raises.
    """
    message = caption_message(_spread(frames), language)
    pieces = (
        chat.stream([message], max_tokens=_MAX_TOKENS, schema=None, cancelled=cancelled, deadline_s=deadline_s)
        if chat.sees_pictures
        else iter(())
    )
    answer = _beginning(pieces)
    if not chat.sees_pictures:
        raise NoAnswer(f'"{chat.name}" sees no pictures: choose a model that does.')
    try:
        return caption_text(answer, MAX_CAPTION_CHARS)
    except StrictError as error:
        raise BadReply(f'The answer of "{chat.name}" is no caption, {error}: ask once more.', answer) from error


def _spread(frames: Sequence[Path]) -> list[Path]:
    """At most MAX_FRAMES of ``frames``, the first and the last among them."""
    if len(frames) <= MAX_FRAMES:
        return list(frames)
    return [frames[round(number * (len(frames) - 1) / (MAX_FRAMES - 1))] for number in range(MAX_FRAMES)]


def _beginning(pieces: Iterator[str | Aside]) -> str:
    answer = ""
    try:
        for piece in pieces:
            answer += piece if isinstance(piece, str) else ""
            if len(answer) > _MAX_ANSWER_CHARS:
                break
    finally:
        end_answer(pieces)
    return answer
