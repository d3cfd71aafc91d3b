"""The words of a hint: what lies under the mouse, and what a press on it would do."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint

from svi_studio.ui.timeline.card_source import STATE_WORDS, CardSource
from svi_studio.ui.timeline.drops import plain_tip
from svi_studio.ui.timeline.hit import Part, Scene, hit
from svi_studio.ui.timeline.time_ruler import timecode


def _tr(text: str) -> str:
    return QCoreApplication.translate("Timeline", text)


def hint_at(source: CardSource, scene: Scene, at: QPoint) -> str:
    """What to show for the point ``at`` of the view; empty = nothing."""
    found = hit(scene, at.x(), at.y())
    if found.part is Part.EMPTY and (at.y() in scene.lanes.sound or at.y() in scene.lanes.poses):
        return _tr("Room for what a later version brings.")
    tell = _TELLERS.get(found.part)
    return "" if tell is None else tell(source, scene, found.index)


def describe(source: CardSource, index: int) -> str:
    """One clip in words: its place, state, length and prompt, as a screen reader says it."""
    layout, view = source.layout, source.view(index)
    clip = layout.clips[index]
    parts = [
        _tr("Clip {number} of {count}").format(number=index + 1, count=len(layout)),
        _tr(STATE_WORDS[view.state]),
        _tr("draft") if view.is_draft else "",
        _tr("locked") if clip.locked else "",
        _tr("own take") if view.kept and not clip.locked else "",
        _tr("starts anew") if layout.chain_starts[index] else _tr("follows the clip before"),
        source.length(index),
    ]
    return ", ".join(part for part in parts if part)


def _card(source: CardSource, _scene: Scene, index: int) -> str:
    view, clip = source.view(index), source.layout.clips[index]
    body = "\n".join(part for part in (view.message, clip.prompt or _tr("No prompt yet"), clip.note) if part)
    return plain_tip(describe(source, index), body)


def _seam(_source: CardSource, scene: Scene, index: int) -> str:
    if scene.layout.chain_starts[index]:
        return _tr("A cut: this clip starts from its own picture. Click to let it follow the clip before.")
    shared = scene.layout.overlap
    words = _tr("Chained: this clip goes on from the last {count} frames of the one before. Click to cut here.")
    one = _tr("Chained: this clip goes on from the last frame of the one before. Click to cut here.")
    return one if shared == 1 else words.format(count=shared)


def _anchor(_source: CardSource, scene: Scene, index: int) -> str:
    span = next((span for span in scene.layout.anchors_in(range(index, index + 1)) if span.stop > index), None)
    if span is None:
        return _tr("Drop a picture here, or double click to choose one.")
    if not span.works:
        return _tr("This family looks at pictures only where a clip starts anew: make a cut here to use it.")
    reach = _tr("clip {first}") if span.stop == span.first + 1 else _tr("clips {first} to {last}")
    reach = reach.format(first=span.first + 1, last=span.stop)
    whose = _tr("Picture of {clips}") if span.own else _tr("The film's picture, in {clips}")
    return whose.format(clips=reach)


def _marker(source: CardSource, scene: Scene, place: int) -> str:
    marker = source.film.document.storyboard.markers[place]
    return plain_tip(timecode(marker.frame, scene.layout.fps), marker.label)


_TELLERS: dict[Part, Callable[[CardSource, Scene, int], str]] = {
    Part.CARD: _card,
    Part.SEAM: _seam,
    Part.ANCHOR: _anchor,
    Part.MARKER: _marker,
    Part.ADD: lambda _source, _scene, _index: _tr("Add a clip"),
}
