"""The requests of a render queue, in order: those that wait, the one under way, those that are over."""

from collections.abc import Callable, Iterable

from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from svi_studio.domain.value import with_fields


class QueueItems:
    """Each request is there once, found by its id; to say that anything changed is the owner's task."""

    def __init__(self) -> None:
        self._items: list[QueuedRender] = []

    @property
    def all(self) -> tuple[QueuedRender, ...]:
        """Every request, in order."""
        return tuple(self._items)

    @property
    def first_waiting(self) -> QueuedRender | None:
        """The one whose turn it is next."""
        return next((item for item in self._items if item.status is QueueStatus.WAITING), None)

    def find(self, request_id: str | None) -> QueuedRender | None:
        """The request with this id, None when it is not there."""
        return next((item for item in self._items if item.request.id == request_id), None)

    def add(self, request: RenderRequest, *, first: bool) -> None:
        """Lets ``request`` wait at the end, or as the ``first`` of those that wait."""
        waiting = self.first_waiting if first else None
        place = len(self._items) if waiting is None else self._items.index(waiting)
        self._items.insert(place, QueuedRender(request=request))

    def extend(self, items: Iterable[QueuedRender]) -> None:
        """Puts ``items`` behind all others."""
        self._items += items

    def put(self, item: QueuedRender, **fields: object) -> None:
        """Gives the request of ``item`` other ``fields``; it must be there."""
        place = self._place(item.request.id)
        self._items[place] = with_fields(self._items[place], fields)

    def replace(self, item: QueuedRender, by: Iterable[QueuedRender]) -> None:
        """Puts others, any number of them, in the place of ``item``."""
        place = self._place(item.request.id)
        self._items[place : place + 1] = by

    def remove(self, request_id: str) -> None:
        """Takes a request out, if it is there."""
        self._items = [item for item in self._items if item.request.id != request_id]

    def remove_ended(self) -> None:
        """Takes out everything that is over."""
        self._items = [item for item in self._items if not item.status.is_over]

    def move(self, item: QueuedRender, index: int, under_way: str | None) -> None:
        """``item`` stands at ``index`` then, but never before the request with the id ``under_way``."""
        self._items.remove(item)
        before = [place for place, each in enumerate(self._items) if each.request.id == under_way]
        self._items.insert(max(index, before[0] + 1 if before else 0), item)

    def change(self, changed: Callable[[list[QueuedRender]], list[QueuedRender]]) -> bool:
        """Makes all of them what ``changed`` returns; returns whether that is anything else."""
        before, self._items = self._items, changed(self._items)
        return self._items != before

    def _place(self, request_id: str) -> int:
        return next(place for place, each in enumerate(self._items) if each.request.id == request_id)
