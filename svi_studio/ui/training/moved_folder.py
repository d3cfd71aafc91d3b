"""The folder of a training's footage, and a button for the folder that it was moved to."""

from PySide6.QtCore import QDir, Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from svi_studio.ui.controls.layouts import row_of


class MovedFolder(QWidget):
    """``value`` is the folder that was chosen, absolute; the one from before as long as none was."""

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = folder
        self.line = QLineEdit(self)
        self.line.setReadOnly(True)
        self.line.setAccessibleName(self.tr("Footage"))
        self.choose = QPushButton(self.tr("Choose…"), self)
        self.choose.clicked.connect(self._ask)
        row_of((self.line, 1), self.choose, within=self, spacing=6)
        self._show()

    @Slot()
    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Where its videos lie now"), self.value)
        if folder:
            self.value = folder
            self._show()

    def _show(self) -> None:
        self.line.setText(QDir.toNativeSeparators(self.value))
        self.line.setToolTip(self.line.text())
