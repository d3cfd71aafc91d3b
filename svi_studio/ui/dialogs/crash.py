"""Shown when something unforeseen happened: what is safe, where the log is, and what it says."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label


class CrashDialog(PlainDialog):
    """``quit_wanted`` tells, after it has closed, whether the user wants to end the program."""

    def __init__(self, text: str, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("CrashDialog", "Something went wrong"),
            QCoreApplication.translate(
                "CrashDialog",
                "This is a fault of the program. Your film is kept on the disk up to the last edit, and so is every "
                "finished clip. You can try to go on, or quit and open the film again.",
            ),
            parent,
        )
        self.quit_wanted = False
        self._text = text
        self._log = log
        self.resize(680, 460)
        self._add_details()
        self.add_button(self.tr("Copy"), left=True).clicked.connect(self._copy)
        self.add_button(self.tr("Show the file"), left=True).clicked.connect(self._show_file)
        self.add_button(self.tr("Quit")).clicked.connect(self._quit)
        self.add_button(self.tr("Go on"), primary=True).clicked.connect(self.accept)

    def _add_details(self) -> None:
        details = QPlainTextEdit(self._text, self)
        details.setReadOnly(True)
        details.setAccessibleName(self.tr("What went wrong"))
        details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.body.addWidget(details, 1)
        where = self.tr("Nothing was sent to anyone. The same text is in {file}.").format(file=self._log)
        self.body.addWidget(plain_label(where, self))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def _show_file(self) -> None:
        open_with_system(self._log.parent)

    def _quit(self) -> None:
        self.quit_wanted = True
        self.accept()
