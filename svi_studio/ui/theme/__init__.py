"""How the window looks: named colours, one style sheet, light and dark."""

from svi_studio.ui.theme.theme import Theme, ThemeMode, theme

__all__ = ["Theme", "ThemeMode", "theme"]
