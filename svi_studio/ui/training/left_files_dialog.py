"""Names the files of a footage folder that are not used, each with the reason."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from svi_studio.domain.training.footage import NotUsed
from svi_studio.ui.dialogs.plain_dialog import PlainDialog

_WIDTH, _HEIGHT = 620, 420


class LeftFilesDialog(PlainDialog):
    """One line a file, which can be copied."""

    def __init__(self, files: Sequence[NotUsed], parent: QWidget | None = None) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("LeftFilesDialog", "Files that are not used"),
            translate("LeftFilesDialog", "Everything else in the folder is a clip or the caption of one."),
            parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_WIDTH, _HEIGHT)
        self.list = QPlainTextEdit(self)
        self.list.setReadOnly(True)
        self.list.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.list.setAccessibleName(self.tr("Files that are not used"))
        self.list.setPlainText("\n".join(f"{file.name}: {file.why}" for file in files))
        self.body.addWidget(self.list, 1)
        self.done_button = self.add_button(self.tr("Done"), primary=True)
        self.done_button.clicked.connect(self.accept)
