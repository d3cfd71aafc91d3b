"""A picture of the film: shown as the film sees it, with what can be done about it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from svi_studio.document.picture_files import picture_filter
from svi_studio.domain.picture_look import PictureLook
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.picture_well import PictureWell
from svi_studio.ui.controls.strange_note import StrangeNote
from svi_studio.ui.inspector.media_import import MediaImport
from svi_studio.ui.inspector.picture_preview import PicturePreview, fit_words

Wanted = tuple[Path, PictureLook]


class PictureField(QWidget):
    """``chosen`` brings a file that shall become the picture, ``frame_wanted`` asks which part of it is filmed."""

    chosen = Signal(Path)
    removed = Signal()
    frame_wanted = Signal()
    ready_made_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, name: str, media: MediaImport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._media = name, media
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
        self.frame.clicked.connect(self.frame_wanted)
        self.strange.ready_made_wanted.connect(self.ready_made_wanted)
        self.strange.model_wanted.connect(self.model_wanted)

    def show_warning(self, sentence: str) -> None:
        """Say that the model cannot draw the picture; empty when it can."""
        self.strange.show_warning(sentence, is_open=self._is_open)

    def show_empty(self, words: str, is_open: bool) -> None:
        """There is no picture; ``words`` say what one would do here."""
        self._wanted, self._shown, self._is_open = None, None, is_open
        self.well.show_words(words)
        self.show_warning("")
        self._say("")

    def show_picture(self, path: Path, look: PictureLook, is_open: bool, inherited: str = "") -> None:
        """Show the picture at ``path`` as the film sees it; ``inherited`` says whose it is if not own."""
        wanted = (path, look)
        if (wanted, inherited, is_open) == (self._wanted, self._inherited_words, self._is_open):
            return
        self._inherited, self._inherited_words, self._is_open = bool(inherited), inherited, is_open
        if wanted == self._wanted:
            self._show_read()
            return
        self._wanted = wanted
        self._media.preview(
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
        """Choose a file without blocking the window."""
        dialog = QFileDialog(self, self.tr("Choose a picture"))
        dialog.setObjectName("choose picture")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([picture_filter(), f"{self.tr('All files')} (*)"])
        dialog.fileSelected.connect(lambda file: self.chosen.emit(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove(self) -> None:
        if self._is_open and self._wanted is not None and not self._inherited:
            self.removed.emit()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.well)
        layout.addWidget(self.words)
        layout.addWidget(self.strange)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.choose)
        line.addWidget(self.frame)
        line.addStretch(1)
        line.addWidget(self.remove)
        layout.addLayout(line)
