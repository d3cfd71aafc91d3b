"""The search for pictures in the window: answers of the newest wish only, small ones as they come, no thread left."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from svi_studio.document.story.picture_search import PictureSearch, PictureSources
from svi_studio.document.story.small_pictures import MAX_BYTES, SmallPictures
from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.pictures.found_picture import FoundPicture, PicturePage
from svi_studio.storyline.pictures.fetch import fetch, read_thumbnail
from svi_studio.storyline.pictures.search import search
from tests.net.clients import client_for
from tests.net.raw_server import http
from tests.patience import SECONDS, felt_time
from tests.storyline.pictures.picture_site import Site, openverse_entry, picture_bytes, providers, standing

Cancelled = Callable[[], bool]


def picture(number: int = 1) -> FoundPicture:
    url = f"https://pictures.example/{number}.jpg"
    return FoundPicture(provider="p", title=f"Boat {number}", licence="CC0 1.0", thumbnail_url=url, picture_url=url)


def wait_until(cancelled: Cancelled) -> NoReturn:
    while not cancelled():
        time.sleep(0.005)
    raise Stopped("The search was stopped.")


@pytest.fixture
def searching(request: pytest.FixtureRequest) -> Iterator[Callable[[PictureSources], PictureSearch]]:
    begun: list[PictureSearch] = []

    def begin(sources: PictureSources) -> PictureSearch:
        begun.append(PictureSearch(sources=sources))
        return begun[-1]

    yield begin
    for each in begun:
        assert each.shutdown()


Searching = Callable[[PictureSources], PictureSearch]


def test_a_search_ends_with_its_page(qtbot: QtBot, searching: Searching) -> None:
    page = PicturePage(pictures=(picture(),), more=True)
    job = searching(PictureSources(search=lambda words, number, cancelled: page))
    with qtbot.waitSignal(job.found) as found:
        job.search("boat")
    assert found.args == [page]


def test_a_search_that_fails_ends_with_one_sentence(qtbot: QtBot, searching: Searching) -> None:
    def refuse(words: str, page: int, cancelled: Cancelled) -> PicturePage:
        raise BadInput("There is nothing to search for yet.")

    job = searching(PictureSources(search=refuse))
    with qtbot.waitSignal(job.failed) as failed:
        job.search("")
    assert failed.args == ["There is nothing to search for yet."]


def test_an_unforeseen_fault_ends_with_a_sentence_too(qtbot: QtBot, searching: Searching) -> None:
    job = searching(PictureSources(search=lambda words, page, cancelled: 1 / 0))  # type: ignore[arg-type, return-value]
    with qtbot.waitSignal(job.failed) as failed:
        job.search("boat")
    assert "picture of your own" in failed.args[0]


def test_only_the_newest_search_is_answered(qtbot: QtBot, searching: Searching) -> None:
    def slow_at_first(words: str, page: int, cancelled: Cancelled) -> PicturePage:
        if words == "old":
            wait_until(cancelled)
        return PicturePage(problems=(words,))

    job = searching(PictureSources(search=slow_at_first))
    answers: list[PicturePage] = []
    job.found.connect(answers.append)
    job.search("old")
    with qtbot.waitSignal(job.found):
        job.search("new")
    assert [page.problems for page in answers] == [("new",)]


def test_an_answer_that_was_on_its_way_when_the_search_was_given_up_is_dropped(
    qtbot: QtBot, searching: Searching
) -> None:
    answered = threading.Event()

    def answer_all_the_same(words: str, page: int, cancelled: Cancelled) -> PicturePage:
        with pytest.raises(Stopped):
            wait_until(cancelled)
        answered.set()
        return PicturePage()

    job = searching(PictureSources(search=answer_all_the_same))
    with qtbot.assertNotEmitted(job.found, wait=50), qtbot.assertNotEmitted(job.failed):
        job.search("boat")
        job.cancel_search()
        assert answered.wait(SECONDS)


def test_small_pictures_come_one_by_one_and_stay(qtbot: QtBot, searching: Searching) -> None:
    read: list[FoundPicture] = []

    def small(of: FoundPicture, cancelled: Cancelled) -> Image.Image:
        read.append(of)
        return Image.new("RGB", (800, 200), (10, 200, 30))

    job = searching(PictureSources(thumbnail=small))
    with qtbot.waitSignal(job.thumbnail_ready) as ready:
        assert job.thumbnail(picture()) is None
        assert job.thumbnail(picture()) is None
    image = job.thumbnail(ready.args[0])
    assert image is not None
    assert (image.width(), image.height(), image.pixelColor(3, 3).green()) == (400, 100, 200)
    assert len(read) == 1


def test_a_small_picture_that_cannot_be_read_is_asked_for_once(qtbot: QtBot, searching: Searching) -> None:
    asked: list[FoundPicture] = []

    def broken(of: FoundPicture, cancelled: Cancelled) -> Image.Image:
        asked.append(of)
        raise BadInput("no picture")

    job = searching(PictureSources(thumbnail=broken))
    with qtbot.waitSignal(job.thumbnail_ready):
        job.thumbnail(picture())
    assert (job.thumbnail(picture()), job.is_missing(picture()), len(asked)) == (None, True, 1)


def test_small_pictures_can_be_asked_for_again_after_a_cancel(qtbot: QtBot, searching: Searching) -> None:
    job = searching(PictureSources(thumbnail=lambda of, cancelled: Image.new("RGB", (4, 4))))
    job.cancel_search()
    with qtbot.waitSignal(job.thumbnail_ready):
        job.thumbnail(picture())


def test_a_slow_small_picture_holds_up_no_other(qtbot: QtBot, searching: Searching) -> None:
    def first_hangs(of: FoundPicture, cancelled: Cancelled) -> Image.Image:
        if of == picture(1):
            wait_until(cancelled)
        return Image.new("RGB", (4, 4))

    job = searching(PictureSources(thumbnail=first_hangs))
    job.thumbnail(picture(1))
    with qtbot.waitSignal(job.thumbnail_ready) as ready:
        job.thumbnail(picture(2))
    assert ready.args == [picture(2)]


def test_a_fetched_picture_is_told_with_its_place(qtbot: QtBot, searching: Searching, tmp_path: Path) -> None:
    job = searching(PictureSources(fetch=lambda of, folder, cancelled: folder / "boat.jpg"))
    with qtbot.waitSignal(job.fetched) as fetched:
        job.fetch(picture(), tmp_path)
        assert job.is_fetching
    assert fetched.args == [picture(), tmp_path / "boat.jpg"]
    assert not job.is_fetching


def test_a_picture_that_cannot_be_fetched_is_one_sentence(qtbot: QtBot, searching: Searching, tmp_path: Path) -> None:
    def broken(of: FoundPicture, folder: Path, cancelled: Cancelled) -> Path:
        raise BadInput("It came broken: choose another one.")

    job = searching(PictureSources(fetch=broken))
    with qtbot.waitSignal(job.fetch_failed) as failed:
        job.fetch(picture(), tmp_path)
    assert failed.args == [picture(), "It came broken: choose another one."]


def test_a_fetch_that_is_given_up_says_nothing(qtbot: QtBot, searching: Searching, tmp_path: Path) -> None:
    job = searching(PictureSources(fetch=lambda of, folder, cancelled: wait_until(cancelled) or folder))
    with qtbot.assertNotEmitted(job.fetched, wait=50), qtbot.assertNotEmitted(job.fetch_failed):
        job.fetch(picture(), tmp_path)
        job.cancel_fetch()
    assert not job.is_fetching


def test_everything_under_way_ends_at_the_shutdown(searching: Searching, tmp_path: Path) -> None:
    job = searching(
        PictureSources(
            search=lambda words, page, cancelled: wait_until(cancelled) or PicturePage(),
            thumbnail=lambda of, cancelled: wait_until(cancelled) or Image.new("RGB", (1, 1)),
            fetch=lambda of, folder, cancelled: wait_until(cancelled) or folder,
        )
    )
    job.search("boat")
    job.fetch(picture(), tmp_path)
    for number in range(40):
        job.thumbnail(picture(number))
    with felt_time() as seconds:
        assert job.shutdown()
        assert seconds() < 2.0


def test_from_words_to_a_picture_over_a_real_server(qtbot: QtBot, searching: Searching, tmp_path: Path) -> None:
    site = Site()
    with standing(site) as server:
        site.openverse = [openverse_entry(server.url, 7)]
        file = http(picture_bytes(), content_type="image/jpeg")
        site.files = {"/small/7.jpg": file, "/full/7.jpg": file}
        client = client_for(server)
        job = searching(
            PictureSources(
                search=lambda words, page, stop: search(words, page, providers(server)[:1], stop),
                thumbnail=lambda of, stop: read_thumbnail(of, client=client, cancelled=stop),
                fetch=lambda of, folder, stop: fetch(of, folder, client=client, cancelled=stop),
            )
        )
        with qtbot.waitSignal(job.found) as found:
            job.search("red boat")
        (boat,) = found.args[0].pictures
        with qtbot.waitSignal(job.thumbnail_ready):
            job.thumbnail(boat)
        with qtbot.waitSignal(job.fetched) as fetched:
            job.fetch(boat, tmp_path)
    assert (fetched.args[1].read_bytes(), job.thumbnail(boat) is not None) == (picture_bytes(), True)


def test_small_pictures_stay_within_their_bound() -> None:
    from PySide6.QtGui import QImage

    kept = SmallPictures(max_bytes=3 * 400)
    for number in range(5):
        kept.put(str(number), QImage(10, 10, QImage.Format.Format_RGB32))
        kept.get("0")
    assert (kept.bytes, [kept.get(str(number)) is not None for number in range(5)]) == (
        1200,
        [True, False, False, True, True],
    )
    assert MAX_BYTES == 64_000_000


def test_a_small_picture_that_comes_again_counts_once() -> None:
    from PySide6.QtGui import QImage

    kept = SmallPictures()
    for _ in range(3):
        kept.put("a", QImage(10, 10, QImage.Format.Format_RGB32))
    assert kept.bytes == 400
