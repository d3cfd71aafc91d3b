"""Keeps windows where the user can get at them: a screen that was there last time may be gone."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_TITLE = 32  # pixels at the top by which a window is moved
_GRIP = 120  # pixels of them that must be in sight


def placed(frame: QRect, screens: Sequence[QRect]) -> QRect:
    """``frame``, a window with its title bar, as it is if the title can be reached on one of ``screens``.

    Else it is moved, and made smaller where it must be, into the screen that shows most of it, or the first one.
    """
    title = QRect(frame.left(), frame.top(), frame.width(), _TITLE)
    if not screens or any(_is_reached(title, screen) for screen in screens):
        return frame
    screen = max(screens, key=lambda each: _area(each.intersected(frame)))
    size = frame.size().boundedTo(screen.size())
    left = min(max(frame.left(), screen.left()), screen.right() + 1 - size.width())
    top = min(max(frame.top(), screen.top()), screen.bottom() + 1 - size.height())
    return QRect(left, top, size.width(), size.height())


def keep_on_screen(window: QWidget) -> None:
    """Moves ``window`` so that its title bar can be reached."""
    frame, inside = window.frameGeometry(), window.geometry()
    found = placed(frame, [screen.availableGeometry() for screen in QGuiApplication.screens()])
    if found == frame:
        return
    border = QSize(frame.width() - inside.width(), frame.height() - inside.height())
    window.resize(found.size() - border)
    window.move(found.topLeft())


def _is_reached(title: QRect, screen: QRect) -> bool:
    seen = screen.intersected(title)
    return title.top() >= screen.top() and seen.height() >= _TITLE // 2 and seen.width() >= min(_GRIP, title.width())


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())
