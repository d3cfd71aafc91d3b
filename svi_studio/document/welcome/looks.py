"""What the program looks at in its thread: this computer, its films, and pictures and words of films to be made.

What a look needs is imported in the thread, so that the first window does not wait for it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from svi_studio.jobs.threads.background import Background
from svi_studio.resource_files import resource_path

if TYPE_CHECKING:
    from svi_studio.document.opening.new_film_check import NewFilmCheck
    from svi_studio.document.welcome.recent_films import RecentFilm
    from svi_studio.domain.film.found_model import FoundModel
    from svi_studio.domain.story.starting_picture import StartingPicture
    from svi_studio.domain.training.hardware import Hardware

_READY_MADE = 8  # pictures: two rows of four in a window of the usual size

Failed = Callable[[Exception], None]


class Looks:
    """Each look is done in the thread of ``work``, in order; ``then`` gets what was found."""

    def __init__(self, work: Background) -> None:
        self._work = work

    def after_all(self, then: Callable[[None], None]) -> None:
        """``then`` is called when what was asked for before has been answered."""
        self._work.submit(lambda: None, then)

    def recent_films(self, films: tuple[Path, ...], then: Callable[[tuple["RecentFilm", ...]], None]) -> None:
        """What can be shown of the films in these folders."""

        def read() -> tuple["RecentFilm", ...]:
            from svi_studio.document.welcome.recent_films import read_recent  # noqa: PLC0415

            return read_recent(films)

        self._work.submit(read, then)

    def examples(self, then: Callable[[dict[Path, tuple[str, int]]], None]) -> None:
        """The storyboards that come with the program, each with its title and its number of clips."""
        self._work.submit(_examples, then)

    def ready_made_cards(self, then: Callable[[dict[Path, tuple[str, str]]], None]) -> None:
        """A few of the pictures that come with the program: a file -> what it shows and where."""
        self._work.submit(_ready_made_cards, then)

    def picture(self, path: Path, height: int, then: Callable[[QImage], None]) -> None:
        """The picture at ``path``, ``height`` pixels high; a null image when it cannot be read."""

        def read() -> QImage:
            from svi_studio.document.pictures.small_picture import read_small  # noqa: PLC0415

            return read_small(str(path), height)

        self._work.submit(read, then)

    def computer(self, then: Callable[[tuple["Hardware", tuple["FoundModel", ...]]], None]) -> None:
        """The hardware and the models."""
        self._work.submit(lambda: (_hardware(), _models()), then)

    def computer_lines(self, machine: Callable[[str], None], models: Callable[[str], None]) -> None:
        """The same in one line each."""

        def machine_line() -> str:
            from svi_studio.document.welcome import hardware_words  # noqa: PLC0415

            return hardware_words.machine_line(_hardware())

        def models_line() -> str:
            from svi_studio.document.welcome import hardware_words  # noqa: PLC0415

            return hardware_words.models_line(_models())

        self._work.submit(machine_line, machine)
        self._work.submit(models_line, models)

    def only_small_models(self, then: Callable[[bool], None]) -> None:
        """Whether every model that can be used draws nothing but a world of its own."""

        def look() -> bool:
            sound = [model.card for model in _models() if model.problem is None]
            return not any(card is not None and card.world is None for card in sound)

        self._work.submit(look, then)

    def at_picture(self, picture: Path, then: Callable[["NewFilmCheck"], None], failed: Failed) -> None:
        """Whether the model of a new film can draw ``picture``."""

        def look() -> "NewFilmCheck":
            from svi_studio.document.opening.new_film_check import check_new_picture  # noqa: PLC0415

            return check_new_picture(picture)

        self._work.submit(look, then, failed)

    def at_subject(self, subject: str, then: Callable[["NewFilmCheck"], None], failed: Failed) -> None:
        """Whether the model of a new film knows the words ``subject``."""

        def look() -> "NewFilmCheck":
            from svi_studio.document.opening.new_film_check import check_new_subject  # noqa: PLC0415

            return check_new_subject(subject)

        self._work.submit(look, then, failed)

    def ready_made(self, then: Callable[[tuple["StartingPicture", ...]], None]) -> None:
        """All pictures that come with the program for the model of a new film."""

        def look() -> tuple["StartingPicture", ...]:
            from svi_studio.document.opening.new_film_check import ready_made_pictures  # noqa: PLC0415

            return ready_made_pictures()

        self._work.submit(look, then)

    @property
    def models_folder(self) -> Path:
        """Where the user's own models go."""
        from svi_studio.weights.catalogue import models_folders  # noqa: PLC0415

        return models_folders()[-1]

    def warm_up(self) -> None:
        """Imports what the first film will need, while the user looks at the welcome."""

        def warm() -> None:
            import svi_studio.document.opening.loaded_film  # noqa: PLC0415
            import svi_studio.document.opening.open_film  # noqa: F401, PLC0415

        self._work.submit(warm, lambda _none: None)


def _examples() -> dict[Path, tuple[str, int]]:
    found = {}
    for path in sorted(resource_path("storyboards").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        found[path] = (str(content.get("title") or path.stem), len(content.get("clips") or ()))
    return found


def _ready_made_cards() -> dict[Path, tuple[str, str]]:
    """Pictures with as little in common as can be: each lead, colour and place in turn. Read without pydantic: now."""
    folder = resource_path("storyline", "pictures")
    shipped = json.loads((folder / "index.json").read_text(encoding="utf-8"))["pictures"]
    names = ("lead", "colour", "place")
    kinds = [tuple(dict.fromkeys(each[name] for each in shipped)) for name in names]
    wanted = [tuple(kind[number % len(kind)] for kind in kinds) for number in range(_READY_MADE)]
    files = {tuple(each[name] for name in names): folder / each["file"] for each in shipped}
    return {files[each]: (f"{each[1]} {each[0]}".capitalize(), each[2]) for each in wanted if each in files}


def _hardware() -> "Hardware":
    from svi_studio.domain.render.what_fits import what_fits  # noqa: PLC0415
    from svi_studio.jobs.hardware import find_hardware  # noqa: PLC0415

    found = find_hardware(Path.home())
    what_fits(found)  # remembered: the window asks for it next, and must not wait
    return found


def _models() -> tuple["FoundModel", ...]:
    from svi_studio.weights.catalogue import find_models  # noqa: PLC0415

    return find_models()
