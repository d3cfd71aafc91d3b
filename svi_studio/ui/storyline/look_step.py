"""The last step before a film is rendered: its family and model, and what the rendering will take."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from svi_studio.document.open_film import OpenFilm
from svi_studio.document.render.bar_words import IdleWords
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.inspector.film_look import FilmLook
from svi_studio.ui.inspector.model_shelf import ModelShelf

_WIDTH = 460


class LookStep(QWidget):
    """Choices are in force at once, as in the inspector."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = ModelShelf(self)
        self.look = FilmLook(film.document, self._shelf, self)
        self.look.setMaximumWidth(_WIDTH)
        self.headline = QLabel(self)
        self.headline.setProperty("role", "strong")
        self.detail = plain_label("", self)
        card = QFrame(self)
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDTH)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 12, 16, 12)
        inner.addWidget(self.headline)
        inner.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(18)
        column.addWidget(self.look)
        column.addWidget(card)
        column.addStretch(1)
        film.closing.connect(self._shelf.close)
        self._shelf.look()

    def close_threads(self) -> None:
        """End the thread."""
        self._shelf.close()

    def show_offer(self, words: IdleWords) -> None:
        """What a render would do."""
        self.headline.setText(words.headline)
        self.detail.setText(words.detail)
        self.detail.setVisible(bool(words.detail))
