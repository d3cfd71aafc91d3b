"""A prompt as a text file says it, and the proposal that a file of prompts makes."""

import re
from collections.abc import Sequence

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import MAX_CLIPS
from svi_studio.domain.story.proposal import LONGEST_PROMPT, Prompt, Proposal, ProposedCard
from svi_studio.domain.value import Value, first_problem

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class ImportedPrompt(Value):
    """One prompt of a file. ``cut``: whether a new scene begins with it; None = the file says nothing of scenes."""

    prompt: Prompt
    cut: bool | None = None


def imported_prompts(prompts: Sequence[tuple[str, bool | None]], name: str) -> list[ImportedPrompt]:
    """The prompts of the file ``name`` as values: without control characters and blanks around, empty ones left out.

    Raises BadInput when there is none, there are too many, or one cannot be a prompt.
    """
    if sum(not text.isspace() for text, _ in prompts) > MAX_CLIPS:
        raise BadInput(f'There are more than {MAX_CLIPS:,} prompts in "{name}": split the file.')
    cleaned = [(clean_prompt(text), cut) for text, cut in prompts]
    sound = [(text, cut) for text, cut in cleaned if text]
    if not sound:
        raise BadInput(f'There is no prompt in "{name}": write one a line.')
    for number, (text, _) in enumerate(sound, 1):
        if len(text) > LONGEST_PROMPT:
            raise BadInput(
                f'Prompt {number} in "{name}" has {len(text):,} letters; {LONGEST_PROMPT:,} are the most: shorten it.'
            )
    try:
        return [ImportedPrompt(prompt=text, cut=cut) for text, cut in sound]
    except ValidationError as error:
        raise BadInput(f'A prompt in "{name}" cannot be used, {first_problem(error)}.') from error


def clean_prompt(text: str) -> str:
    """``text`` with plain line ends and without other control characters or blanks around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _CONTROLS.sub("", lines).strip()


def one_line(text: str) -> str:
    """``clean_prompt`` on one line, with single blanks."""
    return " ".join(clean_prompt(text).split())


def file_proposal(
    prompts: Sequence[ImportedPrompt], name: str, *, whole_film: bool = False, place: int | None = None
) -> Proposal:
    """The prompts of the file ``name`` as a proposal: the whole film, or new clips from the gap ``place`` on."""
    cards = tuple(ProposedCard(prompt=each.prompt, cut=each.cut) for each in prompts)
    return Proposal(cards=cards, whole_film=whole_film, place=place, writer=name[:500])
