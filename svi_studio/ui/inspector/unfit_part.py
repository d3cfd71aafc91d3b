"""Says that the film's model cannot film its family, with a button for each way to mend that."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.unfit_film import mends, why_unfit
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.dialogs.plain_dialog import empty_layout, plain_label


class UnfitPart(QWidget):
    """Hidden while family and model fit."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._shown: tuple[str, ...] | None = None
        self.sentence = plain_label("", self, "danger")
        self.buttons: list[QPushButton] = []
        self._room = column_of(spacing=6)
        column_of(self.sentence, self._room, within=self, spacing=8)
        film.document.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self, _change: object = None) -> None:
        """Shows what is wrong, and what mends it."""
        sentence, ways = why_unfit(self._film), mends(self._film)
        shown = (sentence, *(way.words for way in ways))
        if shown == self._shown:
            return
        self._shown = shown
        self.sentence.setText(sentence)
        empty_layout(self._room)
        self.buttons = []
        for way in ways:
            button = QPushButton(way.words, self)
            button.clicked.connect(way.do)
            self.buttons.append(button)
            self._room.addWidget(button)
        self.setVisible(bool(sentence))
