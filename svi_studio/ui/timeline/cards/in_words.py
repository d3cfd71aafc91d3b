"""One clip in words: what a screen reader says of its card, and what a tooltip shows."""

import html

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.timeline.cards.source import CardSource

translate = QCoreApplication.translate

_STATES: dict[ClipState, str] = {
    ClipState.EMPTY: str(QT_TRANSLATE_NOOP("Timeline", "Not rendered yet")),
    ClipState.STALE: str(QT_TRANSLATE_NOOP("Timeline", "Out of date")),
    ClipState.QUEUED: str(QT_TRANSLATE_NOOP("Timeline", "Waiting to render")),
    ClipState.RENDERING: str(QT_TRANSLATE_NOOP("Timeline", "Rendering")),
    ClipState.DONE: str(QT_TRANSLATE_NOOP("Timeline", "Done")),
    ClipState.FAILED: str(QT_TRANSLATE_NOOP("Timeline", "Failed")),
}


def describe(source: CardSource, index: int) -> str:
    """One clip in words: its place, state, length and prompt, as a screen reader says it."""
    layout, view = source.layout, source.view(index)
    clip, fresh = layout.clips[index], layout.chain_starts[index]
    end = translate("Timeline", "ends early, before frame {frame} of its take").format(frame=clip.end)
    length = translate("Timeline", "{length} from {start}")
    board = source.film.document.storyboard
    parts = [
        translate("Timeline", "Clip {number} of {count}").format(number=index + 1, count=len(layout)),
        translate("Timeline", _STATES[view.state]),
        translate("Timeline", "draft") if view.is_draft else "",
        translate("Timeline", "locked") if clip.locked else "",
        translate("Timeline", "own take") if view.kept and not clip.locked else "",
        translate("Timeline", "starts fresh") if fresh else translate("Timeline", "follows the clip before"),
        translate("Timeline", "goes on from a video") if board.start_video(index) is not None else "",
        translate("Timeline", "ends on a picture") if board.end_image(index) is not None else "",
        translate("Timeline", "has LoRAs of its own") if clip.loras else "",
        end if clip.end is not None else "",
        length.format(length=source.length(index), start=timecode(layout.edges[index], layout.fps)),
    ]
    return ", ".join(part for part in parts if part)


def plain_tip(title: str, body: str) -> str:
    """A tooltip whose ``body`` is foreign text: shown as it is, never as markup, and folded at a readable width."""
    text = html.escape(body[:600] + ("…" if len(body) > 600 else "")).replace("\n", "<br>")
    return f"<p style='white-space:pre-wrap'><b>{html.escape(title)}</b><br>{text}</p>"
