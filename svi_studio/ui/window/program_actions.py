"""Attaches the actions that concern the whole program, in each of its windows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from svi_studio.crash_log import crash_folder
from svi_studio.document.films import Films
from svi_studio.document.pictures.picture_files import picture_filter
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.theme import ThemeMode, theme

_MODES: tuple[ThemeMode, ...] = ("light", "dark", "system")


@dataclass(frozen=True, slots=True)
class ProgramWays:
    """What the running program can be asked for; those with a window do it for that one."""

    open_film: Callable[[Path, QWidget], object]
    new_from_picture: Callable[[Path, QWidget], object]
    open_training: Callable[[QWidget], object]
    open_models: Callable[[QWidget], object]
    open_loras: Callable[[QWidget], object]
    ask_about_file: Callable[[Path, QWidget], object]
    close_window: Callable[[QWidget], object]
    ask_for_words: Callable[[], object]
    show_welcome: Callable[[], object]
    quit: Callable[[], object]


class ProgramActions(QObject):
    """Lives as long as ``window``. Dialogs are imported when they are first wanted, so that the start stays short."""

    def __init__(self, films: Films, ways: ProgramWays, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._films, self._ways, self._actions, self._window = films, ways, actions, window
        actions.setParent(window)
        connect = actions.connect_action
        connect("film.new_from_picture", self._choose_picture)
        connect("film.new_from_words", ways.ask_for_words)
        connect("film.new_from_example", ways.show_welcome)
        connect("film.open", self._choose_film)
        connect("film.open_storyboard", self._choose_storyboard)
        connect("film.models", lambda: ways.open_models(window))
        connect("film.loras", lambda: ways.open_loras(window))
        connect("film.train", lambda: ways.open_training(window))
        connect("film.close", lambda: ways.close_window(window))
        connect("film.quit", ways.quit)
        connect("edit.shortcuts", self._shortcuts)
        connect("edit.preferences", self._preferences)
        connect("help.welcome", ways.show_welcome)
        connect("help.hardware", self._hardware)
        connect("help.crash_logs", _show_crash_logs)
        connect("help.about", self._about)
        for mode in _MODES:
            connect(f"view.theme_{mode}", lambda _checked, mode=mode: films.preferences.set_theme(mode))
        theme().changed.connect(self._show_theme)
        self._show_theme()

    @Slot()
    def _show_theme(self) -> None:
        self._actions.set_checked(f"view.theme_{theme().mode}", True)

    def _choose_film(self) -> None:
        title = self.tr("Open a film: choose its folder “….svi”")
        folder = QFileDialog.getExistingDirectory(self._window, title, str(self._films.folder))
        if folder:
            self._ways.open_film(Path(folder), self._window)

    def _choose_storyboard(self) -> None:
        """It gets a film beside it."""
        title, kinds = self.tr("Open a storyboard"), self.tr("Storyboards (*.json)")
        path, _ = QFileDialog.getOpenFileName(self._window, title, str(self._films.folder), kinds)
        if path:
            self._ways.open_film(Path(path), self._window)

    def _choose_picture(self) -> None:
        title = self.tr("New film: choose a picture")
        path, _ = QFileDialog.getOpenFileName(self._window, title, "", picture_filter())
        if path:
            self._ways.new_from_picture(Path(path), self._window)

    def _shortcuts(self) -> None:
        from svi_studio.ui.dialogs.shortcuts import ShortcutsDialog  # noqa: PLC0415

        _open(ShortcutsDialog(self._actions, self._films.preferences, self._window))

    def _preferences(self) -> None:
        from svi_studio.ui.dialogs.preferences import PreferencesDialog  # noqa: PLC0415

        films = self._films
        dialog = PreferencesDialog(films.preferences, self._window, films.sound_outputs, films.sound_inputs)
        dialog.token_wanted.connect(lambda: _ask_for_token(dialog))
        _open(dialog)

    def _hardware(self) -> None:
        from svi_studio.ui.dialogs.hardware import show_hardware  # noqa: PLC0415

        dialog = show_hardware(self._films.looks, self._window)
        dialog.models_wanted.connect(self._actions.action("film.models").trigger)

    def _about(self) -> None:
        from svi_studio.ui.dialogs.about import AboutDialog  # noqa: PLC0415

        _open(AboutDialog(self._window))


def _ask_for_token(parent: QWidget) -> None:
    """Asks for the access token for models; the thread that speaks with the keyring ends with the dialog."""
    from svi_studio.document.models.hub_token import HubToken  # noqa: PLC0415
    from svi_studio.ui.models.token_dialog import TokenDialog  # noqa: PLC0415

    token = HubToken(parent)
    dialog = TokenDialog(token, parent)
    dialog.finished.connect(lambda _result: token.close())
    dialog.open()


def _show_crash_logs() -> None:
    crash_folder().mkdir(parents=True, exist_ok=True)
    open_with_system(crash_folder())


def _open(dialog: QDialog) -> None:
    """Opens a dialog that is deleted when it closes: a hidden one would be styled anew with each theme."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
