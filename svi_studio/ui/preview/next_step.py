"""The card in the middle of the picture: what the film lacks, and the button that goes on from there."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from svi_studio.document.preview.next_step import NextStep
from svi_studio.ui.actions.window_actions import Actions


class NextStepCard(QFrame):
    """Shows a NextStep in the middle of the picture."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._action: QAction | None = None
        self.setProperty("role", "card")
        self.title, self.text, self.button = QLabel(), QLabel(), QPushButton()
        self.title.setProperty("role", "heading")
        self.text.setProperty("tone", "dim")
        self.button.setProperty("primary", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        for label in (self.title, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.clicked.connect(self._go)
        self.hide()

    def show_step(self, step: NextStep | None) -> None:
        """Shows this step, or nothing."""
        self.setVisible(step is not None)
        if step is None:
            self._follow(None)
            return
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.button.setText(step.button)
        self.button.setVisible(bool(step.action_id))
        self._follow(self._actions.action(step.action_id) if step.action_id else None)
        self.place()

    def place(self) -> None:
        """Stands in the middle of the picture, as wide as words are read well."""
        parent = self.parentWidget()
        if parent is not None:
            width = min(440, parent.width() - 24)
            self.setFixedWidth(max(160, width))
            self.resize(self.width(), self.heightForWidth(self.width()))
            self.move((parent.width() - self.width()) // 2, max(0, (parent.height() - self.height()) // 2))

    def _follow(self, action: QAction | None) -> None:
        """The button is grey while its action is."""
        if action is not self._action:
            if self._action is not None:
                self._action.changed.disconnect(self._show_possible)
            if action is not None:
                action.changed.connect(self._show_possible)
            self._action = action
        self._show_possible()

    @Slot()
    def _show_possible(self) -> None:
        if self._action is not None:
            self.button.setEnabled(self._action.isEnabled())
            self.button.setToolTip(self._action.toolTip())

    def _go(self) -> None:
        if self._action is not None:
            self._action.trigger()
