"""A chat model in a folder of this computer."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from svi_studio.document.story.writer_choice import WriterChoice
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.dialogs.choose_file import choose_folder


class LocalForm(QWidget):
    """``changed`` comes with another folder or way to load it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, use: str = "") -> None:
        """``use`` says when it is loaded; empty = for a story."""
        super().__init__(parent)
        self.folder = LineBox(4000, self)
        self.choose = QPushButton(self.tr("Choose…"), self)
        self.in_4_bits = QCheckBox(self.tr("Load it in 4 bits: less memory, slightly weaker writing"), self)
        row = QWidget(self)
        row_of((self.folder, 1), self.choose, within=row, spacing=6)
        row.setFocusProxy(self.folder)
        self.folder.setAccessibleName(self.tr("Folder of the model"))
        self.folder.setPlaceholderText(self.tr("A folder with Qwen2.5-VL or a newer Qwen-VL"))
        words = use or self.tr("It is loaded for the story and unloaded before a film renders.")
        column_of(Field(self.tr("Folder of the model"), row, words), self.in_4_bits, within=self, spacing=10)
        self.folder.edited.connect(self.changed)
        self.in_4_bits.toggled.connect(self.changed)
        self.choose.clicked.connect(self._ask)

    def show_choice(self, choice: WriterChoice) -> None:
        """Shows what was chosen last."""
        self.folder.show_text(choice.folder)
        self.in_4_bits.setChecked(choice.in_4_bits)

    def choice(self, before: WriterChoice) -> WriterChoice:
        """``before`` with what is chosen here."""
        return before.but(folder=self.folder.text().strip(), in_4_bits=self.in_4_bits.isChecked())

    @Slot()
    def _ask(self) -> None:
        def take(folder: str) -> None:
            self.folder.show_text(str(Path(folder)))
            self.changed.emit()

        choose_folder(self, self.tr("Folder of the model"), take)
