"""What a film without clips shows: one sentence and one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from svi_studio.ui.theme.icons import keep_icon


class EmptyState(QWidget):
    """``write_requested`` = the user wants to write the first clip. Drops go through to the timeline behind it."""

    write_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        title = QLabel(self.tr("What happens first?"), self)
        title.setProperty("role", "heading")
        words = QLabel(
            self.tr("Write one sentence for each clip. Or drop a picture or a list of sentences here."), self
        )
        words.setProperty("tone", "dim")
        words.setWordWrap(True)
        self.button = QPushButton(self.tr("Write the first clip"), self)
        self.button.setProperty("primary", True)
        keep_icon(self.button, "plus", "on-accent")
        self.button.clicked.connect(self.write_requested)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch()
        for label in (title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        layout.addSpacing(4)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
