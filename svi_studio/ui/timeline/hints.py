"""The words of a hint: what lies under the mouse, and what a press on it would do."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint

from svi_studio.document.words import clip_span
from svi_studio.domain.timecode import timecode
from svi_studio.ui.timeline.card_source import STATE_WORDS, CardSource
from svi_studio.ui.timeline.drops import plain_tip
from svi_studio.ui.timeline.hit import Part, Scene, hit

translate = QCoreApplication.translate


def hint_at(source: CardSource, scene: Scene, at: QPoint) -> str:
    """What to show for the point ``at`` of the view; empty = nothing."""
    found = hit(scene, at.x(), at.y())
    tell = _TELLERS.get(found.part)
    return "" if tell is None else tell(source, scene, found.index)


def describe(source: CardSource, index: int) -> str:
    """One clip in words: its place, state, length and prompt, as a screen reader says it."""
    layout, view = source.layout, source.view(index)
    clip = layout.clips[index]
    parts = [
        translate("Timeline", "Clip {number} of {count}").format(number=index + 1, count=len(layout)),
        translate("Timeline", STATE_WORDS[view.state]),
        translate("Timeline", "draft") if view.is_draft else "",
        translate("Timeline", "locked") if clip.locked else "",
        translate("Timeline", "own take") if view.kept and not clip.locked else "",
        translate("Timeline", "starts fresh")
        if layout.chain_starts[index]
        else translate("Timeline", "follows the clip before"),
        translate("Timeline", "ends early, before frame {frame} of its take").format(frame=clip.end)
        if clip.end is not None
        else "",
        translate("Timeline", "{length} from {start}").format(
            length=source.length(index), start=timecode(layout.edges[index], layout.fps)
        ),
    ]
    return ", ".join(part for part in parts if part)


def _card(source: CardSource, _scene: Scene, index: int) -> str:
    view, clip = source.view(index), source.layout.clips[index]
    body = "\n".join(
        part for part in (view.message, clip.prompt or translate("Timeline", "No prompt yet"), clip.note) if part
    )
    return plain_tip(describe(source, index), body)


def _seam(_source: CardSource, scene: Scene, index: int) -> str:
    if scene.layout.chain_starts[index]:
        return translate(
            "Timeline", "A cut: this clip starts from its own picture. Click to let it follow the clip before."
        )
    shared = scene.layout.overlap
    words = translate(
        "Timeline", "Chained: this clip goes on from the last {count} frames of the one before. Click to cut here."
    )
    one = translate("Timeline", "Chained: this clip goes on from the last frame of the one before. Click to cut here.")
    return one if shared <= 1 else words.format(count=shared)


def _anchor(_source: CardSource, scene: Scene, index: int) -> str:
    span = next((span for span in scene.layout.anchors_in(range(index, index + 1)) if span.stop > index), None)
    if span is None:
        return translate("Timeline", "Drop a picture here, or double click to choose one.")
    if not span.works:
        return translate(
            "Timeline", "This family uses pictures only where a clip starts fresh: make a cut here to use it."
        )
    reach = clip_span(span.first, span.stop - 1, len(scene.layout))
    whose = (
        translate("Timeline", "Picture of {clips}")
        if span.own
        else translate("Timeline", "The film's start picture, in {clips}")
    )
    return whose.format(clips=reach)


def _marker(source: CardSource, scene: Scene, place: int) -> str:
    marker = source.film.document.storyboard.markers[place]
    return plain_tip(timecode(marker.frame, scene.layout.fps), marker.label)


_TELLERS: dict[Part, Callable[[CardSource, Scene, int], str]] = {
    Part.CARD: _card,
    Part.SEAM: _seam,
    Part.ANCHOR: _anchor,
    Part.MARKER: _marker,
    Part.ADD: lambda _source, _scene, _index: translate("Timeline", "Add a clip"),
}
