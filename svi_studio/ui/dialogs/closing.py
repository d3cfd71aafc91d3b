"""Asked when a window is closed while a clip is being made: nothing is lost, whatever the answer."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

_WIDTH = 490


class ClosingChoice(StrEnum):
    """What to do with the render."""

    FINISH_CLIP = "finish_clip"
    STOP_NOW = "stop_now"
    GO_ON_LATER = "go_on_later"
    CANCEL = "cancel"


class ClosingDialog(PlainDialog):
    """Asks what to do with a render when its window closes. ``choice`` is the answer, CANCEL when dismissed.

    ``left`` says how long the clip still takes.
    """

    def __init__(self, clip: str, left: str = "", parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("ClosingDialog", "A clip is rendering"),
            QCoreApplication.translate(
                "ClosingDialog", "{clip} is not done yet. Everything that is finished is kept either way."
            ).format(clip=clip),
            parent,
        )
        self.choice = ClosingChoice.CANCEL
        self.setMinimumWidth(_WIDTH + 48)
        finish = self.tr("The window closes when the clip is done, in {left}.").format(left=left)
        self._offer(
            ClosingChoice.FINISH_CLIP,
            self.tr("Finish this clip"),
            finish if left else self.tr("The window closes when the clip is done."),
        )
        self._offer(
            ClosingChoice.GO_ON_LATER,
            self.tr("Go on next time"),
            self.tr("Stop here. When you open the film again, the render goes on by itself."),
        )
        self._offer(
            ClosingChoice.STOP_NOW,
            self.tr("Stop now"),
            self.tr("Stop here. The queue waits until you start it again."),
        )
        self.add_button(self.tr("Keep the window open"), primary=True).clicked.connect(self.reject)

    def _offer(self, choice: ClosingChoice, title: str, line: str) -> None:
        button = ChoiceButton(title, line, self)
        button.setObjectName(choice.value)
        button.clicked.connect(lambda: self._take(choice))
        self.body.addWidget(button)

    def _take(self, choice: ClosingChoice) -> None:
        self.choice = choice
        self.accept()


class ExportingDialog(PlainDialog):
    """Asked when a window is closed while its film is being exported; accepted = give the export up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("ExportingDialog", "The film is exporting"),
            QCoreApplication.translate(
                "ExportingDialog",
                "Closing the window cancels the export. No partial file is left behind, and the film is safe.",
            ),
            parent,
        )
        self.setMinimumWidth(_WIDTH)
        self.add_button(self.tr("Close and cancel it")).clicked.connect(self.accept)
        self.add_button(self.tr("Keep the window open"), primary=True).clicked.connect(self.reject)


class ChoiceButton(QPushButton):
    """A wide button with a title and a line that says what will happen."""

    def __init__(self, title: str, line: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setAccessibleDescription(line)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = column_of(within=self, spacing=2, margins=(14, 10, 14, 10))
        labels = [plain_label(title, self, ""), plain_label(line, self)]
        labels[0].setProperty("role", "strong")
        for label in labels:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        self._column = column

    def sizeHint(self) -> QSize:
        """As its words need, which Qt does not ask of a button."""
        width = max(self.width(), _WIDTH)
        return QSize(width, self._column.totalHeightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grows when the words break into more lines."""
        super().resizeEvent(event)
        self.setMinimumHeight(self._column.totalHeightForWidth(self.width()))
