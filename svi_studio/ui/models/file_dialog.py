"""The answer to "What is this file?": what it holds, whether it can be used, and what to do with it."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.document.models.file_words import facts, kind_title, short_path, what_it_is
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_NETWORKS = ("transformer", "vae", "text_encoder", "tokenizer", "picture_encoder")


class FileDialog(PlainDialog):
    """Opened at once; ``show_row`` or ``show_problem`` fill it. ``look_wanted`` brings the folder to look through.

    ``lora_wanted``: the LoRA shall go into the film.
    """

    look_wanted = Signal(object)
    lora_wanted = Signal(object)

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.path = path
        self.setWindowTitle(self.tr("What is this file?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        heading = self.findChildren(QLabel)[0]
        heading.setText(visible(path.name))
        heading.setWordWrap(True)
        self.setAccessibleName(path.name)
        self.kind = plain_label(self.tr("Looking at it…"), self, "")
        self.kind.setProperty("role", "strong")
        self.facts = plain_label("", self)
        self.verdict = plain_label("", self, "")
        self.place = plain_label(short_path(path.parent), self)
        for label in (self.kind, self.facts, self.verdict, self.place):
            self.body.addWidget(label)
        self.facts.hide()
        self.verdict.hide()
        self.body.addStretch(1)
        self.add_button(self.tr("Show its folder"), left=True).clicked.connect(lambda: open_with_system(path.parent))
        self._close = self.add_button(self.tr("Close"))
        self._close.clicked.connect(self.accept)

    def show_row(self, row: ModelFile, *, can_add: bool) -> None:
        """Says what it is; ``can_add``: there is a film that a LoRA can go into."""
        self.kind.setText(kind_title(row))
        self.facts.setText(visible(facts(row)))
        self.facts.setVisible(bool(self.facts.text()))
        self.verdict.setText(visible(what_it_is(row)))
        self.verdict.setProperty("tone", "" if row.usable and not row.asks else "warn")
        self.verdict.style().polish(self.verdict)
        self.verdict.show()
        if row.usable and row.kind == "lora" and can_add:
            add = self.add_button(self.tr("Add to the film"), primary=True)
            add.clicked.connect(lambda: self.lora_wanted.emit(self.path))
            add.clicked.connect(self.accept)
        elif row.usable and row.kind in _NETWORKS:
            look = self.add_button(self.tr("See what it makes with the files around it"), primary=True)
            look.clicked.connect(lambda: self.look_wanted.emit(_around(self.path)))
            look.clicked.connect(self.accept)

        self._fit_words()

    def show_problem(self, sentence: str) -> None:
        """Says why nobody knows."""
        self.kind.setText(self.tr("It could not be looked at"))
        self.verdict.setText(visible(sentence))
        self.verdict.show()
        self._fit_words()

    def _fit_words(self) -> None:
        """Grows to what there is to read now."""
        QTimer.singleShot(0, self, self.adjustSize)


def _around(path: Path) -> Path:
    """The folder to look through: that of all models, where the file lies in one of its kinds."""
    for folder in path.parents[:4]:
        if folder.name.casefold() in {"models", "ckpts", "split_files"}:
            return folder
    return path.parent
