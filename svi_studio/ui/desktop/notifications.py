"""Messages of the desktop when a clip or the film is done, or has failed, while the window is not looked at."""

from collections.abc import Callable
from enum import StrEnum
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from svi_studio.ui.desktop.bring_forward import bring_forward

CLIP_PAUSE = 60.0  # seconds: quick clips must not become a shower of messages
_SHOWN_MS = 10_000


class NoticeKind(StrEnum):
    """What a message is about; each can be switched off on its own."""

    CLIP_DONE = "clip_done"
    FILM_DONE = "film_done"
    FAILED = "failed"
    EXPORT_DONE = "export_done"
    TRAINING_DONE = "training_done"


class Flags(Protocol):
    """Where the user's flags are kept."""

    def flag(self, name: str, default: bool = False) -> bool:
        """A setting that is yes or no."""


class Tray(QObject):
    """The desktop's message area. Its icon is there only from a message until the window is looked at again."""

    clicked = Signal()

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.messageClicked.connect(self.clicked)
        self._icon.activated.connect(lambda _reason: self.clicked.emit())

    @staticmethod
    def is_there() -> bool:
        """Whether this desktop has such a place, and shows messages there."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def show_message(self, title: str, text: str, *, failed: bool) -> None:
        """Shows it for some seconds."""
        self._icon.setToolTip(title)
        self._icon.show()
        kind = QSystemTrayIcon.MessageIcon.Warning if failed else QSystemTrayIcon.MessageIcon.Information
        self._icon.showMessage(title, text, kind, _SHOWN_MS)

    def hide(self) -> None:
        """Takes the icon away."""
        self._icon.hide()


class Notifications(QObject):
    """Tells the desktop what the window would tell, as long as nobody looks at the window.

    ``make_tray`` is called for the first message that is to be shown and gives None where there is no such place.
    """

    def __init__(self, window: QWidget, flags: Flags, make_tray: Callable[[], Tray | None] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._flags = flags
        self._make_tray = make_tray or self._own_tray
        self._tray: Tray | None = None
        self._tried = False
        self._last_clip = -CLIP_PAUSE
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._state_changed)

    @staticmethod
    def flag_name(kind: NoticeKind) -> str:
        """The name under which the flag for this kind is kept."""
        return f"notify_{kind.value}"

    @staticmethod
    def by_default(kind: NoticeKind) -> bool:
        """Whether there are such messages until said otherwise: a film tells its end, and not each of its clips."""
        return kind is not NoticeKind.CLIP_DONE

    def wants(self, kind: NoticeKind) -> bool:
        """Whether the user wants messages of this kind."""
        return self._flags.flag(self.flag_name(kind), default=self.by_default(kind))

    def clip_done(self, number: int, total: int, title: str) -> None:
        """Clip ``number``, counted from 1, of ``total`` is done. At most one such message a minute."""
        now = monotonic()
        if now - self._last_clip >= CLIP_PAUSE and self._tell(
            NoticeKind.CLIP_DONE, self.tr("Clip {number} of {total} is done").format(number=number, total=total), title
        ):
            self._last_clip = now

    def film_done(self, title: str, clips: str) -> None:
        """A queued render is done; ``clips`` says which, such as ``clips 3 to 7``."""
        self._tell(NoticeKind.FILM_DONE, self.tr("The render is done"), _named(title, clips))

    def failed(self, title: str, sentence: str) -> None:
        """A render or an export has failed, and why."""
        self._tell(NoticeKind.FAILED, title or self.tr("The render has stopped"), sentence)

    def export_done(self, title: str, file: str) -> None:
        """The film lies at ``file``."""
        self._tell(NoticeKind.EXPORT_DONE, self.tr("The film is saved"), _named(title, file))

    def training_done(self, name: str) -> None:
        """The LoRA called ``name`` is trained."""
        self._tell(NoticeKind.TRAINING_DONE, self.tr("The training is done"), name)

    def _tell(self, kind: NoticeKind, title: str, text: str) -> bool:
        if not self.wants(kind) or QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive:
            return False
        if kind is not NoticeKind.CLIP_DONE:
            QApplication.alert(self._window)
        tray = self._place()
        if tray is None:
            return False
        tray.show_message(title, text, failed=kind is NoticeKind.FAILED)
        return True

    def _place(self) -> Tray | None:
        if not self._tried:
            self._tried = True
            self._tray = self._make_tray()
            if self._tray is not None:
                self._tray.clicked.connect(self._come_forward)
        return self._tray

    def _own_tray(self) -> Tray | None:
        return Tray(self._window.windowIcon(), self) if Tray.is_there() else None

    @Slot(Qt.ApplicationState)
    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self._tray is not None:
            self._tray.hide()

    @Slot()
    def _come_forward(self) -> None:
        bring_forward(self._window)


def _named(title: str, rest: str) -> str:
    return f"{title}: {rest}" if title else rest
