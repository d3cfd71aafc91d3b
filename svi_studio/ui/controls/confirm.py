"""A question before something that cannot be undone; it never blocks the window."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from svi_studio.ui.controls.look import set_look


def ask(parent: QWidget, question: str, details: str, answer: str, then: Callable[[], object]) -> QMessageBox:
    """Asks ``question``; ``answer`` is the word on the button that lets ``then`` happen, the other one is "Cancel"."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(details)
    yes = box.addButton(answer, QMessageBox.ButtonRole.AcceptRole)
    set_look(yes, "danger", True)
    no = box.addButton(QCoreApplication.translate("Confirm", "Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    yes.clicked.connect(then)
    box.open()
    return box
