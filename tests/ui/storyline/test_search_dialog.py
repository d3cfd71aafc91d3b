"""Searching for a picture: a grid with author and licence, and a sentence for everything that can fail."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.story.picture_search import PictureSources
from svi_studio.domain.errors import BadInput
from svi_studio.domain.pictures.found_picture import FoundPicture, PicturePage
from svi_studio.ui.storyline.search_dialog import PictureSearchDialog
from tests.builders.open_films import picture

WAIT = 20_000


def found(number: int) -> FoundPicture:
    return FoundPicture(
        provider="Openverse",
        title=f"Boat {number}",
        author="Ann",
        licence="CC BY 4.0",
        thumbnail_url=f"https://pictures.example/{number}s.png",
        picture_url=f"https://pictures.example/{number}.png",
        source_url="https://pictures.example/",
    )


class Internet:
    """Answers of a search that never leaves this computer."""

    def __init__(self, folder: Path) -> None:
        self.page = PicturePage(pictures=(found(1), found(2)), more=True)
        self.error: Exception | None = None
        self.asked: list[tuple[str, int]] = []
        self._file = picture(folder / "boat.png")

    def search(self, words: str, page: int, _cancelled: Callable[[], bool]) -> PicturePage:
        self.asked.append((words, page))
        if self.error is not None:
            raise self.error
        return self.page

    def thumbnail(self, _picture: FoundPicture, _cancelled: Callable[[], bool]) -> Image.Image:
        return Image.new("RGB", (8, 8), "red")

    def fetch(self, _picture: FoundPicture, _folder: Path, _cancelled: Callable[[], bool]) -> Path:
        if self.error is not None:
            raise self.error
        return self._file


@pytest.fixture
def internet(tmp_path: Path) -> Internet:
    return Internet(tmp_path)


@pytest.fixture
def dialog(qtbot: QtBot, internet: Internet, tmp_path: Path) -> Iterator[PictureSearchDialog]:
    sources = PictureSources(internet.search, internet.thumbnail, internet.fetch)
    made = PictureSearchDialog(tmp_path, "a red boat", sources=sources)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # what is closed is looked at below
    qtbot.addWidget(made)
    made.show()
    yield made
    made.pictures.shutdown()


def search(qtbot: QtBot, dialog: PictureSearchDialog) -> None:
    with qtbot.waitSignal(dialog.pictures.found, timeout=WAIT):
        dialog.go.click()


def test_the_words_of_the_wish_are_there_and_nothing_is_sent_unasked(
    dialog: PictureSearchDialog, internet: Internet
) -> None:
    assert dialog.words.text() == "a red boat" and internet.asked == []


def test_pictures_are_shown_with_author_and_licence(qtbot: QtBot, dialog: PictureSearchDialog) -> None:
    search(qtbot, dialog)
    spoken = dialog.grid.model().index(0, 0).data(int(Qt.ItemDataRole.AccessibleTextRole))  # what a screen reader says
    assert dialog.grid.count == 2 and spoken == "Boat 1, CC BY 4.0 · Ann"


def test_the_chosen_one_brings_its_credit(qtbot: QtBot, dialog: PictureSearchDialog) -> None:
    search(qtbot, dialog)
    dialog.grid.select_row(1)
    with qtbot.waitSignal(dialog.chosen, timeout=WAIT) as chosen:
        dialog.use.click()
    taken: StoryPicture = chosen.args[0]
    assert taken.credit is not None and (taken.credit.author, taken.credit.title) == ("Ann", "Boat 2")
    assert not dialog.isVisible()


def test_without_a_network_it_says_so_and_stays_open(
    qtbot: QtBot, dialog: PictureSearchDialog, internet: Internet
) -> None:
    internet.page = PicturePage(problems=("Pictures cannot be searched without a network: use a picture of your own.",))
    search(qtbot, dialog)
    assert "without a network" in dialog.nothing.text() and dialog.go.isEnabled()


def test_one_provider_that_is_down_hides_nothing_of_the_other(
    qtbot: QtBot, dialog: PictureSearchDialog, internet: Internet
) -> None:
    internet.page = PicturePage(pictures=(found(1),), problems=("Openverse is down: its pictures are missing.",))
    search(qtbot, dialog)
    assert dialog.grid.count == 1 and dialog.problem.text() == "Openverse is down: its pictures are missing."


def test_a_picture_that_cannot_be_brought_here_costs_a_sentence(
    qtbot: QtBot, dialog: PictureSearchDialog, internet: Internet
) -> None:
    search(qtbot, dialog)
    internet.error = BadInput("This picture came broken: choose another one.")
    dialog.grid.select_row(0)
    with qtbot.waitSignal(dialog.pictures.fetch_failed, timeout=WAIT):
        dialog.use.click()
    assert dialog.problem.text() == "This picture came broken: choose another one." and dialog.use.isEnabled()


def test_more_pictures_come_when_one_scrolls_to_the_end(
    qtbot: QtBot, dialog: PictureSearchDialog, internet: Internet
) -> None:
    search(qtbot, dialog)
    internet.page = PicturePage(pictures=(found(3),))
    with qtbot.waitSignal(dialog.pictures.found, timeout=WAIT):
        dialog.grid.end_near.emit()
    assert dialog.grid.count == 3 and internet.asked[-1] == ("a red boat", 2)
