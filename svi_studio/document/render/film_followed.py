"""How a queue follows its film: what waits is made as the film is when it begins, not as it was when asked for."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.request import QueuedRender, QueueStatus
from svi_studio.domain.render.request_update import asks_for_the_same, updated_requests
from svi_studio.domain.value import with_fields

translate = QCoreApplication.translate

_QUIET_MS = 1000  # after the last edit: nothing begins with half a sentence


class FilmFollowed(QObject):
    """``settled`` comes a second after the last edit that concerned the queue; until then ``is_edited``."""

    settled = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._goes_on = ""  # the id of the request that goes on anew
        self._board: Storyboard | None = None
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self.settled)

    @property
    def is_edited(self) -> bool:
        """Whether an edit is so recent that more of it may come."""
        return self._quiet.isActive()

    def edited(self, board: Storyboard, items: Iterable[QueuedRender]) -> bool:
        """The film is ``board`` now; returns whether that concerns any of ``items`` that are not over."""
        self._board = board
        concerned = any(not (item.status.is_over or asks_for_the_same(item.request, board)) for item in items)
        if concerned:
            self._quiet.start()
        return concerned

    def is_outdated(self, item: QueuedRender) -> bool:
        """Whether ``item`` asks for clips as they are not any more."""
        return self._board is not None and not asks_for_the_same(item.request, self._board)

    def updated(self, item: QueuedRender) -> list[QueuedRender]:
        """``item`` for its clips as they are now: several stretches if they were torn apart, none if gone."""
        if self._board is None:
            return [item]
        requests = updated_requests(item.request, self._board, lambda: uuid4().hex)
        return [with_fields(item, {"request": request}) for request in requests]

    def all_updated(self, items: Sequence[QueuedRender], under_way: str | None) -> list[QueuedRender]:
        """``items``, of which those that wait ask for their clips as they are now."""
        waits = (not item.status.is_over and item.request.id != under_way for item in items)
        updated = (
            self.updated(item) if waiting and self.is_outdated(item) else [item]
            for item, waiting in zip(items, waits, strict=True)
        )
        return [item for some in updated for item in some]

    def renewed(self, item: QueuedRender) -> list[QueuedRender]:
        """What takes the place of ``item``, which only ended to go on as the film is now."""
        self._goes_on = item.request.id
        words = translate("RenderQueue", "Takes up your edits")
        return self.updated(with_fields(item, {"status": QueueStatus.WAITING, "message": words}))

    def begins(self, item: QueuedRender) -> bool:
        """Notes that ``item`` begins; returns whether it does, and does not only go on."""
        goes_on, self._goes_on = self._goes_on, ""
        return goes_on != item.request.id
