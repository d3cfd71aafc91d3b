"""Calm messages above the picture: what was brought back, what is missing, why nothing can be edited, the way out."""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap, keep_icon

Tone = Literal["info", "ok", "warn", "danger"]
Way = tuple[str, Callable[[], object]]
_ICONS: dict[Tone, str] = {"info": "info", "ok": "check", "warn": "warning", "danger": "warning"}
_STRIPE = 4


class Banner(QFrame):
    """One message with buttons for what to do about it, and a cross; ``gone`` comes when that was pressed."""

    gone = Signal()
    left = Signal(str)  # the same with its name, so that nobody needs a closure, which would keep the stack alive

    def __init__(self, tone: Tone, text: str, ways: Sequence[Way] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Tone = tone
        self.clock = QTimer(self, singleShot=True)
        self.clock.timeout.connect(self.gone)
        self.gone.connect(self._tell_name)
        self.setAccessibleName(text)
        self._picture = QLabel(self)
        self._words = QLabel(text, self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._lay_out(ways)
        theme().changed.connect(self._draw_picture)
        self._draw_picture()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._words.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A stripe in the colour of the tone beside a quiet ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("raised"))
        painter.fillRect(0, 0, _STRIPE, self.height(), theme().colour(self._tone))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour("border"))
        painter.end()

    def _lay_out(self, ways: Sequence[Way]) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8, 7)
        row.setSpacing(10)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        for text, call in ways:
            button = QPushButton(text, self)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, call=call: self._take(call))
            row.addWidget(button)
        cross = QToolButton(self)
        keep_icon(cross, "close", "text-dim")
        cross.setToolTip(self.tr("Dismiss"))
        cross.setAccessibleName(self.tr("Dismiss"))
        cross.clicked.connect(self.gone)
        row.addWidget(cross)

    def _take(self, call: Callable[[], object]) -> None:
        self.gone.emit()
        call()

    @Slot()
    def _tell_name(self) -> None:
        self.left.emit(self.objectName())

    def _draw_picture(self) -> None:
        self._picture.setPixmap(icon_pixmap(_ICONS[self._tone], 18, self._tone, self.devicePixelRatioF()))


class BannerStack(QWidget):
    """The banners of one window, newest at the bottom, each under a name so that a newer one takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: dict[str, Banner] = {}
        self.hide()

    @property
    def shown(self) -> dict[str, Banner]:
        """The banners on the screen by name."""
        return dict(self._shown)

    def tell(self, name: str, tone: Tone, text: str, ways: Sequence[Way] = (), seconds: float = 0) -> Banner:
        """Shows ``text`` under ``name``, for ``seconds``, or until dismissed when that is 0."""
        self.dismiss(name)
        banner = Banner(tone, text, ways, self)
        banner.setObjectName(name)
        banner.left.connect(self.dismiss)
        self._shown[name] = banner
        self._column.addWidget(banner)
        self.show()
        if seconds:
            banner.clock.start(round(seconds * 1000))
        QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))
        return banner

    def dismiss(self, name: str) -> None:
        """Takes the banner of that name away, if there is one."""
        banner = self._shown.pop(name, None)
        if banner is not None:
            banner.clock.stop()
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))
