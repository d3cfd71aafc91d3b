"""Fills the welcome from threads and says what was chosen there."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from svi_studio.document import words
from svi_studio.document.preferences import Preferences
from svi_studio.document.story.writer_choice import read_choice
from svi_studio.document.story.writer_words import writer_words
from svi_studio.document.welcome.looks import Looks
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.bring_forward import bring_forward
from svi_studio.ui.welcome.welcome_window import WelcomeWindow

if TYPE_CHECKING:
    from svi_studio.document.welcome.recent_films import RecentFilm

_PICTURE_HEIGHT = 234  # two pixels for each of the card's, for dense screens


class WelcomeControl(QObject):
    """``window`` is shown with ``show``; what fills it comes a moment later."""

    open_film = Signal(object)  # Path
    new_from_picture = Signal(object)  # Path
    new_from_example = Signal(str)

    def __init__(self, actions: Actions, preferences: Preferences, looks: Looks, parent: QObject) -> None:
        super().__init__(parent)
        self.actions = actions
        self.window = WelcomeWindow(actions)
        self._preferences = preferences
        self._looks = looks
        self._closed = False
        self._connect()

    def show(self) -> None:
        """Shows the window, then looks at the disk and the computer."""
        if self.window.isVisible():
            bring_forward(self.window)
            return
        self.window.show()
        QTimer.singleShot(0, self, self._fill)

    def close(self) -> None:
        """Drops results that are still to come."""
        self._closed = True
        self.window.deleteLater()

    def tell_crash(self) -> None:
        """Tells that the program ended without a message last time."""
        self.window.banners.tell(
            "crash",
            "warn",
            self.tr("The program ended unexpectedly last time. Your films are kept up to the last edit."),
            [(self.tr("Show the log"), self.actions.action("help.crash_logs").trigger)],
        )

    def _connect(self) -> None:
        window = self.window
        window.picture_wanted.connect(self.actions.action("film.new_from_picture").trigger)
        window.film_wanted.connect(self.actions.action("film.open").trigger)
        window.models_wanted.connect(self.actions.action("film.models").trigger)
        window.hardware_wanted.connect(self.actions.action("help.hardware").trigger)
        window.film_chosen.connect(self.open_film)
        window.example_chosen.connect(lambda path: self.new_from_example.emit(path.stem))
        window.forget_film.connect(self._forget)
        window.picture_chosen.connect(self.new_from_picture)
        self._preferences.changed.connect(self._preference_changed)

    @Slot()
    def _fill(self) -> None:
        self.window.story.show_writer(writer_words(read_choice(self._preferences)))
        self._looks.examples(self._show_examples)
        self._looks.ready_made_cards(self._show_ready_made)
        self._read_recent()
        self._looks.after_all(lambda _: self._look())  # after the pictures that were asked for by then

    def look_at_models(self) -> None:
        """Says again which models there are."""
        self._looks.computer_lines(self._if_open(self.window.show_machine), self._if_open(self.window.show_models))
        self._looks.only_small_models(lambda only: None if self._closed else self.window.show_only_small_models(only))

    def _look(self) -> None:
        self.look_at_models()
        self._looks.warm_up()

    def _if_open(self, show: Callable[[str], None]) -> Callable[[str], None]:
        return lambda line: None if self._closed else show(line)

    def _read_recent(self) -> None:
        self._looks.recent_films(self._preferences.recent_films, self._show_recent)

    def _show_examples(self, examples: dict[Path, tuple[str, int]]) -> None:
        if self._closed:
            return
        cards = {path: (title, words.clips(count)) for path, (title, count) in examples.items()}
        self.window.lists.show_examples(cards)
        for path in examples:
            self._read_picture(path, path.with_suffix(".png"))

    def _show_ready_made(self, pictures: dict[Path, tuple[str, str]]) -> None:
        if self._closed:
            return
        self.window.lists.show_ready_made(pictures)
        for path in pictures:
            self._read_picture(path, path)

    def _show_recent(self, films: tuple["RecentFilm", ...]) -> None:
        if self._closed:
            return
        self.window.lists.show_recent(films)
        for film in films:
            if film.picture is not None:
                self._read_picture(film.folder, film.picture)

    def _read_picture(self, path: Path, picture: Path) -> None:
        def show(image: QImage) -> None:
            if not self._closed and not image.isNull():
                self.window.lists.set_picture(path, QPixmap.fromImage(image))

        self._looks.picture(picture, _PICTURE_HEIGHT, show)

    @Slot(object)
    def _forget(self, path: Path) -> None:
        self._preferences.forget_recent_film(path)

    @Slot(str)
    def _preference_changed(self, name: str) -> None:
        if name == "recent_films" and not self._closed:
            self._read_recent()
