"""Whose turn it is to compute: films and trainings share a graphics card, so one of them is at work at a time."""

from PySide6.QtCore import QObject, Signal


class RenderTurn(QObject):
    """Lives in the window's thread. ``freed`` says that the turn can be taken again, ``taken`` that somebody has it.

    ``memory_wanted``: who has the turn now needs the whole card, so that models which wait in it should go.
    """

    freed = Signal()
    taken = Signal()
    memory_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._owner: QObject | None = None
        self._refusal = ""

    @property
    def refusal(self) -> str:
        """Why nobody else can have the turn, as a sentence; empty when its owner is a film."""
        return self._refusal

    @property
    def is_taken(self) -> bool:
        """Whether anybody computes now."""
        return self._owner is not None

    def take(self, owner: QObject, refusal: str = "") -> bool:
        """Whether ``owner`` may compute now; it keeps the turn until ``give_back``. ``refusal`` is for the others."""
        if self._owner is None:
            self._owner, self._refusal = owner, refusal
            self.taken.emit()
        return self._owner is owner

    def give_back(self, owner: QObject) -> None:
        """Ends the turn of ``owner``; does nothing when it does not have it."""
        if self._owner is owner:
            self._owner, self._refusal = None, ""
            self.freed.emit()
