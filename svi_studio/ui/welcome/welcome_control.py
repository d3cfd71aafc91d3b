"""Fills the welcome from threads and says what was chosen there."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from svi_studio.document import words
from svi_studio.document.preferences import Preferences
from svi_studio.document.small_picture import read_small
from svi_studio.document.writer_choice import read_choice
from svi_studio.jobs.background import Background
from svi_studio.resource_files import resource_path
from svi_studio.ui.actions import Actions
from svi_studio.ui.bring_forward import bring_forward
from svi_studio.ui.welcome.welcome_window import WelcomeWindow, example_files
from svi_studio.ui.welcome.writer_words import writer_words

if TYPE_CHECKING:
    from svi_studio.jobs.recent_films import RecentFilm

_READY_MADE = 8  # pictures: two rows of four in a window of the usual size
_PICTURE_HEIGHT = 234  # two pixels for each of the card's, for dense screens


class WelcomeControl(QObject):
    """``window`` is shown with ``show``; what fills it comes a moment later."""

    open_film = Signal(object)  # Path
    new_from_picture = Signal(object)  # Path
    new_from_example = Signal(str)

    def __init__(self, actions: Actions, preferences: Preferences, work: Background, parent: QObject) -> None:
        super().__init__(parent)
        self.actions = actions
        self.window = WelcomeWindow(actions)
        self._preferences = preferences
        self._work = work
        self._closed = False
        self._connect()

    def show(self) -> None:
        """Show the window, then look at the disk and the computer."""
        if self.window.isVisible():
            bring_forward(self.window)
            return
        self.window.show()
        QTimer.singleShot(0, self, self._fill)

    def close(self) -> None:
        """Forget what is still to come."""
        self._closed = True
        self.window.deleteLater()

    def tell_crash(self) -> None:
        """The program ended without a word last time."""
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
        window.hardware_wanted.connect(self.actions.action("help.hardware").trigger)
        window.film_chosen.connect(self.open_film)
        window.example_chosen.connect(lambda path: self.new_from_example.emit(path.stem))
        window.forget_film.connect(self._forget)
        window.picture_chosen.connect(self.new_from_picture)
        self._preferences.changed.connect(self._preference_changed)

    @Slot()
    def _fill(self) -> None:
        self.window.story.show_writer(writer_words(read_choice(self._preferences)))
        self._work.submit(_read_examples, self._show_examples)
        self._work.submit(_read_ready_made, self._show_ready_made)
        self._read_recent()
        self._work.submit(lambda: None, lambda _: self._look())  # after the pictures that were asked for by then

    def _look(self) -> None:
        self._work.submit(_machine, self._if_open(self.window.show_machine))
        self._work.submit(_models, self._if_open(self.window.show_models))
        self._work.submit(_warm_up, lambda _: None)

    def _if_open(self, show: Callable[[str], None]) -> Callable[[str], None]:
        return lambda line: None if self._closed else show(line)

    def _read_recent(self) -> None:
        films = self._preferences.recent_films
        self._work.submit(lambda: _read_recent(films), self._show_recent)

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

        self._work.submit(lambda: read_small(str(picture), _PICTURE_HEIGHT), show)

    @Slot(object)
    def _forget(self, path: Path) -> None:
        self._preferences.forget_recent_film(path)

    @Slot(str)
    def _preference_changed(self, name: str) -> None:
        if name == "recent_films" and not self._closed:
            self._read_recent()


def _read_recent(films: tuple[Path, ...]) -> tuple["RecentFilm", ...]:
    from svi_studio.jobs.recent_films import read_recent  # noqa: PLC0415 - in the thread, not before the first window

    return read_recent(films)


def _read_examples() -> dict[Path, tuple[str, int]]:
    import json  # noqa: PLC0415

    found = {}
    for path in example_files(resource_path("storyboards")):
        content = json.loads(path.read_text(encoding="utf-8"))
        found[path] = (str(content.get("title") or path.stem), len(content.get("clips") or ()))
    return found


def _read_ready_made() -> dict[Path, tuple[str, str]]:
    """Pictures with as little in common as can be: each lead, colour and place in turn. Read without pydantic: now."""
    import json  # noqa: PLC0415

    folder = resource_path("storyline", "pictures")
    shipped = json.loads((folder / "index.json").read_text(encoding="utf-8"))["pictures"]
    names = ("lead", "colour", "place")
    kinds = [tuple(dict.fromkeys(each[name] for each in shipped)) for name in names]
    wanted = [tuple(kind[number % len(kind)] for kind in kinds) for number in range(_READY_MADE)]
    files = {tuple(each[name] for name in names): folder / each["file"] for each in shipped}
    return {files[each]: (f"{each[1]} {each[0]}".capitalize(), each[2]) for each in wanted if each in files}


def _machine() -> str:
    from svi_studio.jobs.hardware import find_hardware  # noqa: PLC0415
    from svi_studio.ui.welcome.hardware_words import machine_line  # noqa: PLC0415

    return machine_line(find_hardware(Path.home()))


def _models() -> str:
    from svi_studio.ui.welcome.hardware_words import models_line  # noqa: PLC0415
    from svi_studio.weights.catalogue import find_models  # noqa: PLC0415

    return models_line(find_models())


def _warm_up() -> None:
    """Import in the thread what the first film will need, while the user looks at the welcome."""
    import svi_studio.document.loaded_film  # noqa: PLC0415
    import svi_studio.document.open_film  # noqa: F401, PLC0415
