"""What the render bar says while nothing is rendered: on its button, and beside it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.render.offer import Obstacle, RenderOffer, WayOut
from svi_studio.document.render.queue_needs import has_room
from svi_studio.domain.render.fitting import Fitting


def _tr(text: str) -> str:
    return QCoreApplication.translate("RenderBar", text)


@dataclass(frozen=True, slots=True)
class IdleWords:
    """``headline`` and ``detail`` stand beside the button; ``way_out`` is what another button is for."""

    button: str
    headline: str
    detail: str = ""
    tone: str = "text"
    way_out: WayOut = WayOut.NOTHING


def button_text(offer: RenderOffer, *, adding: bool) -> str:
    """``Render 4 clips · about 3 min``; ``adding``: something is rendered already, so these come after it."""
    text = (_tr("Then render {clips}") if adding else _tr("Render {clips}")).format(clips=words.clips(offer.clips))
    if offer.cost.seconds is None:
        return text
    return _tr("{render} · {time}").format(render=text, time=words.about(offer.cost.seconds))


def button_tip(offer: RenderOffer, *, adding: bool) -> str:
    """What a press does, for those who point at the button first; empty when there is nothing to do."""
    if not offer.clips:
        return ""
    makes = what_is_made(offer)
    if not adding:
        return " ".join(part for part in (f"{makes}.", what_happens(offer)) if part)
    after = _tr("{makes}, after what is rendered now. Clips that wait already take up your edits by themselves.")
    return after.format(makes=makes)


def idle_words(offer: RenderOffer, free: int | None = None, strange: str = "", fit: Fitting | None = None) -> IdleWords:
    """The words for an offer while nothing is rendered; the disk has ``free`` bytes, None = not known.

    ``strange``: the warning for a picture that the model cannot draw. ``fit``: how the model fits into the memory, None
    where that is not known or nobody wonders.
    """
    if offer.clips:
        return _ready(offer, free, strange, fit)
    if offer.obstacle is None:
        return IdleWords(_tr("Everything is rendered"), _tr("All clips are up to date."), way_out=WayOut.EXPORT)
    return _blocked(offer.obstacle)


def _ready(offer: RenderOffer, free: int | None, strange: str, fit: Fitting | None) -> IdleWords:
    button, makes = button_text(offer, adding=False), what_is_made(offer)
    if offer.obstacle is not None and offer.obstacle.way_out is WayOut.WAIT:
        return IdleWords(button, makes, _tr("The others can be rendered once their files are read."))
    if offer.obstacle is not None:  # some clips can be made, others cannot
        return IdleWords(button, makes, offer.obstacle.sentence, "warn", offer.obstacle.way_out)
    if not has_room(offer.cost.bytes, free):
        return IdleWords(button, makes, _no_room(offer.cost.bytes or 0, free or 0), "warn")
    if strange:
        return IdleWords(button, makes, strange, "warn", WayOut.READY_MADE)
    return IdleWords(button, makes, _how(offer, fit), "text" if fit is None or fit.plan is not None else "warn")


def _how(offer: RenderOffer, fit: Fitting | None) -> str:
    """How the model fits, where people may wonder, and what happens to the clips."""
    if fit is None:
        return what_happens(offer)
    if fit.plan is None:
        return fit.sentence
    parts = (fit.sentence, _again(offer), _rest(offer), _unknown(offer) if fit.seconds is None else "")
    return " ".join(part for part in parts if part)


def _blocked(obstacle: Obstacle) -> IdleWords:
    way = obstacle.way_out
    match obstacle.way_out:
        case WayOut.WAIT:
            return IdleWords(_tr("Render"), _tr("Reading the film"), _tr("Its model, pictures and takes are checked."))
        case WayOut.INSERT_CLIP:
            return IdleWords(_tr("Render"), _tr("There are no clips yet"), way_out=way)
    return IdleWords(_tr("Render"), _tr("Not ready to render yet"), obstacle.sentence, "warn", way)


def _no_room(needed: int, free: int) -> str:
    text = _tr("This needs about {needed}, but only {free} are free: free some space, or delete old takes.")
    return text.format(needed=words.size(needed), free=words.size(free))


def way_out_text(way_out: WayOut) -> str:
    """The words on the button that helps; empty when there is none."""
    texts = {
        WayOut.GO_TO_CLIP: _tr("Go to the clip"),
        WayOut.FIND_PICTURES: _tr("Find the files…"),
        WayOut.SEE_MODELS: _tr("See the models…"),
        WayOut.INSERT_CLIP: _tr("Insert a clip"),
        WayOut.EXPORT: _tr("Export…"),
        WayOut.READY_MADE: _tr("Ready-made picture…"),
        WayOut.OTHER_MODEL: _tr("Choose the model…"),
    }
    return texts.get(way_out, "")


def what_is_made(offer: RenderOffer) -> str:
    """``Renders clips 4 to 7``."""
    return _tr("Renders {clips}").format(clips=words.clip_range(offer.indexes, offer.total))


def what_happens(offer: RenderOffer) -> str:
    """Which of them again, and what stays: the cost of the edits, told before it is paid."""
    return " ".join(part for part in (_again(offer), _rest(offer), _unknown(offer)) if part)


def _again(offer: RenderOffer) -> str:
    count = len(offer.again)
    if not count:
        return ""
    if count == offer.clips:
        return _tr("Rendered again after a change; the old takes are kept.")
    some = _tr("1 of them is rendered again after a change; its old take is kept.")
    many = _tr("{count} of them are rendered again after a change; the old takes are kept.")
    return some if count == 1 else many.format(count=count)


def _rest(offer: RenderOffer) -> str:
    rest = offer.total - offer.clips
    if not rest:
        return ""
    one, many = _tr("The other clip stays as it is."), _tr("The other {count} stay as they are.")
    return one if rest == 1 else many.format(count=rest)


def _unknown(offer: RenderOffer) -> str:
    if offer.cost.seconds is None:
        return _tr("The time is known after the first clip.")
    return _tr("The time is an estimate from films made here before.") if offer.cost.from_other_films else ""
