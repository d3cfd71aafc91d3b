"""The last step before a film is rendered: its family and model, and what the rendering will take."""

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.render.bar_words import IdleWords
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.inspector.film_look import FilmLook

_WIDTH = 460


class LookStep(QWidget):
    """Choices are in force at once, as in the inspector."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = FilmLook(film, self)
        self.look.setMaximumWidth(_WIDTH)
        self.headline = QLabel(self)
        self.headline.setProperty("role", "strong")
        self.detail = plain_label("", self)
        card = QFrame(self)
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDTH)
        column_of(self.headline, self.detail, within=card, margins=(16, 12, 16, 12))
        column_of(self.look, card, 1, within=self, spacing=18)

    def show_offer(self, words: IdleWords) -> None:
        """What a render would do."""
        self.headline.setText(words.headline)
        self.detail.setText(words.detail)
        self.detail.setVisible(bool(words.detail))
