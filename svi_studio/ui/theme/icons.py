"""The icons of the window: our own drawings in resources/icons, in a colour of the theme, sharp on every screen."""

from functools import cache
from typing import Protocol
from weakref import WeakSet, finalize, ref

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from svi_studio.resource_files import resource_path
from svi_studio.ui.theme import theme

_SIZES = (16, 20, 24, 32, 48)  # pixels; a dense screen takes the picture of twice the size
_GREY_SIZES = (16, 24, 32)

_icons: dict[tuple[str, str, str], QIcon] = {}


class TakesIcon(Protocol):
    """A button, an action: whatever has ``setIcon``."""

    def setIcon(self, icon: QIcon, /) -> None:
        """Shows this icon."""


def icon(name: str, colour: str = "text") -> QIcon:
    """The drawing ``resources/icons/NAME.svg`` in the theme's present ``colour``; FileNotFoundError without one.

    It keeps its colour when the theme changes: ask again then, or let ``keep_icon`` do that.
    """
    key = (theme().scheme, name, colour)
    if key not in _icons:
        _icons[key] = _draw(name, colour)
    return _icons[key]


def icon_pixmap(name: str, size: int, colour: str = "text", ratio: float = 1.0) -> QPixmap:
    """The same drawing as a picture of ``size`` logical pixels for a screen of that device pixel ratio."""
    pixmap = _pixmap(_drawing(name, colour), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def keep_icon(target: TakesIcon, name: str, colour: str = "text") -> None:
    """Sets the icon of an action or a button now, and again whenever the theme changes; the last call counts."""
    target.setIcon(icon(name, colour))
    assert isinstance(target, QObject)  # noqa: S101 - what has setIcon and lives long is a QObject
    _keeper().keep(target, name, colour)


class _Keeper:
    """Remembers who shows which icon, for as long as they live."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[QObject], str, str]] = {}
        self._known: WeakSet[QObject] = WeakSet()
        theme().changed.connect(self._again)

    def keep(self, target: QObject, name: str, colour: str) -> None:
        """Remembers which icon ``target`` shows, until ``target`` is destroyed."""
        key = id(target)
        if target not in self._known:
            self._known.add(target)
            finalize(target, self._kept.pop, key, None)
        self._kept[key] = (ref(target), name, colour)

    def _again(self) -> None:
        for key, (target, name, colour) in self._kept.copy().items():  # a list would let the collector in
            widget = target()
            try:
                if widget is not None:
                    widget.setIcon(icon(name, colour))  # type: ignore[attr-defined]
            except RuntimeError:  # Qt deleted it while Python still knows its name
                self._kept.pop(key, None)


@cache
def _keeper() -> _Keeper:
    return _Keeper()


def _draw(name: str, colour: str) -> QIcon:
    drawn = QIcon()
    for tint, sizes, mode in (
        (colour, _SIZES, QIcon.Mode.Normal),
        ("text-disabled", _GREY_SIZES, QIcon.Mode.Disabled),
    ):
        drawing = _drawing(name, tint)
        for size in sizes:
            drawn.addPixmap(_pixmap(drawing, size), mode)
    return drawn


def _drawing(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", theme().css(colour)).encode()))


def _pixmap(drawing: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


@cache
def _source(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
