"""The pictures that come with the program, for films of a model that knows only its own world."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.domain.story.starting_picture import StartingPicture
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.storyline.picture_grid import GridPicture, PictureGrid
from svi_studio.ui.training.empty_box import EmptyBox

_HEIGHT = 110


class ReadyMadeDialog(PlainDialog):
    """``chosen`` brings a StoryPicture; the dialog closes by itself then."""

    chosen = Signal(object)

    def __init__(
        self, pictures: Sequence[StartingPicture], words: str, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("ReadyMadeDialog", "Ready-made pictures"),
            translate("ReadyMadeDialog", "They show the world of the bundled model."),
            parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._pictures = tuple(pictures)
        self.words = LineBox(100, self)
        self.grid = PictureGrid(lambda picture: thumbnails.pixmap(picture.path, _HEIGHT), self)
        self.nothing = EmptyBox(self)
        self.pages = QStackedWidget(self)
        self.cancel = self.add_button(self.tr("Cancel"))
        self.use = self.add_button(self.tr("Use this picture"), primary=True)
        self._lay_out()
        thumbnails.ready.connect(self.grid.viewport().update)
        self.words.edited.connect(self.show_fitting)
        self.grid.here_changed.connect(lambda: self.use.setEnabled(self.grid.here is not None))
        self.grid.taken.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.use.clicked.connect(lambda: self._take(self.grid.here))
        self.use.setEnabled(False)
        self._begin(words)

    @Slot(str)
    def show_fitting(self, words: str) -> None:
        """Shows the pictures that fit all of ``words``; all of them without any."""
        wanted = words.lower().replace(",", " ").split()
        fitting = [each for each in self._pictures if all(word in each.title for word in wanted)]
        self.grid.show_pictures([GridPicture(each, f"{each.colour} {each.lead}", each.place) for each in fitting])
        self.pages.setCurrentIndex(0 if fitting else 1)
        self.use.setEnabled(False)

    def _begin(self, words: str) -> None:
        """With the words of the brief that some picture fits."""
        known = {word for each in self._pictures for word in each.title.replace(",", "").split()}
        fitting = " ".join(word for word in words.lower().replace(",", " ").split() if word in known)
        self.words.show_text(fitting)
        self.show_fitting(fitting)
        if not self.grid.count:
            self.words.show_text("")
            self.show_fitting("")
        (
            self.grid if fitting else self.words
        ).setFocus()  # nothing is searched for yet: the first thing to do is to type

    @Slot(object)
    def _take(self, picture: StartingPicture | None) -> None:
        if picture is not None:
            self.chosen.emit(StoryPicture(picture.path))
            self.accept()

    def _lay_out(self) -> None:
        self.words.setPlaceholderText(self.tr("For example: red boat"))
        self.words.setAccessibleName(self.tr("What the picture shows"))
        self.nothing.setText(
            self.tr("No picture shows that: try fewer words.")
            if self._pictures
            else self.tr("This film's model draws anything: search for a picture, or choose your own.")
        )
        self.pages.addWidget(self.grid)
        self.pages.addWidget(self.nothing)
        self.body.addWidget(self.words)
        self.body.addWidget(self.pages, 1)
        self.resize(840, 600)
