"""The look in force: which scheme, its colours, and the signal that tells everyone when it changes."""

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from svi_studio.ui.theme.colours import SCHEMES, Scheme
from svi_studio.ui.theme.style_sheet import style_sheet

ThemeMode = Literal["light", "dark", "system"]

_ROLES = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text-dim",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.Highlight: "accent-fill",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Light: "hover",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Shadow: "surface",
    QPalette.ColorRole.Accent: "accent-fill",
}
_DIMMED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


class Theme(QObject):
    """Light, dark or whatever the system says. ``changed`` comes after palette and style sheet are in force."""

    changed = Signal()

    def __init__(self, mode: ThemeMode = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode: ThemeMode = mode
        self._scheme: Scheme = "dark"
        self._watching = False

    @property
    def mode(self) -> ThemeMode:
        """What the user chose."""
        return self._mode

    @property
    def scheme(self) -> Scheme:
        """The scheme in force: ``light`` or ``dark``."""
        return self._scheme

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """The colour of that name, with opacity 0..1; KeyError for a name that colours.py does not have."""
        colour = QColor(SCHEMES[self._scheme][name])
        colour.setAlphaF(alpha)
        return colour

    def css(self, name: str) -> str:
        """The colour of that name as ``#rrggbb``, for rich text of our own."""
        return SCHEMES[self._scheme][name]

    def set_mode(self, mode: ThemeMode) -> None:
        """Changes the look of the whole program at once."""
        self._mode = mode
        self.apply()

    def apply(self) -> None:
        """Puts palette and style sheet in force, and follows the system from now on when that is the mode."""
        hints = QGuiApplication.styleHints()
        if not self._watching:
            hints.colorSchemeChanged.connect(self._system_changed)
            self._watching = True
        wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
        hints.setColorScheme(wanted[self._mode])
        self._take_scheme()

    @Slot()
    def _system_changed(self) -> None:
        if self._mode == "system":
            self._take_scheme()

    def _take_scheme(self) -> None:
        before, self._scheme = self._scheme, self._mode if self._mode != "system" else _system_scheme()
        application = QApplication.instance()
        if isinstance(application, QApplication) and not (self._scheme == before and application.styleSheet()):
            application.setPalette(self._palette())
            application.setStyleSheet(style_sheet(SCHEMES[self._scheme]))
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        for role in _DIMMED:
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("text-disabled"))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, self.colour("border"))
        return palette


def _system_scheme() -> Scheme:
    return "light" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"


_current: Theme | None = None


def theme() -> Theme:
    """The one look of this program, made on first use; widgets paint with it and listen to its ``changed``."""
    global _current  # noqa: PLW0603 - one program has one look
    if _current is None:
        _current = Theme()
    return _current
