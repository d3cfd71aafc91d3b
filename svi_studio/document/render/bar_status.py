"""What the render bar says while something is rendered: from the state of queue and worker to a few plain words."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.domain.render.request import QueuedRender, QueueStatus
from svi_studio.jobs.worker.process_state import ProcessState


def _tr(text: str) -> str:
    return QCoreApplication.translate("RenderBar", text)


@dataclass(frozen=True, slots=True)
class ClipNow:
    """The clip under way: its index in the film, and denoising step ``step`` of ``steps`` (0 of 0 before the first)."""

    index: int
    step: int = 0
    steps: int = 0

    @property
    def progress(self) -> float:
        """How much of it is done, 0 to 1."""
        return self.step / self.steps if self.steps else 0.0


@dataclass(frozen=True, slots=True)
class QueueNow:
    """The queue at one moment. ``item`` is the render under way or the one that waits paused, None without either.

    ``clips`` the film has now; ``clip`` counts among them, as its card does. ``waiting`` counts the renders after this
    one, ``seconds_left`` is for this one, None when it is not known. ``pausing``: a pause was asked for, and the step
    under way is not done yet. ``edited``: the film was edited, and the clips after this one are made as it is now.
    ``falls`` counts the clips that a skip of this one takes along.
    """

    worker: ProcessState = ProcessState.OFF
    item: QueuedRender | None = None
    clip: ClipNow | None = None
    clips: int = 0
    waiting: int = 0
    seconds_left: float | None = None
    loading: str = ""
    notice: str = ""
    pausing: bool = False
    edited: bool = False
    falls: int = 0


@dataclass(frozen=True, slots=True)
class BarStatus:
    """Two lines, their colour in the theme, how far it is (0 to 1, None = nobody knows), and which buttons work."""

    headline: str
    detail: str = ""
    tone: str = "text"
    progress: float | None = None
    is_paused: bool = False
    can_pause: bool = True
    can_skip: bool = False
    falls: int = 0


def bar_status(now: QueueNow) -> BarStatus | None:
    """The words for ``now``; None when nothing is rendered and nothing is held up."""
    item = now.item
    if item is None:
        return None
    progress = _progress(item, now.clip)
    in_trouble = _in_trouble(now, progress)
    if in_trouble is not None:
        return in_trouble
    if item.status is QueueStatus.PAUSED:
        return _paused(item, now, progress)
    if item.status is QueueStatus.WAITING:
        return BarStatus(_tr("Waits"), item.message, progress=0.0)
    return _at_work(item, now, progress)


def _in_trouble(now: QueueNow, progress: float) -> BarStatus | None:
    """The status for a worker that cannot be asked anything now."""
    if now.worker is ProcessState.NOT_ANSWERING:
        text = _tr("If this goes on, it is restarted and continues with the same clip. Finished clips are kept.")
        return BarStatus(_tr("The renderer is not responding"), text, "warn", progress, can_pause=False)
    if now.worker is ProcessState.RESTARTING:
        text = now.notice or _tr("It continues with the same clip. Finished clips are kept.")
        return BarStatus(_tr("Restarting the renderer"), text, "warn", progress, can_pause=False)
    if now.worker is ProcessState.STOPPING:
        return BarStatus(_tr("Stopping"), _tr("Finished clips are kept."), progress=progress, can_pause=False)
    return None


def _at_work(item: QueuedRender, now: QueueNow, progress: float) -> BarStatus:
    if now.clip is not None:
        line, rest = _clip_line(now.clips or len(item.request.storyboard.clips), now.clip), _rest(now)
        if now.pausing:
            line, rest = _tr("Pausing after this step"), line
        return BarStatus(line, rest, progress=progress, is_paused=now.pausing, can_skip=True, falls=now.falls)
    texts = {
        ProcessState.STARTING: (_tr("Starting the renderer"), _rest(now)),
        ProcessState.LOADING: (now.loading or _tr("Getting ready"), _rest(now)),
    }
    headline, detail = texts.get(now.worker, (_tr("Getting ready"), _rest(now)))
    return BarStatus(headline, detail, progress=progress or None)


def _paused(item: QueuedRender, now: QueueNow, progress: float) -> BarStatus:
    done = _tr("{done} of {clips} done").format(done=item.finished_clips, clips=words.clips(item.request.clips))
    at_clip = _tr("Paused at clip {number}")
    headline = _tr("Paused") if now.clip is None else at_clip.format(number=now.clip.index + 1)
    rest = item.message or _tr("{done}. It goes on where it stopped.").format(done=done)
    return BarStatus(headline, rest, "warn", progress, is_paused=True, can_skip=now.clip is not None, falls=now.falls)


def _clip_line(total: int, clip: ClipNow) -> str:
    place = _tr("Clip {number} of {total}").format(number=clip.index + 1, total=total)
    if not clip.steps:
        return place
    if clip.step >= clip.steps:
        return _tr("{place} · finishing").format(place=place)
    return _tr("{place} · step {step} of {steps}").format(place=place, step=max(clip.step, 1), steps=clip.steps)


def _rest(now: QueueNow) -> str:
    """The time left, and the renders that wait behind this one."""
    parts = [] if now.seconds_left is None else [words.left(now.seconds_left)]
    if now.waiting:
        more = (
            _tr("1 more is waiting") if now.waiting == 1 else _tr("{count} more are waiting").format(count=now.waiting)
        )
        parts.append(more)
    if now.edited:
        parts.append(_tr("your edits count from the next clip on"))
    if now.item is not None and now.item.request.quality == "draft":
        parts.append(_tr("draft"))
    return " · ".join(words.capital(part) for part in parts[:1]) + "".join(f" · {part}" for part in parts[1:])


def _progress(item: QueuedRender, clip: ClipNow | None) -> float:
    return min((item.finished_clips + (clip.progress if clip is not None else 0.0)) / item.request.clips, 1.0)
