"""Attaches the actions that concern the whole program, in each of its windows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from svi_studio.crash_log import crash_folder
from svi_studio.ui.actions import Actions
from svi_studio.ui.open_with_system import open_with_system
from svi_studio.ui.theme import ThemeMode, theme

if TYPE_CHECKING:
    from svi_studio.ui.studio import Studio

_MODES: tuple[ThemeMode, ...] = ("light", "dark", "system")


class ProgramActions(QObject):
    """Lives as long as ``window``. Dialogs are imported when they are first wanted, so that the start stays short."""

    def __init__(self, studio: "Studio", actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._actions, self._window = studio, actions, window
        actions.setParent(window)
        connect = actions.connect_action
        connect("film.new_from_picture", lambda: studio.choose_picture(window))
        connect("film.new_from_words", studio.ask_for_words)
        connect("film.new_from_example", studio.show_welcome)
        connect("film.open", lambda: studio.choose_film(window))
        connect("film.open_storyboard", lambda: studio.choose_storyboard(window))
        connect("film.train", lambda: studio.open_training(window))
        connect("film.close", self._close_film)
        connect("film.quit", studio.quit)
        connect("edit.shortcuts", self._shortcuts)
        connect("edit.preferences", self._preferences)
        connect("help.welcome", studio.show_welcome)
        connect("help.hardware", self._hardware)
        connect("help.crash_logs", _show_crash_logs)
        connect("help.about", self._about)
        for mode in _MODES:
            connect(f"view.theme_{mode}", lambda _checked, mode=mode: studio.preferences.set_theme(mode))
        theme().changed.connect(self._show_theme)
        self._show_theme()

    @Slot()
    def _show_theme(self) -> None:
        self._actions.set_checked(f"view.theme_{theme().mode}", True)

    def _close_film(self) -> None:
        """Back to the welcome."""
        if self._window in self._studio.windows:
            self._studio.show_welcome()
            if not self._window.close() and self._studio.welcome is not None:
                self._studio.welcome.window.close()
        else:
            self._window.close()

    def _shortcuts(self) -> None:
        from svi_studio.ui.dialogs.shortcuts import ShortcutsDialog  # noqa: PLC0415

        _open(ShortcutsDialog(self._actions, self._studio.preferences, self._window))

    def _preferences(self) -> None:
        from svi_studio.ui.dialogs.preferences import PreferencesDialog  # noqa: PLC0415

        _open(PreferencesDialog(self._studio.preferences, self._window))

    def _hardware(self) -> None:
        from svi_studio.ui.dialogs.hardware import show_hardware  # noqa: PLC0415

        show_hardware(self._studio.looks, self._window)

    def _about(self) -> None:
        from svi_studio.ui.dialogs.about import AboutDialog  # noqa: PLC0415

        _open(AboutDialog(self._window))


def _show_crash_logs() -> None:
    crash_folder().mkdir(parents=True, exist_ok=True)
    open_with_system(crash_folder())


def _open(dialog: QDialog) -> None:
    """Closed dialogs go: those that stay would be dressed anew with each change of the look."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
