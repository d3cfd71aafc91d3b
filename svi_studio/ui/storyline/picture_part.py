"""The pictures of a story in the form: dropped in, chosen, searched for, or taken from those of the program."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from svi_studio.document.dropped import tell_kind
from svi_studio.document.picture_files import picture_filter
from svi_studio.document.story_picture import StoryPicture
from svi_studio.media.pictures.kinds import kind_words
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.picture_well import PictureWell
from svi_studio.ui.controls.strange_note import StrangeNote
from svi_studio.ui.storyline.choose_file import choose_files
from svi_studio.ui.storyline.picture_strip import PictureStrip
from svi_studio.ui.thumbnails import Thumbnails

MOST_PICTURES = 20
_HEIGHT = 120


class PicturePart(QWidget):
    """``changed`` comes when other pictures are chosen, ``others_shown`` also when the film has another one.

    ``search_wanted`` and ``ready_made_wanted`` ask for more.
    """

    changed = Signal()
    others_shown = Signal()
    search_wanted = Signal()
    ready_made_wanted = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._inherited: Path | None = None
        self.pictures: tuple[StoryPicture, ...] = ()
        self.well = PictureWell(self)
        self.well.setMaximumHeight(_HEIGHT)
        self.strip = PictureStrip(thumbnails, self)
        self.said = note_label(parent=self)
        self.strange = StrangeNote(self, has_ready_made=False)
        self.search = QPushButton(self.tr("Search…"), self)
        self.own = QPushButton(self.tr("Choose…"), self)
        self.ready_made = QPushButton(self.tr("Ready-made…"), self)
        self.clear = QPushButton(self.tr("Remove all"), self)
        self._lay_out()
        self.well.pressed.connect(self._ask)
        self.well.dropped.connect(lambda path: self._add([path]))
        self.strip.dropped.connect(self._add)
        self.strip.removed.connect(self._remove)
        self.own.clicked.connect(self._ask)
        self.search.clicked.connect(self.search_wanted)
        self.ready_made.clicked.connect(self.ready_made_wanted)
        self.clear.clicked.connect(lambda: self._take(()))
        thumbnails.ready.connect(self._picture_came)
        self._show()

    def show_pictures(self, pictures: Sequence[StoryPicture]) -> None:
        """Show these; tells nobody."""
        self.pictures = tuple(pictures)[:MOST_PICTURES]
        self._show()

    def show_inherited(self, path: Path | None) -> None:
        """The picture that the story starts from when none is chosen here; None = there is none."""
        if path != self._inherited:
            self._inherited = path
            self._show()

    def add(self, pictures: Sequence[StoryPicture]) -> None:
        """These come to those that are here."""
        known = {picture.path for picture in self.pictures}
        self._take((*self.pictures, *(picture for picture in pictures if picture.path not in known)))

    def _take(self, pictures: Sequence[StoryPicture]) -> None:
        self.show_pictures(pictures)
        self.changed.emit()

    def _add(self, paths: Sequence[Path]) -> None:
        found = tell_kind(paths)
        if found.kind == "pictures":
            self.add([StoryPicture(path) for path in found.paths])
        else:
            self._say(found.sentence or self.tr("Only pictures can be used here: {kinds}.").format(kinds=kind_words()))

    @Slot(int)
    def _remove(self, place: int) -> None:
        self._take([picture for k, picture in enumerate(self.pictures) if k != place])

    @Slot()
    def _ask(self) -> None:
        choose_files(
            self, self.tr("Choose pictures"), picture_filter(), lambda files: self._add([Path(file) for file in files])
        )

    @Slot(str)
    def _picture_came(self, path: str) -> None:
        if self._inherited is not None and path == str(self._inherited):
            self._show_well()

    def _show(self) -> None:
        some = bool(self.pictures)
        self.strip.setVisible(some)
        self.well.setVisible(not some)
        self.clear.setVisible(some)
        self.strip.show_pictures(self.pictures)
        self._show_well()
        self._say(self._words())
        self.others_shown.emit()

    @property
    def shown(self) -> tuple[Path, ...]:
        """The pictures that the story starts from now: those chosen here, else the film's."""
        own = tuple(picture.path for picture in self.pictures)
        return own or (() if self._inherited is None else (self._inherited,))

    def _show_well(self) -> None:
        found = self._thumbnails.pixmap(self._inherited, _HEIGHT) if self._inherited is not None else None
        if found is not None:
            image: QImage = found.toImage()
            self.well.show_picture(image, faint=True)
        else:
            self.well.show_words(self.tr("Drop a picture here, or click to choose one"))
        self.well.setAccessibleName(self.tr("Start picture of the story"))

    def _words(self) -> str:
        if len(self.pictures) > 1:
            return self.tr("The story starts from the first picture; the others are for scene changes.")
        if self.pictures:
            return self.pictures[0].words
        return self.tr("The film's start picture") if self._inherited is not None else ""

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.well)
        column.addWidget(self.strip)
        column.addWidget(self.said)
        column.addWidget(self.strange)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.search, self.own, self.ready_made, self.clear):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.setFocusProxy(self.own)
