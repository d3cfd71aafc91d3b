"""The line at the bottom of the window: what is being saved, rendered and exported, and the last word on an edit."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QStatusBar, QWidget

from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

Tone = Literal["text-dim", "ok", "warn", "danger", "accent"]
Part = Literal["sound", "story", "training", "models", "export", "render", "save"]
_MESSAGE_MS = 8000


class _Part(QWidget):
    """An icon, a few words and, when something has a length, how far it is."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._icon = ""
        self._tone: Tone = "text-dim"
        self._picture = QLabel(self)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("tone", "dim")
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(name)
        self._bar.setFixedWidth(90)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(6)
        for widget in (self._picture, self._words, self._bar):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.hide()

    @property
    def text(self) -> str:
        return self._words.text()

    def show_words(self, text: str, icon: str, tone: Tone, fraction: float | None) -> None:
        self._icon, self._tone = icon, tone
        self._words.setText(text)
        self._words.setToolTip(plain_tool_tip(text))
        self._words.setAccessibleName(text)
        self._bar.setVisible(fraction is not None)
        self._bar.setValue(round((fraction or 0) * 1000))
        self.draw_picture()
        self.setVisible(bool(text))

    def draw_picture(self) -> None:
        if self._icon:
            self._picture.setPixmap(icon_pixmap(self._icon, 14, self._tone, self.devicePixelRatioF()))


class StatusLine(QStatusBar):
    """``tell`` for a passing sentence; ``show_part`` for what goes on; ``show_saving`` for how far the edits are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Status"))
        self.setSizeGripEnabled(False)
        names = {
            "sound": self.tr("Sound"),
            "story": self.tr("Story"),
            "training": self.tr("Training"),
            "models": self.tr("Models"),
            "export": self.tr("Export"),
            "render": self.tr("Rendering"),
            "save": self.tr("Saving"),
        }
        self._parts = {name: _Part(words, self) for name, words in names.items()}
        for part in self._parts.values():
            self.addPermanentWidget(part)
        theme().changed.connect(self._draw_pictures)

    def tell(self, sentence: str) -> None:
        """Shows ``sentence`` for some seconds."""
        self.showMessage(sentence, _MESSAGE_MS)

    def text(self, part: Part) -> str:
        """The words of one part; empty when nothing goes on there."""
        return self._parts[part].text

    def show_part(
        self, part: Part, text: str, icon: str = "", tone: Tone = "text-dim", fraction: float | None = None
    ) -> None:
        """Says in a few words what goes on there, with how far it is (0..1); an empty text hides the part."""
        self._parts[part].show_words(text, icon, tone, fraction)

    def show_saving(self, state: SaveState) -> None:
        """Whether the disk has every edit."""
        if state.kind is SaveKind.FAILED:
            self.show_part("save", self.tr("Not saved"), "warning", "danger")
        elif state.kind is SaveKind.SAVING:
            self.show_part("save", self.tr("Saving…"), "save")
        else:
            self.show_part("save", self.tr("Saved"), "check", "ok")

    def _draw_pictures(self) -> None:
        for part in self._parts.values():
            part.draw_picture()
