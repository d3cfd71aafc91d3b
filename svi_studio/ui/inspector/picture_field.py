"""A picture of the film: shown as the film sees it, with what can be done about it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.picture_preview import PicturePreview, fit_words
from svi_studio.document.pictures.picture_files import picture_filter
from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.picture_well import PictureWell
from svi_studio.ui.controls.strange_note import StrangeNote
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.framing.ask_frame import ask_frame

Wanted = tuple[Path, PictureLook]


class PictureField(QWidget):
    """``chosen`` brings a file that shall become the picture; which part of one is filmed is asked here."""

    chosen = Signal(Path)
    removed = Signal()
    ready_made_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, name: str, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._relative = ""
        self._wanted: Wanted | None = None
        self._shown: PicturePreview | None = None
        self._inherited = False
        self._is_open = False
        self._inherited_words = ""
        self.well = PictureWell(self)
        self.well.setAccessibleName(name)
        self.words = note_label("", self)
        self.strange = StrangeNote(self)
        self.choose = QPushButton(self.tr("Choose…"), self)
        self.frame = QPushButton(self.tr("Frame…"), self)
        self.frame.setToolTip(self.tr("Choose which part of the picture is filmed"))
        self.remove = small_button("trash", self.tr("Remove the picture"), self)
        self._lay_out()
        self.setFocusProxy(self.well)
        self.well.dropped.connect(self.chosen)
        self.well.pressed.connect(self._ask)
        self.well.removed.connect(self._remove)
        self.choose.clicked.connect(self._ask)
        self.remove.clicked.connect(self._remove)
        self.frame.clicked.connect(lambda: ask_frame(self._film, self._relative, self))
        self.strange.ready_made_wanted.connect(self.ready_made_wanted)
        self.strange.model_wanted.connect(self.model_wanted)

    def show_empty(self, words: str, is_open: bool) -> None:
        """There is no picture; ``words`` say what one would do here."""
        self._wanted, self._shown, self._is_open = None, None, is_open
        self.well.show_words(words)
        self.strange.show_warning("", is_open=is_open)
        self._say("")

    def show_picture(self, relative: str, is_open: bool, inherited: str = "") -> None:
        """Shows the film's picture at that path of its storyboard; ``inherited`` says whose it is if not own."""
        try:
            path = self._film.document.file(relative)
        except StudioError as error:
            self.show_empty(str(error), is_open)
            return
        self._relative = relative
        self._show_file(
            path, self._film.document.storyboard.picture_look(relative, self._film.size), is_open, inherited
        )
        self.strange.show_warning(self._film.reach.picture_warning(relative), is_open=is_open)

    def _show_file(self, path: Path, look: PictureLook, is_open: bool, inherited: str) -> None:
        wanted = (path, look)
        if (wanted, inherited, is_open) == (self._wanted, self._inherited_words, self._is_open):
            return
        self._inherited, self._inherited_words, self._is_open = bool(inherited), inherited, is_open
        if wanted == self._wanted:
            self._show_read()
            return
        self._wanted = wanted
        self._film.media.preview(
            path, look, lambda found: self._read(wanted, found), lambda sentence: self._failed(wanted, sentence)
        )
        if self._shown is None:
            self.well.show_words(self.tr("Reading the picture…"))
        self._buttons()

    def _read(self, wanted: Wanted, found: PicturePreview) -> None:
        if wanted == self._wanted:
            self._shown = found
            self._show_read()

    def _failed(self, wanted: Wanted, sentence: str) -> None:
        if wanted == self._wanted:
            self._shown = None
            self.well.show_words(self.tr("This picture cannot be shown. Choose it again, or another one."))
            self._say(sentence)

    def _show_read(self) -> None:
        if self._shown is not None:
            self.well.show_picture(self._shown.image, faint=self._inherited)
            self._say(self._inherited_words if self._inherited else fit_words(self._shown))
        self._buttons()

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.well.setAccessibleDescription(words)
        self._buttons()

    def _buttons(self) -> None:
        self.well.set_open(self._is_open)
        self.choose.setEnabled(self._is_open)
        own = self._wanted is not None and not self._inherited
        self.remove.setVisible(own)
        self.remove.setEnabled(self._is_open)
        self.frame.setVisible(self._shown is not None and self._shown.look.film is not None and self._shown.has_choice)
        self.frame.setEnabled(self._is_open)

    def _ask(self) -> None:
        """Chooses a file without blocking the window."""
        words, kinds = self.tr("Choose a picture"), picture_filter()
        dialog = choose_file(self, words, kinds, lambda file: self.chosen.emit(Path(file)))
        dialog.setObjectName("choose picture")

    def _remove(self) -> None:
        if self._is_open and self._wanted is not None and not self._inherited:
            self.removed.emit()

    def _lay_out(self) -> None:
        column_of(
            self.well,
            self.words,
            self.strange,
            row_of(self.choose, self.frame, 1, self.remove, spacing=6),
            within=self,
            spacing=4,
        )
