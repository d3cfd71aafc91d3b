"""The menu bar: every action of the table in its menu, the recent films, the panels."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from svi_studio.ui.actions.action_table import MENUS, ROWS
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu

_RECENT_AFTER = "film.open"
_PANELS_BEFORE = "view.next_panel"
_THEMES = ("view.theme_light", "view.theme_dark", "view.theme_system")


class Menus(QObject):
    """Fills ``bar``. ``recent`` gives the recent films each time the menu opens; ``open_film`` opens one."""

    def __init__(
        self,
        bar: QMenuBar,
        actions: Actions,
        recent: Callable[[], Sequence[Path]],
        open_film: Callable[[Path], object],
        forget: Callable[[], object],
    ) -> None:
        super().__init__(bar)
        self._actions, self._recent, self._open_film, self._forget = actions, recent, open_film, forget
        self._menus = {name: KeyMenu(QCoreApplication.translate("Actions", title), bar) for name, title in MENUS}
        for menu in self._menus.values():
            bar.addMenu(menu)
        self._themes = KeyMenu(self.tr("Appearance"), bar)
        self._panels = KeyMenu(self.tr("Panels"), bar)
        self._recent_menu = KeyMenu(self.tr("Open recent"), bar)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        self._fill()

    def menu(self, name: str) -> QMenu:
        """The menu film, edit, clip, take, play, sound, view, render or help."""
        return self._menus[name]

    def add_panel(self, toggle: QAction) -> None:
        """Adds an action that shows and hides a panel."""
        self._panels.addAction(toggle)
        self._panels.menuAction().setVisible(True)

    def _fill(self) -> None:
        last = ""
        for row in ROWS:
            if not row.id:
                if last:
                    self._menus[last].addSeparator()
                continue
            last = row.menu
            menu = self._themes if row.id in _THEMES else self._menus[row.menu]
            if row.id == _THEMES[0]:
                self._menus["view"].addMenu(self._themes)
            if row.id == _PANELS_BEFORE:
                self._menus["view"].addMenu(self._panels)
                self._panels.menuAction().setVisible(False)
            menu.addAction(self._actions.action(row.id))
            if row.id == _RECENT_AFTER:
                self._menus["film"].addMenu(self._recent_menu)

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        films = self._recent()
        for film in films:
            entry = self._recent_menu.addAction(film.stem.replace("&", "&&"))
            entry.setStatusTip(str(film))
            entry.triggered.connect(lambda _checked=False, film=film: self._open_film(film))
        if films:
            self._recent_menu.addSeparator()
            self._recent_menu.addAction(self.tr("Clear this list")).triggered.connect(self._forget)
        else:
            self._recent_menu.addAction(self.tr("No films yet")).setEnabled(False)
