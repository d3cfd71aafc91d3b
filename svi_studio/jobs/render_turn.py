"""Whose turn it is to render: the films of one program share a graphics card, so one of them renders at a time."""

from PySide6.QtCore import QObject, Signal


class RenderTurn(QObject):
    """Lives in the window's thread. ``freed`` says that the turn can be taken again."""

    freed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._owner: QObject | None = None

    def take(self, owner: QObject) -> bool:
        """Whether ``owner`` may render now; it keeps the turn until ``give_back``."""
        if self._owner is None:
            self._owner = owner
        return self._owner is owner

    def give_back(self, owner: QObject) -> None:
        """``owner`` does not render any more; nothing happens when it was not its turn."""
        if self._owner is owner:
            self._owner = None
            self.freed.emit()
