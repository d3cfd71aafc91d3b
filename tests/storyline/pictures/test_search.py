"""A search over several providers: their pictures take turns, and the fault of one never costs the other's."""

import threading
import time
from collections.abc import Iterator

import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.storyline.pictures.search import search
from tests.net.raw_server import Request, head, served
from tests.net.socket_oracle import watched_sockets
from tests.patience import felt_time
from tests.storyline.pictures.picture_site import Site, commons_page, openverse_entry, providers, standing

SITE = "https://pictures.example"


def site_of(openverse: int, commons: int) -> Site:
    return Site(
        openverse=[openverse_entry(SITE, number) for number in range(1, openverse + 1)],
        commons=[commons_page(SITE, number) for number in range(1, commons + 1)],
    )


def test_the_providers_take_turns() -> None:
    with standing(site_of(3, 1)) as server:
        page = search("red boat", providers=providers(server))
    assert [picture.title for picture in page.pictures] == ["Red boat 1", "Rotes Boot 1", "Red boat 2", "Red boat 3"]
    assert page.problems == ()


def test_a_picture_that_both_know_is_shown_once() -> None:
    site = site_of(1, 1)
    assert isinstance(site.openverse, list)
    site.openverse[0]["url"] = f"{SITE}/full/101.jpg"
    with standing(site) as server:
        assert len(search("red boat", providers=providers(server)).pictures) == 1


@pytest.mark.parametrize("down", ["openverse", "commons"])
def test_the_others_pictures_are_shown_when_one_is_down(down: str) -> None:
    site = site_of(2, 2)
    site.status = {down: "503 Busy"}
    with standing(site) as server:
        page = search("red boat", providers=providers(server))
    assert (len(page.pictures), len(page.problems)) == (2, 1)
    assert "out of order" in page.problems[0]


def test_nothing_found_is_one_sentence() -> None:
    with standing(Site()) as server:
        page = search("qwxyz", providers=providers(server))
    assert page.problems == (
        'No openly licensed picture was found for "qwxyz": try fewer or other words, or a picture of your own.',
    )


def test_an_empty_further_page_is_no_problem() -> None:
    with standing(Site()) as server:
        assert search("boat", page=2, providers=providers(server)).problems == ()


def test_no_network_is_one_sentence_for_all() -> None:
    with watched_sockets() as oracle, served(lambda request: []) as server:
        page = search("red boat", providers=providers(server))
    assert len(oracle.seen) == 2
    assert len(page.problems) == 1
    assert "without a network" in page.problems[0]


def test_both_out_of_order_are_two_sentences() -> None:
    with standing(Site(status={"openverse": "500 Oops", "commons": "500 Oops"})) as server:
        assert len(search("red boat", providers=providers(server)).problems) == 2


@pytest.mark.parametrize("words", ["", "  ", "\n\t", "\ud800", "\u202e"])
def test_without_words_nothing_is_asked(words: str) -> None:
    with standing(Site()) as server:
        with pytest.raises(BadInput, match="nothing to search for"):
            search(words, providers=providers(server))
        assert server.requests == []


def test_long_words_are_cut() -> None:
    site = Site()
    with standing(site) as server:
        search("boat " * 1000, providers=providers(server)[:1])
    assert len(site.asked[0]["q"]) <= 200


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("a&b=c", "a&b=c"),
        ("ü 雪 🚤", "ü 雪 🚤"),
        ("%00", "%00"),
        ("a#b?c", "a#b?c"),
        ("\u202eboat", "boat"),
        ("x\ny", "x y"),
        ("boat\ud800", "boat"),
        ("red\x00 boat", "red boat"),
    ],
)
def test_words_of_every_kind_reach_the_provider(words: str, asked: str) -> None:
    site = Site()
    with standing(site) as server:
        search(words, providers=providers(server)[:1])
    assert site.asked[0]["q"] == asked


@pytest.mark.parametrize(("page_count", "more"), [(1, False), (2, True)])
def test_a_page_tells_whether_there_is_another(page_count: int, more: bool) -> None:
    with standing(Site(page_count=page_count)) as server:
        assert search("boat", providers=providers(server)[:1]).more is more


def test_the_last_page_tells_that_there_is_no_other() -> None:
    with standing(Site(page_count=99)) as server:
        assert not search("boat", page=12, providers=providers(server)[:1]).more


def drip(request: Request) -> Iterator[bytes]:
    yield head("Content-Type: application/json")
    for _ in range(100):
        yield b" "
        time.sleep(0.05)


def test_a_search_ends_soon_after_it_is_cancelled() -> None:
    cancelled = threading.Event()
    with served(drip) as server:
        threading.Timer(0.2, cancelled.set).start()
        with felt_time() as seconds:
            with pytest.raises(Stopped):
                search("boat", providers=providers(server, deadline_s=30), cancelled=cancelled.is_set)
            assert seconds() < 1.5
