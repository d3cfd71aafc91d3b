"""The pictures of a story in the form: dropped in, chosen, searched for, or taken from those of the program."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.commands.story_picture import StoryPicture, dropped_pictures
from svi_studio.document.pictures.picture_files import picture_filter
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.states.model_reach import ModelReach
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.picture_well import PictureWell
from svi_studio.ui.controls.strange_note import StrangeNote
from svi_studio.ui.dialogs.choose_file import choose_files
from svi_studio.ui.storyline.picture_strip import PictureStrip

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
        self._reach: ModelReach | None = None
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
        """Shows these; tells nobody."""
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
        pictures, refusal = dropped_pictures(paths)
        if pictures:
            self.add(pictures)
        else:
            self._say(refusal)

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

    def watch(self, reach: ModelReach) -> None:
        """Says under the pictures when the film's model cannot draw one of them; they are looked at in a thread."""
        self._reach = reach
        self.others_shown.connect(self._judge)
        reach.changed.connect(self._judge)
        self._judge()

    @Slot()
    def _judge(self) -> None:
        judged = self.shown
        self.strange.show_warning("")
        if judged and self._reach is not None:
            self._reach.judge(judged, lambda said: self.strange.show_warning(said) if judged == self.shown else None)

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
        column_of(
            self.well,
            self.strip,
            self.said,
            self.strange,
            row_of(*(self.search, self.own, self.ready_made, self.clear), 1, spacing=6),
            within=self,
            spacing=6,
        )
        self.setFocusProxy(self.own)
