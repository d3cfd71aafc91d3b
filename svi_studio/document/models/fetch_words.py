"""Offers and fetches in plain words: how much, how quickly, under which terms, and whether there is room."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.models.fetch_state import FetchState
from svi_studio.domain.fetching.offer import FetchOffer

_SPARE = 256 << 20


def state_words(state: FetchState) -> str:
    """For example ``4.1 of 13.2 GB · 35 MB a second · about 4 min left``."""
    if state.stage == "failed":
        return state.note or _text("It did not come.")
    if state.stage == "stopped":
        return _text("Stopped. What came is kept, and it goes on from there.")
    if state.stage == "waiting":
        return _text("Waits for its turn")
    parts = [_text("{done} of {total}").format(done=words.size(state.done), total=words.size(state.total))]
    if not state.total:
        parts = [_text("Asks what there is")]
    if state.stage == "paused":
        parts.append(_text("paused"))
    elif state.stage == "checking":
        parts.append(_text("checking what came"))
    elif state.note:
        parts.append(state.note)
    elif state.speed:
        parts.append(_text("{speed} a second").format(speed=words.size(state.speed)))
        if state.seconds_left is not None:
            parts.append(words.left(state.seconds_left))
    return " · ".join(parts)


def offer_line(offer: FetchOffer) -> str:
    """For example ``SVI Film 1.0: 614 MB, terms: Apache-2.0``."""
    size = words.size(offer.to_come) if offer.to_come else _text("is here already")
    if 0 < offer.to_come < offer.total:
        size = _text("{left} of {total}").format(left=size, total=words.size(offer.total))
    terms = offer.licence or _text("not named by its makers")
    return _text("{title}: {size}. Terms: {terms}.").format(title=offer.title, size=size, terms=terms)


def room_words(offers: Iterable[FetchOffer]) -> tuple[str, bool]:
    """Whether the disk has room for all of them: a sentence, and whether it has."""
    found = list(offers)
    if not found:
        return "", True
    needed, free, folder = sum(each.to_come for each in found), min(each.free for each in found), found[0].folder
    if needed and needed + _SPARE > free:
        sentence = _text(
            "There is no room: {needed} are to come, and the disk of {folder} has {free} free. "
            "Free some space, or name another folder in the preferences."
        )
        return sentence.format(needed=words.size(needed), folder=folder, free=words.size(free)), False
    return _text("{free} are free on the disk.").format(free=words.size(free)), True


def gated_words(offer: FetchOffer) -> str:
    """What to do about terms that have to be accepted first; empty where there are none."""
    if not offer.gated:
        return ""
    return _text(
        "{title} is given out to those who accept its makers' terms: open its page, accept them there, make an access "
        "token under Settings, and enter it here."
    ).format(title=offer.title)


def _text(text: str) -> str:
    return QCoreApplication.translate("FetchWords", text)
