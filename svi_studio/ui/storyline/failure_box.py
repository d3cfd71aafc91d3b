"""Why a story ended early: one sentence, the ways on, and the writer's own answer at hand for those who want it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QPushButton, QWidget

from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import Gap, column_of, row_of
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_RAW_HEIGHT = 160


class FailureBox(QFrame):
    """``again_wanted`` asks to try once more, ``templates_wanted`` to let the templates write."""

    again_wanted = Signal()
    templates_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.mark = QLabel(self)
        self.sentence = note_label(parent=self)
        self.sentence.setProperty("tone", "")
        self.again = QPushButton(self.tr("Try again"), self)
        self.templates = QPushButton(self.tr("Use templates instead"), self)
        self.show_raw = QPushButton(self.tr("Show the answer"), self)
        self.raw = QPlainTextEdit(self)
        self._lay_out()
        self.again.clicked.connect(self.again_wanted)
        self.templates.clicked.connect(self.templates_wanted)
        self.show_raw.toggled.connect(self._turn)
        theme().changed.connect(self._draw)
        self._draw()
        self.hide()

    def show_failure(self, desk: StoryDesk) -> None:
        """Says why the desk's story ended early; hidden when it did not."""
        failure = desk.failure
        self.setVisible(failure is not None)
        if failure is None:
            return
        self.sentence.setText(failure.sentence)
        self.sentence.show()
        self.setAccessibleName(failure.sentence)
        self.templates.setVisible(desk.can_use_templates)
        self.show_raw.setVisible(bool(failure.raw))
        if self.raw.toPlainText() != failure.raw:
            self.raw.setPlainText(failure.raw)
        if not failure.raw:
            self.show_raw.setChecked(False)

    def _turn(self, shown: bool) -> None:
        self.raw.setVisible(shown)
        self.show_raw.setText(self.tr("Hide the answer") if shown else self.tr("Show the answer"))

    def _draw(self) -> None:
        self.mark.setPixmap(icon_pixmap("warning", 20, "warn", self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        self.raw.setReadOnly(True)
        self.raw.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.raw.setFixedHeight(_RAW_HEIGHT)
        self.raw.setAccessibleName(self.tr("The writer's answer, word for word"))
        self.raw.hide()
        self.show_raw.setCheckable(True)
        column_of(
            row_of((self.mark, 0, Qt.AlignmentFlag.AlignTop), (self.sentence, 1), spacing=10),
            row_of(Gap(30), *(self.again, self.templates, self.show_raw), 1, spacing=8),
            self.raw,
            within=self,
            spacing=10,
            margins=(14, 12, 14, 12),
        )
