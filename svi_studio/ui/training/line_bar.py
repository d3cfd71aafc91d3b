"""What can be done with a training that waits for its turn: where it stands, earlier, later, out of the line."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from svi_studio.document.training import run_words
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.theme.icons import keep_icon


class LineBar(QFrame):
    """``moved`` brings how many places (negative: earlier), ``left`` that it shall not wait any more.

    ``released``: a line that is halted shall go on.
    """

    moved = Signal(int)
    left = Signal()
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.words = note_label(parent=self)
        self.release = QPushButton(self.tr("Let the line go on"), self)
        self.earlier = small_button("arrow-up", self.tr("Earlier in line"), self)
        self.later = small_button("arrow-down", self.tr("Later in line"), self)
        self.leave = QPushButton(self.tr("Take out of the line"), self)
        keep_icon(self.release, "play")
        row_of(
            (self.words, 1),
            self.release,
            self.earlier,
            self.later,
            self.leave,
            within=self,
            spacing=8,
            margins=(14, 8, 10, 8),
        )
        self.earlier.clicked.connect(self._earlier)
        self.later.clicked.connect(self._later)
        self.leave.clicked.connect(self.left)
        self.release.clicked.connect(self.released)
        self.hide()

    def show_place(self, place: int | None, count: int, *, is_held: bool) -> None:
        """``place`` of ``count`` stand before it; None = it does not wait, and nothing is shown."""
        self.setVisible(place is not None)
        if place is None:
            return
        self.words.setText(run_words.line_words(place, count, is_held=is_held))
        self.words.show()
        self.release.setVisible(is_held)
        self.earlier.setEnabled(place > 0)
        self.later.setEnabled(place < count - 1)

    @Slot()
    def _earlier(self) -> None:
        self.moved.emit(-1)

    @Slot()
    def _later(self) -> None:
        self.moved.emit(1)
