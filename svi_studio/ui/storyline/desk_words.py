"""What the desk says about a proposal and about a writer at work: short and plain."""

from PySide6.QtCore import QCoreApplication

from svi_studio.document.story_desk import StoryDesk
from svi_studio.storyline.chat import StoryProgress


def _tr(text: str) -> str:
    return QCoreApplication.translate("StoryDesk", text)


def cards(count: int) -> str:
    """``1 card``, ``10 cards``."""
    return _tr("1 card") if count == 1 else _tr("{count} cards").format(count=count)


def accept_words(chosen: int, total: int) -> str:
    """The word on the button that takes the cards."""
    if chosen and chosen == total:
        return _tr("Accept it") if total == 1 else _tr("Accept all {count}").format(count=total)
    return _tr("Accept {cards}").format(cards=cards(chosen)) if chosen else _tr("Accept")


def summary_words(desk: StoryDesk) -> str:
    """Who wrote how many cards, and how far that is from what was asked for."""
    proposal = desk.proposal
    if proposal is None or not proposal.cards:
        return ""
    said = cards(len(proposal.cards))
    if proposal.writer:
        said = _tr("{cards} by {writer}").format(cards=said, writer=_one_line(proposal.writer))
    if desk.was_cancelled:
        said += _tr(" · stopped early")
    return said


def progress_words(progress: StoryProgress) -> str:
    """What the writer does now."""
    if progress.words:
        return _one_line(progress.words)
    return _tr("Writing clip {number} of {count}").format(number=progress.clip, count=progress.clips)


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else f"{flat[:119]}…"
