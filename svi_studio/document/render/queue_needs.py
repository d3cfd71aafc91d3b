"""What the whole queue still needs: clips, time, room on the disk, against the room that is there."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.offer import cost_of
from svi_studio.domain.render.request import QueuedRender
from svi_studio.domain.takes.job import ClipJob

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue

_SPARE = 200_000_000  # bytes that a disk should keep for everything else


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueuePanel", text)


@dataclass(frozen=True, slots=True)
class QueueNeeds:
    """``seconds`` and ``bytes`` are None while pace and size of takes are not known; the disk has ``free`` bytes."""

    renders: int = 0
    clips: int = 0
    seconds: float | None = None
    bytes: int | None = None
    free: int | None = None

    @property
    def fits(self) -> bool:
        """Whether the disk has room for it, as far as that is known."""
        return has_room(self.bytes, self.free)


def has_room(needed: int | None, free: int | None) -> bool:
    """Whether ``needed`` bytes fit into ``free`` ones with something to spare; yes while either is not known."""
    return not needed or free is None or needed + _SPARE <= free


def queue_needs(film: OpenFilm, queue: "RenderQueue") -> QueueNeeds:
    """Adds up what is not over. Takes that several renders ask for count once."""
    items = [item for item in queue.items if not item.status.is_over]
    waiting = _jobs(film, [item for item in items if item is not queue.current])
    under_way = _jobs(film, [item for item in items if item is queue.current])
    jobs = under_way | waiting
    whole = cost_of(jobs.values(), film)
    later = cost_of((job for name, job in waiting.items() if name not in under_way), film).seconds
    now = queue.seconds_left
    seconds = whole.seconds if now is None or later is None else now + later
    return QueueNeeds(len(items), len(jobs), seconds, whole.bytes, free_bytes(film))


def free_bytes(film: OpenFilm) -> int | None:
    """Room on the disk that the film lies on; None when the system does not say."""
    try:
        return shutil.disk_usage(film.path).free
    except OSError:
        return None


def total_words(needs: QueueNeeds) -> str:
    """``2 renders, 9 clips · about 6 min left``; of a single render the render bar says how long it takes."""
    if not needs.renders:
        return ""
    renders = _tr("1 render") if needs.renders == 1 else _tr("{count} renders").format(count=needs.renders)
    text = _tr("{renders}, {clips}").format(renders=renders, clips=words.clips(needs.clips))
    if needs.seconds is None or needs.renders == 1:
        return text
    return f"{text} · {words.left(needs.seconds)}"


def disk_words(needs: QueueNeeds) -> str:
    """What the disk must hold, and a warning with a way out when it will not."""
    if not needs.renders or needs.bytes is None or needs.free is None:
        return ""
    values = {"needed": words.size(needs.bytes), "free": words.size(needs.free)}
    if needs.fits:
        return _tr("Needs about {needed}; {free} are free.").format(**values)
    return _tr(
        "This needs about {needed}, but only {free} are free. Free some space or delete old takes: "
        "what is rendered stays, and the render waits when the disk is full."
    ).format(**values)


def _jobs(film: OpenFilm, items: Sequence[QueuedRender]) -> dict[str, ClipJob]:
    """What the film's clips miss now of what ``items`` ask for, by the hash of the take."""
    clips, states, takes = film.document.storyboard.clips, film.states, film.takes
    found: dict[str, ClipJob] = {}
    for quality in {item.request.quality for item in items}:
        wanted = [item.request for item in items if item.request.quality == quality]
        for index in sorted({index for each in wanted for index in range(each.first, each.last + 1)}):
            job = states.job(clips[index].id, quality) if index < len(clips) else None
            if job is not None and not takes.has(job.take_hash):
                found[job.take_hash] = job
    return found
