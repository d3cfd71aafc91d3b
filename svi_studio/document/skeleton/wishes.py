"""What menus and panels ask for that needs a dialog: whoever owns the window opens it."""

from PySide6.QtCore import QObject, Signal


class SkeletonWishes(QObject):
    """Each signal carries the place of a piece in the film's skeletons."""

    align = Signal(int)
    """Align it to the person in the picture."""
    speed = Signal(int)
    """Make it faster or slower."""
    scale = Signal(int)
    """Make it larger or smaller."""
    another = Signal(int)
    """Look for another dancer in its video."""
