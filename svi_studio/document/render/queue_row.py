"""One line of the queue in words: what is asked for, how it stands, how far it is."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.render.bar_status import ClipNow
from svi_studio.domain.render.request import QueuedRender, QueueStatus


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueueRow", text)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What one line of the queue shows. ``tone`` is a colour of the theme; ``progress`` 0 to 1, None = no bar."""

    id: str
    title: str
    what: str
    state: str
    tone: str
    progress: float | None
    poster: Path | None
    is_waiting: bool
    is_over: bool

    @property
    def has_failed(self) -> bool:
        """Whether ``state`` is a sentence that says why it failed."""
        return self.tone == "danger"

    @property
    def spoken(self) -> str:
        """The whole line for those who hear it."""
        return f"{self.title}, {self.what}. {self.state}"


def queue_row(item: QueuedRender, live: ClipNow | None, poster: Path | None, *, under_way: bool) -> QueueRow:
    """The line of ``item``; ``live`` only when a clip of it is being made, ``under_way``: the worker has it."""
    request, status = item.request, item.status
    asked = words.clip_span(request.first, request.last, len(request.storyboard.clips))
    quality = _tr("draft") if request.quality == "draft" else _tr("final")
    part = (item.finished_clips + (live.progress if live else 0.0)) / request.clips
    return QueueRow(
        id=request.id,
        title=request.title or _tr("Untitled film"),
        what=_tr("{clips} · {quality}").format(clips=words.capital(asked), quality=quality),
        state=_state(item, live),
        tone=_TONES[status],
        progress=min(part, 1.0) if under_way else None,
        poster=poster,
        is_waiting=not (status.is_over or under_way),
        is_over=status.is_over,
    )


_TONES = {
    QueueStatus.WAITING: "text-dim",
    QueueStatus.RENDERING: "accent",
    QueueStatus.PAUSED: "warn",
    QueueStatus.DONE: "ok",
    QueueStatus.FAILED: "danger",
    QueueStatus.STOPPED: "text-dim",
}


def _state(item: QueuedRender, live: ClipNow | None) -> str:
    done = _done(item)
    match item.status:
        case QueueStatus.WAITING:
            return item.message or (_tr("Waits. {done}").format(done=done) if item.finished_clips else _tr("Waits"))
        case QueueStatus.RENDERING:
            now = _tr("Rendering clip {number}").format(number=live.index + 1) if live else _tr("Starting")
            return _tr("{now} · {done}").format(now=now, done=done)
        case QueueStatus.PAUSED:
            return item.message or _tr("Paused. {done}").format(done=done)
        case QueueStatus.DONE:
            return item.message or _tr("Done")
        case QueueStatus.STOPPED:
            return item.message or _tr("Stopped. {done}").format(done=done)
        case QueueStatus.FAILED:
            return item.message or _tr("This render failed.")


def _done(item: QueuedRender) -> str:
    return _tr("{done} of {count} done").format(done=item.finished_clips, count=item.request.clips)
