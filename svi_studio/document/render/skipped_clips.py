"""The clips that one request gives up: remembered while it goes on, and told at its end."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.render.request import QueuedRender, RenderRequest
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome

translate = QCoreApplication.translate


class SkippedClips:
    """The clips that one request skips, by their ids, as the request may go on with an edited film."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def begin(self) -> None:
        """Begins with another request, none of whose clips are skipped."""
        self._ids.clear()

    def add(self, clip_ids: Iterable[str]) -> None:
        """Adds clips that are skipped."""
        self._ids.update(clip_ids)

    def places(self, request: RenderRequest) -> tuple[int, ...]:
        """The places of the skipped clips in ``request``, from 0."""
        clips = enumerate(request.storyboard.clips) if self._ids else ()
        return tuple(index for index, clip in clips if clip.id in self._ids)

    def told(self, item: QueuedRender, end: FilmEnded) -> FilmEnded:
        """How ``item`` ended, for people: what was skipped is said, and where nothing was made nothing is done."""
        if end.outcome is not Outcome.DONE or not self._ids:
            return end
        count = len(self._ids)
        clips = translate("RenderQueue", "1 clip was skipped") if count == 1 else None
        clips = clips or translate("RenderQueue", "{count} clips were skipped").format(count=count)
        if item.finished_clips:
            return replace(end, sentence=translate("RenderQueue", "Done; {skipped}.").format(skipped=clips))
        nothing = translate("RenderQueue", "Nothing was made: {skipped}.").format(skipped=clips)
        return replace(end, outcome=Outcome.STOPPED, sentence=nothing)
