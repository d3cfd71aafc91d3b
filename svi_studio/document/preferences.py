"""What the program remembers of its user's preferences from one start to the next, in one small file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast, get_args

from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

Theme = Literal["system", "light", "dark"]
MAX_RECENT = 12


class Preferences(QObject):
    """The settings of this user: recent films, theme, layout, keys and others by name.

    ``changed`` carries the name of the setting.

    A damaged or missing file counts as empty; one that cannot be written costs the settings, never the work.
    """

    changed = Signal(str)

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file or user_config_path("svi-studio", appauthor=False) / "window.ini"
        self._settings = QSettings(str(self.file), QSettings.Format.IniFormat, self)

    @property
    def theme(self) -> Theme:
        """Light, dark, or as the system has it."""
        theme = self._text("theme", "system")
        return cast(Theme, theme) if theme in get_args(Theme) else "system"

    def set_theme(self, theme: Theme) -> None:
        """Chooses light, dark, or as the system has it."""
        self._put("theme", theme)

    @property
    def recent_films(self) -> tuple[Path, ...]:
        """Films opened lately, newest first; they may be gone by now."""
        named = (Path(name) for name in self._texts("recent_films"))
        return tuple(path for path in named if path.is_absolute())[:MAX_RECENT]  # else it depends on where one starts

    def add_recent_film(self, path: Path) -> None:
        """Puts ``path`` first in the list of recent films, as an absolute path."""
        path = Path(os.path.abspath(path))  # noqa: PTH100 - a link stays a link
        others = [film for film in self.recent_films if film != path]
        self._put("recent_films", [str(film) for film in [path, *others][:MAX_RECENT]])

    def forget_recent_film(self, path: Path) -> None:
        """Takes ``path`` off the list."""
        self._put("recent_films", [str(film) for film in self.recent_films if film != path])

    def forget_recent_films(self) -> None:
        """Empty the list."""
        self._put("recent_films", [])

    def bytes(self, name: str) -> QByteArray:
        """A layout or a geometry that was kept under ``name``; empty when there is none."""
        value = self._settings.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_bytes(self, name: str, value: QByteArray) -> None:
        """Keeps a layout or a geometry."""
        self._put(f"layout/{name}", value)

    def forget_layout(self) -> None:
        """Back to the layout that the program comes with."""
        self._settings.remove("layout")
        self.changed.emit("layout")

    @property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """The user's own keys: portable key texts by the id of their action; an empty tuple takes all keys away."""
        self._settings.beginGroup("keys")
        names = self._settings.childKeys()
        self._settings.endGroup()
        return {name: self._texts(f"keys/{name}") for name in names}

    def set_keys(self, action: str, keys: tuple[str, ...] | None) -> None:
        """Sets the user's own keys of one action; None = the program's own."""
        self._put(f"keys/{action}", None if keys is None else list(keys))

    def text(self, name: str, default: str = "") -> str:
        """The setting ``name`` as a text."""
        return self._text(f"wishes/{name}", default)

    def set_text(self, name: str, value: str) -> None:
        """Stores the setting ``name`` as a text."""
        self._put(f"wishes/{name}", value)

    def flag(self, name: str, default: bool = False) -> bool:
        """The setting ``name`` as yes or no."""
        return self.text(name, "yes" if default else "no") == "yes"

    def set_flag(self, name: str, value: bool) -> None:
        """Stores the setting ``name`` as yes or no."""
        self.set_text(name, "yes" if value else "no")

    def sync(self) -> None:
        """Writes what is not written yet; Qt does so by itself a moment later too."""
        self._settings.sync()

    def _text(self, name: str, default: str) -> str:
        value = self._settings.value(name, default)
        return value if isinstance(value, str) else default

    def _texts(self, name: str) -> tuple[str, ...]:
        value = self._settings.value(name)
        if isinstance(value, str):  # Qt reads a list of one as a text
            return (value,) if value else ()
        return tuple(part for part in value if isinstance(part, str)) if isinstance(value, list) else ()

    def _put(self, name: str, value: object) -> None:
        if value is None:
            self._settings.remove(name)
        else:
            self._settings.setValue(name, value)
        self.changed.emit(name.partition("/")[0])
