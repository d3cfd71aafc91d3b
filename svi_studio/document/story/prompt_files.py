"""Prompts from a text file as a proposal, to be looked over before the film takes them, and the files for prompts."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.prompt_text import file_proposal
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.value import with_fields
from svi_studio.storyline.text_formats import PROMPT_FORMATS, PromptFormat, prompt_format, read_prompt_file

translate = QCoreApplication.translate


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


def prompt_kinds() -> dict[str, PromptFormat]:
    """The formats for prompts by what file dialogs call them, in the order in which they are offered."""
    return {f"{_format_words(each.name)} (*{each.suffix})": each for each in PROMPT_FORMATS.values()}


def file_to_write(path: Path, chosen: PromptFormat) -> tuple[Path, str]:
    """The file and its format when the user named ``path`` and chose the format ``chosen``."""
    ending = path.suffix.lower()
    if ending == chosen.suffix:
        return path, chosen.name
    if ending in {each.suffix for each in PROMPT_FORMATS.values()}:
        return path, prompt_format(None, path.name).name
    return path.with_name(path.name + chosen.suffix), chosen.name


def _format_words(name: str) -> str:
    words = {
        "lines": translate("PromptFiles", "One prompt per line"),
        "numbered": translate("PromptFiles", "Numbered list"),
        "python": translate("PromptFiles", "Python list, as the authors of SVI use"),
        "csv": translate("PromptFiles", "Table, for a spreadsheet"),
        "fountain": translate("PromptFiles", "Screenplay in Fountain"),
    }
    return words.get(name, name)
