"""The first step of a film that is made step by step: the picture it starts from, large."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.inspector.picture_field import PictureField

_WIDTH = 300  # as wide as the well shows a picture of the usual shape


class PictureStep(QWidget):
    """What is chosen here is the film's picture at once; ``search_wanted`` and ``ready_made_wanted`` ask for more."""

    search_wanted = Signal()
    ready_made_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.picture = PictureField(self.tr("Start picture"), film, self)
        self.search = QPushButton(self.tr("Search the internet…"), self)
        self.ready_made = QPushButton(self.tr("Ready-made pictures…"), self)
        self.words = plain_label(
            self.tr("The first clip begins with exactly this picture, and the film keeps its look."), self
        )
        self._lay_out()
        self.search.clicked.connect(self.search_wanted)
        self.ready_made.clicked.connect(self.ready_made_wanted)
        self.picture.chosen.connect(lambda path: self.take(StoryPicture(Path(path))))
        self.picture.removed.connect(film.commands.pictures.remove_reference)
        self.picture.ready_made_wanted.connect(self.ready_made_wanted)
        self.picture.model_wanted.connect(self.model_wanted)
        film.changed.connect(self.show_state)
        film.document.changed.connect(self.show_state)
        self.show_state()

    def take(self, picture: StoryPicture) -> None:
        """The film starts from this picture."""
        self._film.commands.pictures.set_reference(picture)

    @Slot()
    def show_state(self) -> None:
        """Shows the film's picture."""
        relative = self._film.document.storyboard.reference_image
        is_open = not self._film.document.read_only
        relative = self._film.document.storyboard.reference_image
        if relative is None:
            self.picture.show_empty(self.tr("Drop a picture here, or click to choose one"), is_open)
        else:
            self.picture.show_picture(relative, is_open)

    def _lay_out(self) -> None:
        self.picture.setMaximumWidth(_WIDTH)
        column_of(
            self.words, self.picture, row_of(self.search, self.ready_made, 1, spacing=8), 1, within=self, spacing=12
        )
