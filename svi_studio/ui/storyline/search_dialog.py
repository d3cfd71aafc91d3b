"""Looking for an openly licensed picture: words, a grid with author and licence, and the one that is taken."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QWidget

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.story.picture_search import PictureSearch, PictureSources
from svi_studio.domain.pictures.found_picture import FoundPicture, PicturePage, credit_for
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.storyline.picture_grid import GridPicture, PictureGrid
from svi_studio.ui.training.empty_box import EmptyBox

_MOST_WORDS = 200


class PictureSearchDialog(PlainDialog):
    """``chosen`` brings a StoryPicture that lies in ``folder`` with its credit; the dialog closes by itself then."""

    chosen = Signal(object)

    def __init__(
        self, folder: Path, words: str, parent: QWidget | None = None, sources: PictureSources | None = None
    ) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("PictureSearchDialog", "Search for a picture"),
            translate(
                "PictureSearchDialog",
                "From Openverse and Wikimedia Commons, openly licensed. Your words are sent there. Author and licence "
                "go into the credits of the film.",
            ),
            parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        self._page, self._more, self._asking = 1, False, False
        self.pictures = PictureSearch(self, sources)
        self.words = LineBox(_MOST_WORDS, self)
        self.go = QPushButton(self.tr("Search"), self)
        self.grid = PictureGrid(self._small, self)
        self.nothing = EmptyBox(self)
        self.pages = QStackedWidget(self)
        self.problem = note_label(parent=self)
        self.bar = QProgressBar(self)
        self.cancel = self.add_button(self.tr("Cancel"))
        self.use = self.add_button(self.tr("Use this picture"), primary=True)
        self._lay_out()
        self._connect()
        self.words.show_text(" ".join(words.split())[:_MOST_WORDS])
        self._show_nothing(self.tr("Describe the picture, for example: a red boat."))
        self._show_buttons()
        self.words.setFocus()

    def done(self, result: int) -> None:
        """Gives up what is under way."""
        self.pictures.shutdown()
        super().done(result)

    @Slot()
    def search(self) -> None:
        """Looks for the words."""
        self._page = 1
        self._show_nothing(self.tr("Searching…"))
        self._ask()

    @Slot()
    def take(self) -> None:
        """Brings the selected picture here."""
        picture = self.grid.here
        if picture is not None and not self.pictures.is_fetching:
            self._say("")
            self.pictures.fetch(picture, self._folder)
            self._show_buttons()

    def _ask(self) -> None:
        self._asking, self._more = True, False
        self._say("")
        self.pictures.search(self.words.text(), self._page)
        self._show_buttons()

    @Slot()
    def _ask_more(self) -> None:
        if self._more and not self._asking and not self.pictures.is_fetching:
            self._page += 1
            self._ask()

    @Slot(object)
    def _found(self, page: PicturePage) -> None:
        self._asking, self._more = False, page.more
        shown = [_in_grid(picture) for picture in page.pictures]
        problems = "\n".join(page.problems)
        if self._page > 1:
            self.grid.add_pictures(shown)
        elif shown:
            self.grid.show_pictures(shown)
            self.pages.setCurrentWidget(self.grid)
            self.grid.setFocus()
        else:
            self._show_nothing(problems or self.tr("Nothing found: try other words."))
            problems = ""
        self._say(problems)
        self._show_buttons()

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self._asking = False
        if self._page == 1:
            self._show_nothing(sentence)
        else:
            self._say(sentence)
        self._show_buttons()

    @Slot(object, object)
    def _fetched(self, picture: FoundPicture, path: Path) -> None:
        self.chosen.emit(StoryPicture(path, credit_for(picture, path.name)))
        self.accept()

    @Slot(object, str)
    def _not_fetched(self, _picture: FoundPicture, sentence: str) -> None:
        self._say(sentence)
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        busy = self._asking or self.pictures.is_fetching
        self.go.setEnabled(bool(self.words.text().strip()) and not self.pictures.is_fetching)
        self.use.setEnabled(self.grid.here is not None and not self.pictures.is_fetching)
        self.use.setText(self.tr("Downloading…") if self.pictures.is_fetching else self.tr("Use this picture"))
        self.bar.setVisible(busy)

    def _small(self, picture: FoundPicture) -> QImage | None:
        return self.pictures.thumbnail(picture)

    def _show_nothing(self, words: str) -> None:
        self.grid.show_pictures(())
        self.nothing.setText(words)
        self.pages.setCurrentWidget(self.nothing)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        set_look(self.problem, "tone", "warn")
        self.problem.setVisible(bool(sentence))

    def _connect(self) -> None:
        pictures = self.pictures
        pictures.found.connect(self._found)
        pictures.failed.connect(self._failed)
        pictures.fetched.connect(self._fetched)
        pictures.fetch_failed.connect(self._not_fetched)
        pictures.thumbnail_ready.connect(lambda _picture: self.grid.viewport().update())
        self.words.edited.connect(self._show_buttons)
        self.words.returnPressed.connect(self.search)
        self.go.clicked.connect(self.search)
        self.grid.here_changed.connect(self._show_buttons)
        self.grid.taken.connect(lambda _key: self.take())
        self.grid.end_near.connect(self._ask_more)
        self.cancel.clicked.connect(self.reject)
        self.use.clicked.connect(self.take)

    def _lay_out(self) -> None:
        self.words.setPlaceholderText(self.tr("For example: a red boat"))
        self.words.setAccessibleName(self.tr("What the picture shows"))
        self.go.setAutoDefault(False)
        self.use.setAutoDefault(False)
        self.use.setDefault(False)
        self.use.setProperty("primary", True)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Loading…"))
        row = row_of((self.words, 1), self.go, spacing=8)
        self.pages.addWidget(self.nothing)
        self.pages.addWidget(self.grid)
        self.body.addLayout(row)
        self.body.addWidget(self.pages, 1)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.problem)
        self.resize(840, 620)


def _in_grid(picture: FoundPicture) -> GridPicture:
    line = " · ".join(part for part in (picture.licence, picture.author) if part)
    size = f"{picture.width} × {picture.height}" if picture.width and picture.height else ""
    details = "\n".join(
        part for part in (picture.title, picture.author, picture.licence, size, picture.provider) if part
    )
    return GridPicture(picture, picture.title or picture.provider, line, details)
