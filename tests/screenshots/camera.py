"""Takes pictures of real windows: light and dark, in the sizes of a small and of a large screen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.theme import ThemeMode
from tests.journey.user import User

SIZES = ((1280, 800), (1920, 1080))
THEMES: tuple[ThemeMode, ...] = ("light", "dark")
SETTLE_SECONDS = 0.5


class Camera:
    """Writes ``NAME-THEME-WIDTH.png`` into ``folder``; dialogs keep their own size."""

    def __init__(self, folder: Path, user: User) -> None:
        self._folder, self._user = folder, user
        folder.mkdir(parents=True, exist_ok=True)

    def window(self, name: str, window: QWidget, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
        """All the pictures of a window."""
        for mode in THEMES:
            for width, height in sizes:
                theme().set_mode(mode)
                window.resize(width, height)
                self._user.look(SETTLE_SECONDS)
                self._save(window, f"{name}-{mode}-{width}")

    def keep(self, name: str, dialog: QWidget) -> None:
        """A dialog, light and dark; it stays open."""
        for mode in THEMES:
            theme().set_mode(mode)
            self._user.look(SETTLE_SECONDS)
            self._save(dialog, f"{name}-{mode}")

    def dialog(self, name: str, dialog: QWidget) -> None:
        """A dialog, light and dark; it is closed then."""
        self.keep(name, dialog)
        dialog.close()
        self._user.look()

    def _save(self, widget: QWidget, name: str) -> None:
        path = self._folder / f"{name}.png"
        if not widget.grab().save(str(path)):
            raise OSError(f"{path} was not written")
        print(path, flush=True)
