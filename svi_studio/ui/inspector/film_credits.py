"""Whose pictures the film is made from: the credits as they go with an export, to be copied from here."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.domain.editing.credit_edits import credits_to_show
from svi_studio.domain.pictures.credit import credit_line
from svi_studio.ui.controls.field import Field, small_button
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.text_box import TextBox


class FilmCredits(QWidget):
    """A line for each picture that somebody else made; nothing to see where there is none."""

    def __init__(self, document: FilmDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.words = TextBox(1, 8, self)
        self.words.setReadOnly(True)
        self.copy = small_button("duplicate", self.tr("Copy the credits"), self)
        field = Field(self.tr("Credits"), self.words, self.tr("They are written beside every export of the film."))
        field.head.addWidget(self.copy)
        column_of(field, within=self)
        self.copy.clicked.connect(self._copy)
        document.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows the credits of the pictures that the film shows now."""
        lines = [credit_line(credit) for credit in credits_to_show(self._document.storyboard)]
        self.words.show_text("\n".join(lines))
        self.setVisible(bool(lines))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words.text())
