"""Prompts from a text file as a proposal, to be looked over before the film takes them."""

from pathlib import Path

from svi_studio.domain.proposal import Proposal
from svi_studio.domain.story_text import file_proposal
from svi_studio.domain.storyboard import Storyboard
from svi_studio.domain.value import with_fields
from svi_studio.storyline.text_formats import read_prompt_file


def read_proposal(path: Path, board: Storyboard) -> tuple[Proposal, str]:
    """The prompts in the file ``path`` as new clips at the end of ``board``; its clips without words are filled first.

    And a sentence of what was read as what. Reads the disk. Raises BadInput or StudioError with one sentence.
    """
    read = read_prompt_file(path)
    proposal = file_proposal(read.prompts, path.name)
    blanks = blanks_at_end(board)
    filled = [
        with_fields(card, {"replaces": blank, "cut": card.cut or None})
        for card, blank in zip(proposal.cards, blanks, strict=False)
    ]
    cards = (*filled, *proposal.cards[len(filled) :])
    return with_fields(proposal, {"cards": cards, "title": path.stem[:200]}), read.summary


def blanks_at_end(board: Storyboard) -> tuple[str, ...]:
    """The clips at the end of the film that have no words yet and that nobody locked, by their ids."""
    start = len(board.clips)
    while start and not board.clips[start - 1].prompt.strip() and not board.clips[start - 1].locked:
        start -= 1
    return tuple(clip.id for clip in board.clips[start:])
