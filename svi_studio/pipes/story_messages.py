"""What the window and the worker say about a language model in a folder of this computer, which writes storylines.

The worker has either that model in its memory or the networks of a film, never both.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from svi_studio.domain.story.answer import MAX_ANSWER_TOKENS, AnswerEnd, Precision
from svi_studio.domain.text.told import Told
from svi_studio.domain.value import MAX_SEED
from svi_studio.pipes.sent_path import SentPath

MAX_TURNS = 64
MAX_PICTURES = 32

TurnText = Annotated[str, StringConstraints(max_length=400_000)]
PicturePaths = Annotated[tuple[SentPath, ...], Field(max_length=MAX_PICTURES)]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation; ``images`` are picture files that the model sees before the text."""

    role: Literal["system", "user", "assistant"]
    text: TurnText
    images: PicturePaths = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer ``turns`` with the Qwen-VL model in the folder ``model`` on ``device`` (auto, cpu, cuda, cuda:1, mps).

    ``id`` names the question in what the worker says of it. The answer has 1 to ``max_tokens`` tokens and is the same
    for the same ``seed`` on the same computer.
    """

    kind: Literal["ask"] = field(default="ask", kw_only=True)
    id: str
    model: SentPath
    turns: Annotated[tuple[Turn, ...], Field(min_length=1, max_length=MAX_TURNS)]
    max_tokens: Annotated[int, Field(ge=1, le=MAX_ANSWER_TOKENS)]
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    device: str = "auto"
    precision: Precision = Precision.AUTO


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """Give up the question ``id`` before its next token; nothing happens when it is over."""

    kind: Literal["stop_answer"] = field(default="stop_answer", kw_only=True)
    id: str


@dataclass(frozen=True, slots=True)
class ForgetModel:
    """Give back the memory of the language model, after the question under way."""

    kind: Literal["forget_model"] = field(default="forget_model", kw_only=True)


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """The model called ``name`` is read from the disk for the question ``id``, which may take minutes."""

    kind: Literal["model_loading"] = field(default="model_loading", kw_only=True)
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AnswerPiece:
    """The next words of the answer."""

    kind: Literal["answer_piece"] = field(default="answer_piece", kw_only=True)
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """The question ``id`` is over, its answer all said."""

    kind: Literal["answer_done"] = field(default="answer_done", kw_only=True)
    id: str
    end: AnswerEnd = AnswerEnd.COMPLETE


@dataclass(frozen=True, slots=True)
class AnswerFailed:
    """There is no (whole) answer to the question ``id``, for the reason in ``sentence``."""

    kind: Literal["answer_failed"] = field(default="answer_failed", kw_only=True)
    id: str
    sentence: Told


StoryRequest = Ask | StopAnswer | ForgetModel
StoryMessage = ModelLoading | AnswerPiece | AnswerDone | AnswerFailed
