"""What the storyline helper asks of a chat model and of a writer of stories, whoever they are."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from svi_studio.domain.story.answer import Aside, Doing
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief

Cancelled = Callable[[], bool]
"""Whether the user no longer waits; asked often, from any thread, and quick."""


@dataclass(frozen=True)
class Message:
    """One turn of a conversation. ``images``: picture files that the model shall see with the text."""

    role: Literal["system", "user", "assistant"]
    text: str
    images: tuple[Path, ...] = ()


class ChatModel(Protocol):
    """A model that answers messages with text: on a server, or on this computer."""

    @property
    def name(self) -> str:
        """The model's name, as people know it."""

    @property
    def sees_pictures(self) -> bool:
        """Whether pictures in messages reach the model; may turn False once the model has refused one."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        schema: Mapping[str, Any] | None,
        cancelled: Cancelled,
        deadline_s: float,
        seed: int = 0,
    ) -> Iterator[str | Aside]:
        """The answer, piece by piece, as it is made, and between them what else the model does.

        ``max_tokens`` >= 1 bounds the answer; ``schema`` is a JSON schema that the answer should follow, if the model
        can be held to one; ``deadline_s`` > 0 bounds the whole call, in seconds; ``seed`` >= 0 asks for the same answer
        again, of models that can. Raises Stopped within a second once ``cancelled``, and another StudioError with one
        sentence when the model cannot be reached, refuses, or is late.
        """


def end_answer(pieces: Iterator[str | Aside]) -> None:
    """Nobody reads on: the model's connection or process hears of it at once, not when the memory is given back."""
    if isinstance(pieces, Generator):
        pieces.close()


@dataclass(frozen=True)
class StoryProgress:
    """How far a writer is: the cards written so far, in order, and what it does, for the user.

    ``clip`` counts from 1 to ``clips``: the card that is being written. ``words`` is one line for what the count does
    not say, or "". ``characters`` >= 0 of the answer under way have come, or of its thoughts while it is ``doing``
    those.
    """

    cards: tuple[ProposedCard, ...]
    clip: int
    clips: int
    words: str
    doing: Doing = Doing.WRITING
    characters: int = 0


Tell = Callable[[StoryProgress], None]


class StoryWriter(Protocol):
    """Makes a proposal of cards from a brief."""

    @property
    def name(self) -> str:
        """Who writes: "Templates", or the model's name."""

    def write(self, brief: StoryBrief, tell: Tell, cancelled: Cancelled) -> Proposal:
        """The proposal for ``brief``, told card by card on the way.

        Raises Stopped once ``cancelled``; UnfinishedStory when it failed after some cards, which that error carries;
        and another StudioError with one sentence when it failed before the first.
        """
