"""What the render queue does with each clip: waits for it, makes it, could not make it. Plain values, no Qt."""

from collections.abc import Iterable
from typing import NamedTuple

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest


class ClipActivity(NamedTuple):
    """QUEUED, RENDERING or FAILED; ``progress`` is 0..1 of the clip's steps, ``message`` a few words for the user."""

    state: ClipState
    progress: float = 0.0
    message: str = ""


_QUEUED = ClipActivity(ClipState.QUEUED)


class ClipActivities:
    """The activity of every clip that has one, by its id. Clips of the request under way are told one by one."""

    def __init__(self) -> None:
        self.by_clip: dict[str, ClipActivity] = {}
        self._settled: set[str] = set()
        self._failed: dict[str, ClipActivity] = {}

    def begin(self, request: RenderRequest) -> None:
        """Begins with a request: clips that failed before are tried again."""
        self._settled.clear()
        for clip_id in clip_ids(request):
            self._failed.pop(clip_id, None)

    def rendering(self, clip_id: str, progress: float, message: str) -> None:
        """Sets the clip to RENDERING."""
        self._failed.pop(clip_id, None)
        self.by_clip[clip_id] = ClipActivity(ClipState.RENDERING, progress, message)

    def settle(self, clip_id: str) -> bool:
        """Removes the activity of a clip that is done, reused or given up by the request under way.

        Returns False when that was known: a worker that is started again tells of every take it finds.
        """
        is_new = clip_id not in self._settled
        self._settled.add(clip_id)
        self.by_clip.pop(clip_id, None)
        return is_new

    def failed(self, clip_id: str, sentence: str) -> None:
        """Sets the clip to FAILED, until it is asked for again."""
        self._failed[clip_id] = self.by_clip[clip_id] = ClipActivity(ClipState.FAILED, message=sentence)

    def forget(self, request: RenderRequest) -> None:
        """Removes the failures of a request that was taken out of the queue."""
        for clip_id in clip_ids(request):
            self._failed.pop(clip_id, None)

    def refresh(self, items: Iterable[QueuedRender], under_way: str | None) -> None:
        """Works out everything anew after the queue changed; ``under_way`` is the id of the request being made."""
        making = {clip_id: each for clip_id, each in self.by_clip.items() if each.state is ClipState.RENDERING}
        fresh = dict(self._failed)
        for item in items:
            if item.request.id == under_way:
                ids = [clip_id for clip_id in clip_ids(item.request) if clip_id not in self._settled]
                fresh |= dict.fromkeys(ids, _QUEUED) | making
            elif item.status in {QueueStatus.WAITING, QueueStatus.PAUSED}:
                for clip_id in clip_ids(item.request):
                    fresh.setdefault(clip_id, _QUEUED)
        self.by_clip = fresh


def clip_ids(request: RenderRequest) -> list[str]:
    """The ids of the clips that are asked for, in order."""
    return [clip.id for clip in request.storyboard.clips[request.first : request.last + 1]]
