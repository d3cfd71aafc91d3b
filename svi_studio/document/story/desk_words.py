"""What the desk says about a proposal and about a writer at work: short and plain."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.domain.story.answer import Doing
from svi_studio.storyline.chat import StoryProgress

_DOING = {
    Doing.LOADING: QT_TRANSLATE_NOOP("StoryDesk", "Clip {number} of {count}: the model is still being loaded"),
    Doing.READING: QT_TRANSLATE_NOOP("StoryDesk", "Clip {number} of {count}: the model reads what it is asked"),
    Doing.THINKING: QT_TRANSLATE_NOOP("StoryDesk", "Clip {number} of {count}: the model thinks"),
    Doing.WRITING: QT_TRANSLATE_NOOP("StoryDesk", "Writing clip {number} of {count}"),
    Doing.CUT_SHORT: QT_TRANSLATE_NOOP("StoryDesk", "Writing clip {number} of {count}"),
}


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
    """What the writer does now, and what is to be known of it."""
    said = _tr(str(_DOING[progress.doing])).format(number=progress.clip, count=progress.clips)
    if progress.characters:
        said += _tr(" · {characters} characters").format(characters=f"{progress.characters:,}")
    return f"{said} · {_one_line(progress.words)}" if progress.words else said


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else f"{flat[:119]}…"
