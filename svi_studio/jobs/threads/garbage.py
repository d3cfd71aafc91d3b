"""Python's search for garbage, kept in the window's thread.

Left alone, Python searches in whichever thread happens to make an object, and destroys there what it finds. A Qt object
that ends in another thread than its own takes the program down, or stops it for ever.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_EVERY_MS = 200


class GarbageCollector(QObject):
    """Searches in the thread that made this object, as often as Python's thresholds say, until ``remove``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.search_if_due)

    def install(self) -> None:
        """Turns Python's automatic collection off and takes it over."""
        gc.disable()
        self._timer.start()

    def remove(self) -> None:
        """Turns Python's automatic collection on again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def search_if_due(self) -> None:
        """Searches the oldest generation of objects whose threshold is reached, as Python does; nothing when
        none is.
        """
        due = [counted > most for counted, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
