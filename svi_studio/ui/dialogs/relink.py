"""Which files of the film are missing, and how to find each of them again."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QWidget

from svi_studio.document.film.missing_media import MissingMedia
from svi_studio.document.pictures.picture_files import picture_patterns
from svi_studio.domain.text.file_endings import SOUND_ENDINGS, VIDEO_ENDINGS
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, empty_layout, plain_label

_MOST_ROWS = 60  # more than anyone chooses one by one


class RelinkDialog(PlainDialog):
    """Stays open while files are missing; closes by itself when all are there again."""

    def __init__(
        self, missing: MissingMedia, place_of: Callable[[str], str] = lambda _: "", parent: QWidget | None = None
    ) -> None:
        """``place_of`` says for a file's name where the film uses it, such as "Picture of clip 3"."""
        super().__init__(
            QCoreApplication.translate("RelinkDialog", "Find missing files"),
            QCoreApplication.translate(
                "RelinkDialog",
                "Choose a folder that may have them: they are recognised by their content, whatever their names are. "
                "Or choose a file for one of them. Found files are copied into the film.",
            ),
            parent,
        )
        self._missing = missing
        self._place_of = place_of
        self.resize(600, 400)
        self._rows = self.add_scrolled(6)
        self._said = plain_label("", self, "warn")
        self._said.hide()
        self.body.addWidget(self._said)
        self.add_button(self.tr("Close")).clicked.connect(self.reject)
        self.add_button(self.tr("Search a folder…"), primary=True).clicked.connect(self._search)
        missing.changed.connect(self._fill)
        missing.refused.connect(self._say)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        empty_layout(self._rows)
        for name in self._missing.names[:_MOST_ROWS]:
            self._rows.addWidget(self._row(name))
        if (more := len(self._missing.names) - _MOST_ROWS) > 0:
            self._rows.addWidget(plain_label(self.tr("and {count} more").format(count=more), self))
        self._rows.addStretch(1)
        if not self._missing.names:
            self.accept()

    def _row(self, name: str) -> QWidget:
        row = QFrame(self)
        row.setProperty("role", "card")
        line = row_of(within=row, margins=(12, 8, 8, 8))
        words = column_of(spacing=1)
        place = self._place_of(name)
        if place:
            words.addWidget(plain_label(place, row, ""))
        file = ElidedLabel(Path(name).name, parent=row)
        file.setProperty("tone", "dim")
        words.addWidget(file)
        line.addLayout(words, 1)
        choose = QPushButton(self.tr("Choose…"), row)
        choose.setAccessibleName(self.tr("Choose a file for {name}").format(name=name))
        choose.setAutoDefault(False)
        choose.clicked.connect(lambda: self._choose(name))
        line.addWidget(choose)
        return row

    def _choose(self, name: str) -> None:
        words = self.tr("Choose a file for {name}").format(name=Path(name).name[:60])
        path, _ = QFileDialog.getOpenFileName(self, words, "", f"{self.tr('Files')} ({self._patterns(name)})")
        if path:
            self._said.hide()
            self._missing.relink(name, Path(path))

    def _patterns(self, name: str) -> str:
        """What the file dialog shows when the missing file ``name`` is looked for."""
        if self._missing.is_picture(name):
            return picture_patterns()
        endings = (*SOUND_ENDINGS, *VIDEO_ENDINGS) if self._missing.is_sound(name) else (Path(name).suffix,)
        return " ".join(f"*{ending} *{ending.upper()}" for ending in endings)

    def _search(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Search a folder"))
        if folder:
            self._said.hide()
            self._missing.relink_from(Path(folder))

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.show()
