"""One step of undo: the storyboard before and after it, and what the menu calls it."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from svi_studio.domain.film.storyboard import Storyboard

_MERGING, _ALONE = 1, -1


class EditCommand(QUndoCommand):
    """Holds two values and hands one of them to ``show``. Steps with the same ``merge`` key become one."""

    def __init__(
        self,
        text: str,
        values: tuple[Storyboard, Storyboard],
        show: Callable[[Storyboard], None],
        merge: tuple[str, int] | None,
    ) -> None:
        super().__init__(text)
        self._before, self._after = values
        self._show = show
        self._merge = merge

    def id(self) -> int:
        """Tells Qt which steps may be asked to merge."""
        return _ALONE if self._merge is None else _MERGING

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Merges with ``other``, which came right after; the step is obsolete when both together change nothing."""
        if not isinstance(other, EditCommand) or other._merge != self._merge:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def undo(self) -> None:
        """Shows the storyboard before."""
        self._show(self._before)

    def redo(self) -> None:
        """Shows the storyboard after."""
        self._show(self._after)
