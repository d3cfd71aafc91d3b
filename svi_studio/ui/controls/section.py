"""A part of a panel under a heading that folds: closed, it takes one line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.theme.icons import keep_icon


class Section(QWidget):
    """A heading that opens and closes the widgets in ``body``."""

    def __init__(self, title: str, is_open: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QToolButton(self)
        self.heading.setText(title)
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.setProperty("role", "fold")
        self._content = QWidget(self)
        self.body = column_of(within=self._content, spacing=10, margins=(0, 4, 0, 0))
        column_of(self.heading, self._content, within=self, spacing=0)
        self.heading.setAccessibleName(title)
        self.heading.toggled.connect(self._show)
        self.set_open(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the content shows."""
        return self.heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Opens or closes it."""
        self.heading.setChecked(is_open)
        self._show()

    def set_title(self, title: str) -> None:
        """Another heading."""
        self.heading.setText(title)
        self.heading.setAccessibleName(title)

    def _show(self) -> None:
        is_open = self.heading.isChecked()
        keep_icon(self.heading, "chevron-down" if is_open else "chevron-right", "text-dim")
        self._content.setVisible(is_open)
