"""The films of the running program: which are open, how another one is opened or made, and what they share."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from svi_studio.document.preference_names import FILMS_FOLDER
from svi_studio.document.preferences import Preferences
from svi_studio.document.welcome.looks import Looks
from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.document.opening.loaded_film import LoadedFilm
    from svi_studio.document.opening.open_film import OpenFilm


class Films(QObject):
    """``work`` is a thread for small jobs of the whole program; films that share the ``turn`` render one by one.

    Half of the program comes with the first film, so it is imported when that is asked for.

    ``opened`` carries an OpenFilm that is not started yet; its receiver owns it. ``failed`` carries a sentence;
    ``busy`` says what goes on, empty when nothing does.
    """

    opened = Signal(object)
    failed = Signal(str)
    busy = Signal(str)

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences
        self.work = Background("studio", self)
        self.looks = Looks(self.work)
        self._opening = Background("film opener", self)
        self.turn = RenderTurn(self)
        self._open: list[OpenFilm] = []

    @property
    def folder(self) -> Path:
        """Where films are made, and where one looks for them first."""
        chosen = self.preferences.text(FILMS_FOLDER)
        if chosen:
            return Path(chosen)
        from svi_studio.document.opening.new_film import films_folder  # noqa: PLC0415

        return films_folder()

    def open(self, path: Path) -> None:
        """Opens a project folder, its ``project.json`` or a bare storyboard."""
        self._load(self.tr("Opening the film"), lambda: path)

    def new_from_picture(self, picture: Path, model: str = "") -> None:
        """Makes a film from a picture and opens it; ``model`` "" = the usual one."""
        from svi_studio.document.opening.new_film import new_film_from_picture  # noqa: PLC0415

        self._make(lambda folder: new_film_from_picture(picture, folder, model))

    def new_from_video(self, video: Path) -> None:
        """Makes a film that goes on from a video and opens it."""
        from svi_studio.document.opening.new_film import new_film_from_video  # noqa: PLC0415

        self._make(lambda folder: new_film_from_video(video, folder))

    def new_from_example(self, name: str) -> None:
        """Makes a film from an example and opens it."""
        from svi_studio.document.opening.new_film import new_film_from_example  # noqa: PLC0415

        self._make(lambda folder: new_film_from_example(name, folder))

    def new_about(self, subject: str, seed: int, told: Callable[[Path], object], model: str = "") -> None:
        """Makes a film for a story about ``subject`` and opens it; ``told`` gets its folder first, in the thread."""
        from svi_studio.document.opening.new_film import new_film_about  # noqa: PLC0415

        def make(folder: Path) -> Path:
            path = new_film_about(subject, folder, seed, model)
            told(path)
            return path

        self._make(make)

    def sound_outputs(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """Tells ``then`` the names of the devices that play; none where nothing can be heard."""
        from svi_studio.jobs.sound.devices import SoundDevices  # noqa: PLC0415

        devices = SoundDevices()

        def listed() -> tuple[str, ...]:
            devices.refresh()
            return devices.outputs()

        self.work.submit(listed, then, lambda _error: then(()))

    def sound_inputs(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """Tells ``then`` the names of the devices that record; none where nothing can be recorded."""
        from svi_studio.jobs.sound.input_device import SoundInputs  # noqa: PLC0415

        self.work.submit(SoundInputs().inputs, then, lambda _error: then(()))

    def find(self, path: Path) -> "OpenFilm | None":
        """The film that is open from ``path``, its folder or its ``project.json``; None when it is not open."""
        folder = path.parent if path.name == "project.json" else path
        return next((film for film in self._open if _same(film.path, folder)), None)

    def close(self) -> bool:
        """Ends the threads; returns whether they have ended."""
        return all([self.work.close(), self._opening.close()])

    def _make(self, make: Callable[[Path], Path]) -> None:
        folder = self.folder
        self._load(self.tr("Making the film"), lambda: make(folder))

    def _load(self, words: str, find: Callable[[], Path]) -> None:
        from svi_studio.document.opening.loaded_film import load_film  # noqa: PLC0415

        self.busy.emit(words)
        self._opening.submit(lambda: load_film(find()), self._loaded, self._failed)

    def _loaded(self, loaded: "LoadedFilm") -> None:
        from svi_studio.document.opening.open_film import OpenFilm  # noqa: PLC0415

        self.busy.emit("")
        film = OpenFilm(loaded)
        if self.find(film.path) is not None:
            film.close()  # asked for twice in a row
            return
        film.share(self.preferences, self.turn)
        self._open.append(film)
        film.closing.connect(lambda: self._forget(film))
        self.opened.emit(film)

    def _failed(self, error: Exception) -> None:
        self.busy.emit("")
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("opening a film failed", exc_info=error)
        self.failed.emit(str(told or self.tr("This film could not be opened.")))

    def _forget(self, film: "OpenFilm") -> None:
        self._open = [each for each in self._open if each is not film]


def _same(first: Path, second: Path) -> bool:
    return first == second or os.path.realpath(first) == os.path.realpath(second)
