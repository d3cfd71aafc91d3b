"""Asked when a window is closed while the disk refuses the last edits."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label


class UnsavedDialog(PlainDialog):
    """``close_anyway`` after it has closed: the user gives the last edits up."""

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("UnsavedDialog", "The last edits are not on the disk"), sentence, parent
        )
        self.close_anyway = False
        self.setMinimumWidth(480)
        rest = self.tr("As long as the window is open they are kept, and written as soon as the disk takes them.")
        self.body.addWidget(plain_label(rest, self))
        self.add_button(self.tr("Close and lose them"), left=True, danger=True).clicked.connect(self._close_anyway)
        self.add_button(self.tr("Keep open and try again"), primary=True).clicked.connect(self.reject)

    def _close_anyway(self) -> None:
        self.close_anyway = True
        self.accept()
