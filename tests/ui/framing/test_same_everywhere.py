"""A picture is framed once, and card, preview and inspector show what the engine will film."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from svi_studio.document.inspector.picture_preview import read_preview
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.preview.start_pictures import StartPictures
from svi_studio.domain.editing.framing_edits import with_framing
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from svi_studio.project.film.project_file import Project
from svi_studio.ui.timeline.cards.source import CardSource
from tests.builders.open_films import storyboard
from tests.builders.opened import open_film_here

FILM = (80, 48)
BANDS = ("red", "lime", "blue")  # the upper, the middle and the lower third of a tall picture


def project(folder: Path, framing: Framing | None) -> Project:
    made = Project.create(folder / "Tall.svi", storyboard(1))
    tall = Image.new("RGB", (100, 180))
    for number, colour in enumerate(BANDS):
        tall.paste(colour, (0, 60 * number, 100, 60 * number + 60))
    tall.save(folder / "tall.png")
    image = made.media.add(folder / "tall.png")
    board = made.storyboard.model_copy(update={"reference_image": image})
    if framing is not None:
        board = with_framing(board, framing.model_copy(update={"picture": image}))
    made.save(board)
    return made


@pytest.fixture(params=["middle", "lower part", "squeezed"])
def wanted(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Project, set[str]]:
    """A film, and the bands of its picture that are filmed."""
    framing, bands = {
        "middle": (None, {"lime"}),
        "lower part": (Framing(picture="x", crop=(0, 120, 100, 60)), {"blue"}),
        "squeezed": (Framing(picture="x", fit="squeeze"), set(BANDS)),
    }[request.param]
    return project(tmp_path, framing), bands


@pytest.fixture
def film(qapp: object, wanted: tuple[Project, set[str]]) -> Iterator[OpenFilm]:
    opened = open_film_here(wanted[0].folder)
    yield opened
    opened.close()


def bands_in(image: QImage) -> set[str]:
    """The colours in the middle column, in the middle of each sixth of its height."""
    places = [round(image.height() * (2 * sixth + 1) / 12) for sixth in range(6)]
    colours = [image.pixelColor(image.width() // 2, y).name() for y in places]
    names = {"#ff0000": "red", "#00ff00": "lime", "#0000ff": "blue"}
    return {names[colour] for colour in colours}


def board_of(film: OpenFilm) -> tuple[Storyboard, str]:
    board = film.document.storyboard
    assert board.reference_image is not None
    return board, board.reference_image


def test_the_card(qtbot: QtBot, film: OpenFilm, wanted: tuple[Project, set[str]]) -> None:
    qtbot.waitUntil(lambda: film.states.facts is not None)
    thumbnails = Thumbnails()
    source = CardSource(film, thumbnails)
    name = board_of(film)[1]
    qtbot.waitUntil(lambda: source.reference(name, 48, "c1") is not None)
    shown = source.reference(name, 48, "c1")
    assert shown is not None
    assert bands_in(shown.toImage()) == wanted[1]
    assert thumbnails.close()


def test_the_preview(qtbot: QtBot, film: OpenFilm, wanted: tuple[Project, set[str]]) -> None:
    pictures = StartPictures(film.document)
    qtbot.waitUntil(lambda: pictures.of_clip(0, FILM) is not None)
    shown = pictures.of_clip(0, FILM)
    assert shown is not None
    assert bands_in(shown) == wanted[1]
    assert pictures.close()


def test_the_inspector(film: OpenFilm, wanted: tuple[Project, set[str]]) -> None:
    board, name = board_of(film)
    found = read_preview(film.document.file(name), board.picture_look(name, FILM))
    assert (found.image.width(), found.image.height()) == FILM
    assert bands_in(found.image) == wanted[1]


def test_the_film(wanted: tuple[Project, set[str]]) -> None:
    made, bands = wanted
    (job,) = prepare(open_film(made.folder)).plan.jobs
    assert (job.width, job.height) == FILM
    with Image.open(made.folder / job.image) as picture:
        filmed = picture.convert("RGB").crop(job.crop) if job.crop else picture.convert("RGB")
    colours = {colour for _, colour in filmed.getcolors() or []}
    names = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue"}
    assert {names[colour] for colour in colours if isinstance(colour, tuple)} == bands
