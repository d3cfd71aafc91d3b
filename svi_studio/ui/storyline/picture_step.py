"""The first step of a film that is made step by step: the picture it starts from, large."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from svi_studio.document.open_film import OpenFilm
from svi_studio.document.story_picture import StoryPicture
from svi_studio.domain.errors import StudioError
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.framing.ask_frame import ask_frame
from svi_studio.ui.inspector.media_import import MediaImport
from svi_studio.ui.inspector.picture_field import PictureField

_WIDTH = 300  # as wide as the well shows a picture of the usual shape


class PictureStep(QWidget):
    """What is chosen here is the film's picture at once; ``search_wanted`` and ``ready_made_wanted`` ask for more."""

    search_wanted = Signal()
    ready_made_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._media = MediaImport(film.document.folder, self)
        self.picture = PictureField(self.tr("Start picture"), self._media, self)
        self.search = QPushButton(self.tr("Search the internet…"), self)
        self.ready_made = QPushButton(self.tr("Ready-made pictures…"), self)
        self.words = plain_label(
            self.tr("The first clip begins with exactly this picture, and the film keeps its look."), self
        )
        self._lay_out()
        self.search.clicked.connect(self.search_wanted)
        self.ready_made.clicked.connect(self.ready_made_wanted)
        self.picture.chosen.connect(lambda path: self.take(StoryPicture(Path(path))))
        self.picture.removed.connect(film.commands.remove_reference)
        self.picture.frame_wanted.connect(self._frame)
        self.picture.ready_made_wanted.connect(self.ready_made_wanted)
        self.picture.model_wanted.connect(self.model_wanted)
        film.reach.changed.connect(self.show_state)
        film.document.changed.connect(self.show_state)
        film.states.facts_changed.connect(self.show_state)
        self._media.refused.connect(film.document.refused)
        film.closing.connect(self._media.close)
        self.show_state()

    def take(self, picture: StoryPicture) -> None:
        """The film starts from this picture."""
        self._film.commands.use_story_picture(picture)

    @Slot()
    def show_state(self) -> None:
        """Show the film's picture."""
        relative = self._film.document.storyboard.reference_image
        is_open = not self._film.read_only
        empty = self.tr("Drop a picture here, or click to choose one")
        try:
            path = self._film.document.file(relative) if relative is not None else None
        except StudioError as error:
            path, empty = None, str(error)
        if path is None:
            self.picture.show_empty(empty, is_open)
        else:
            look = self._film.document.storyboard.picture_look(relative or "", self._size)
            self.picture.show_picture(path, look, is_open)
            self.picture.show_warning(self._film.reach.picture_warning(relative))

    @Slot()
    def _frame(self) -> None:
        relative = self._film.document.storyboard.reference_image
        if self._size is not None and relative is not None:
            ask_frame(self._film.document, self._media, relative, self._size, self)

    @property
    def _size(self) -> tuple[int, int] | None:
        """The film's size in pixels, as far as it is known."""
        facts = self._film.states.facts
        return facts.facts.size if facts is not None else self._film.document.storyboard.size

    def close_threads(self) -> None:
        """End the thread."""
        self._media.close()

    def _lay_out(self) -> None:
        self.picture.setMaximumWidth(_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search)
        row.addWidget(self.ready_made)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addWidget(self.picture)
        column.addLayout(row)
        column.addStretch(1)
