"""A proposal: the cards that a writer proposes for a film, before the user has accepted any of them."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from svi_studio.domain.film.storyboard import MAX_CLIPS, ClipId
from svi_studio.domain.story.story_brief import PictureName, StoryBrief
from svi_studio.domain.value import ShortText, Text, Value

LONGEST_PROMPT = 10_000
Prompt = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PROMPT, pattern=r"\S")]
"""The words of a card; never only blanks."""


class ProposedCard(Value):
    """One proposed clip. ``cut`` starts a new scene; None = as the clip has it that the card would change.

    ``image`` is a picture file as ``StoryBrief.images`` names it, or one that the film has already. ``replaces`` is the
    clip whose words the card would rewrite; None = a new clip. ``note`` is for the user, as why the writer chose so.
    """

    prompt: Prompt
    cut: bool | None = False
    image: PictureName | None = None
    replaces: ClipId | None = None
    note: Text = ""


class Proposal(Value):
    """The cards in film order. New ones stand in the gap ``place`` (0 = before the first clip; None = at the end).

    ``behind`` is the clip before that gap: while it is in the film, they stand behind it wherever it has moved.
    ``whole_film``: the cards are the film from first to last, so nothing of them has a ``place`` or ``replaces``.
    ``writer`` says who wrote it: ``Templates``, the name of a model, or the name of a file.
    """

    cards: tuple[ProposedCard, ...] = Field(default=(), max_length=MAX_CLIPS)
    place: int | None = Field(default=None, ge=0, le=MAX_CLIPS)
    behind: ClipId | None = None
    whole_film: bool = False
    title: ShortText = ""
    writer: ShortText = ""
    brief: StoryBrief | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        replaced = [card.replaces for card in self.cards if card.replaces is not None]
        if self.whole_film and (replaced or self.place is not None or self.behind is not None):
            raise ValueError("the cards of a whole film have no place and replace no single clips")
        if len(set(replaced)) != len(replaced):
            raise ValueError("two cards replace the same clip")
        return self
