"""What Openverse and Wikimedia Commons answer becomes found pictures; what is unsound in it is left out."""

import json
from typing import Any

import pytest

from svi_studio.domain.pictures.found_picture import FoundPicture, credit_for
from svi_studio.net.errand import never
from svi_studio.net.net_errors import TooLarge
from svi_studio.storyline.pictures.provider import ProviderFault
from svi_studio.storyline.pictures.search import search
from tests.net.raw_server import http, served
from tests.storyline.pictures.picture_site import Site, commons_page, openverse_entry, providers, standing

SITE = "https://pictures.example"


def of_openverse(**changes: Any) -> tuple[FoundPicture, ...]:
    site = Site(openverse=[openverse_entry(SITE, **changes)])
    with standing(site) as server:
        return providers(server)[0].find("red boat", 1, never).pictures


def of_commons(**changes: Any) -> tuple[FoundPicture, ...]:
    site = Site(commons=[commons_page(SITE, **changes)])
    with standing(site) as server:
        return providers(server)[1].find("red boat", 1, never).pictures


def test_openverse_tells_all_that_a_credit_needs() -> None:
    assert of_openverse() == (
        FoundPicture(
            provider="Openverse",
            title="Red boat 1",
            author="Ada Lovelace",
            licence="CC BY-SA 2.0",
            licence_url="https://creativecommons.org/licenses/by-sa/2.0/",
            source_url="https://www.flickr.example/photos/1",
            thumbnail_url=f"{SITE}/small/1.jpg",
            picture_url=f"{SITE}/full/1.jpg",
            width=1024,
            height=768,
        ),
    )


def test_commons_tells_all_that_a_credit_needs() -> None:
    assert of_commons() == (
        FoundPicture(
            provider="Wikimedia Commons",
            title="Rotes Boot 1",
            author="Bo & Co",
            licence="CC BY 4.0",
            licence_url="https://creativecommons.org/licenses/by/4.0",
            source_url="https://commons.example/wiki/File:Rotes_Boot_1.jpg",
            thumbnail_url=f"{SITE}/small/101.jpg",
            picture_url=f"{SITE}/full/101.jpg",
            width=1200,
            height=900,
        ),
    )


def test_openverse_is_asked_for_what_may_be_changed_and_sold() -> None:
    site = Site()
    with standing(site) as server:
        providers(server)[0].find("red boat", 3, never)
    assert site.asked[0]["license"] == "by,by-sa,cc0,pdm"
    assert (site.asked[0]["q"], site.asked[0]["page"], site.asked[0]["page_size"]) == ("red boat", "3", "20")


def test_commons_is_asked_for_pictures_only() -> None:
    site = Site()
    with standing(site) as server:
        providers(server)[1].find("red boat", 3, never)
    asked = site.asked[0]
    assert (asked["gsrsearch"], asked["gsrnamespace"], asked["gsroffset"]) == ("red boat filetype:bitmap", "6", "40")


@pytest.mark.parametrize(
    ("licence", "version", "shown"),
    [
        ("by", "4.0", "CC BY 4.0"),
        ("cc0", "1.0", "CC0 1.0"),
        ("pdm", "1.0", "Public Domain Mark 1.0"),
        ("by", None, "CC BY"),
    ],
)
def test_a_licence_of_openverse_gets_its_short_name(licence: str, version: str | None, shown: str) -> None:
    assert of_openverse(license=licence, license_version=version)[0].licence == shown


OF_OPENVERSE_UNUSABLE: dict[str, dict[str, Any]] = {
    "may not be changed": {"license": "by-nd"},
    "may not be sold": {"license": "by-nc-sa"},
    "another licence": {"license": "nc-sampling+"},
    "no picture": {"url": None},
    "a number as its address": {"url": 5},
    "an address that is none": {"url": "javascript:alert(1)"},
    "a path as its address": {"url": "/etc/passwd"},
    "a small picture from a file": {"thumbnail": "file:///etc/passwd"},
    "a source that is a script": {"foreign_landing_url": "javascript:alert(1)"},
    "a width below 0": {"width": -5},
    "a width in words": {"width": "1024"},
    "a title without end": {"title": "x" * 50_000},
}


@pytest.mark.parametrize("changes", OF_OPENVERSE_UNUSABLE.values(), ids=OF_OPENVERSE_UNUSABLE.keys())
def test_an_unusable_result_of_openverse_is_left_out(changes: dict[str, Any]) -> None:
    assert of_openverse(**changes) == ()


OF_COMMONS_UNUSABLE: dict[str, dict[str, Any]] = {
    "a drawing in vectors": {"mime": "image/svg+xml"},
    "an animation": {"mime": "image/gif"},
    "a scan": {"mime": "image/tiff"},
    "more than 20 MB": {"size": 20_000_001},
    "more than 50 megapixels": {"width": 10_000, "height": 5_001},
    "no pixels": {"width": 0},
    "no licence": {"notes": {"LicenseShortName": None}},
    "a licence that is nothing": {"notes": {"LicenseShortName": {"value": "<br>"}}},
    "an address that is none": {"url": "file:///etc/passwd"},
    "no small picture": {"thumburl": None},
}


@pytest.mark.parametrize("changes", OF_COMMONS_UNUSABLE.values(), ids=OF_COMMONS_UNUSABLE.keys())
def test_an_unusable_result_of_commons_is_left_out(changes: dict[str, Any]) -> None:
    assert of_commons(**changes) == ()


def test_one_unusable_result_costs_only_itself() -> None:
    results: list[Any] = [openverse_entry(SITE, 1), {"title": "nothing else"}, None, "x", openverse_entry(SITE, 2)]
    with standing(Site(openverse=results)) as server:
        found = providers(server)[0].find("boat", 1, never).pictures
    assert [picture.title for picture in found] == ["Red boat 1", "Red boat 2"]


def test_what_is_missing_in_a_result_is_left_empty() -> None:
    (picture,) = of_openverse(title=None, creator=None, license_url=None, width=None, height=None)
    assert (picture.title, picture.author, picture.licence_url, picture.width) == ("Untitled", "", "", 0)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<a href="x">Jane <b>Doe</b></a>', "Jane Doe"),
        ("Jane<script>alert(1)</script>", "Jane"),
        ("&lt;b&gt;Jane&lt;/b&gt;", "<b>Jane</b>"),
        ("Jane\u202eeoD\u2069\x00\x1b[31m", "JaneeoD [31m"),
        ("  Jane\n\n Doe\t", "Jane Doe"),
        ("<style>b{}</style><i>Jane</i> <!-- x -->", "Jane"),
        ("<<<a<", "<<<a<"),
        ("<table><tr><td>Jane</td><td>Doe</td></tr></table>", "Jane Doe"),
        ("J<b>ane</b>", "Jane"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_an_author_in_html_becomes_plain_text(markup: str, shown: str) -> None:
    assert of_commons(notes={"Artist": {"value": markup}})[0].author == shown


def test_results_of_commons_come_best_first() -> None:
    pages = [commons_page(SITE, number) for number in (3, 1, 2)]
    with standing(Site(commons=pages)) as server:
        found = providers(server)[1].find("boat", 1, never).pictures
    assert [picture.title for picture in found] == ["Rotes Boot 1", "Rotes Boot 2", "Rotes Boot 3"]


NO_LISTS = {
    "no JSON": b"<html>",
    "half of it": b'{"results": [',
    "a list": b"[]",
    "a number": b"1",
    "nothing": b"",
    "other results": b'{"results": {"a": 1}, "query": {"pages": 5}}',
    "deep": b'{"results":' + b"[" * 5000 + b"]" * 5000 + b',"query":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "too many": json.dumps({"results": [1] * 201, "query": {"pages": [1] * 201}}).encode(),
    "no text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("which", [0, 1], ids=["Openverse", "Commons"])
@pytest.mark.parametrize("content", NO_LISTS.values(), ids=NO_LISTS.keys())
def test_an_answer_that_is_no_list_is_one_sentence(content: bytes, which: int) -> None:
    with standing(Site(openverse=content, commons=content)) as server:
        provider = providers(server)[which]
        with pytest.raises(ProviderFault, match=provider.name):
            provider.find("boat", 1, never)


@pytest.mark.parametrize("which", [0, 1], ids=["Openverse", "Commons"])
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("429 Too Many Requests", "wait a minute"),
        ("500 Oops", "out of order"),
        ("503 Busy", "out of order"),
        ("400 Bad Request", "refused the search"),
        ("401 Unauthorized", "refused the search"),
        ("404 Not Found", "refused the search"),
    ],
)
def test_a_refusal_is_one_sentence(status: str, words: str, which: int) -> None:
    with standing(Site(status={"openverse": status, "commons": status})) as server:
        provider = providers(server)[which]
        with pytest.raises(ProviderFault, match=words) as caught:
            provider.find("boat", 1, never)
    assert provider.name in str(caught.value)


MAXLAG = {"error": {"code": "maxlag", "info": "Waiting for 10.64.0.1: 7 seconds lagged.", "lag": 7}}
COMPLAINTS: dict[str, tuple[Any, str]] = {
    "maxlag": (MAXLAG, "is busy just now"),
    "a limit": ({"error": {"code": "ratelimited", "info": "You've exceeded your rate limit."}}, "is busy just now"),
    "read only": ({"errors": [{"code": "readonly", "text": "The wiki is read-only."}]}, "is busy just now"),
    "bad words": ({"error": {"code": "cirrussearch-parse-error", "info": "Bad <b>query</b>"}}, 'It says "Bad query"'),
    "a warning alone": ({"warnings": {"search": {"warnings": "Search is off."}}}, 'It says "Search is off."'),
    "a newer warning": (
        {"batchcomplete": True, "warnings": [{"code": "x", "text": "Search is off."}]},
        "Search is off",
    ),
    "an error in words": ({"error": "Too many requests"}, "is busy just now"),
    "a detail": ({"detail": "Request was throttled."}, "is busy just now"),
    "nothing at all": ({}, "no list of pictures"),
}


@pytest.mark.parametrize("which", [0, 1], ids=["Openverse", "Commons"])
@pytest.mark.parametrize(("document", "words"), COMPLAINTS.values(), ids=COMPLAINTS.keys())
def test_a_complaint_in_the_place_of_pictures_is_never_nothing_found(document: Any, words: str, which: int) -> None:
    content = json.dumps(document).encode()
    with standing(Site(openverse=content, commons=content)) as server:
        provider = providers(server)[which]
        with pytest.raises(ProviderFault, match=words) as caught:
            provider.find("boat", 1, never)
    assert str(caught.value).startswith(provider.name)


def test_a_busy_commons_is_said_in_the_search_beside_what_others_found() -> None:
    site = Site(openverse=[openverse_entry(SITE)], commons=json.dumps(MAXLAG).encode())
    with standing(site) as server:
        page = search("boat", providers=providers(server))
    assert (len(page.pictures), [problem[:25] for problem in page.problems]) == (1, ["Wikimedia Commons is busy"])


def test_what_a_search_that_found_nothing_answers_is_no_complaint() -> None:
    with standing(Site()) as server:
        assert [provider.find("boat", 1, never).pictures for provider in providers(server)] == [(), ()]


def test_a_provider_that_names_a_time_is_asked_again_after_it() -> None:
    def busy(_request: object) -> list[bytes]:
        return http(b"{}", "429 Too Many Requests", content_type="application/json", retry_after="90")

    with served(busy) as server, pytest.raises(ProviderFault, match="wait 1 min 30 s"):
        providers(server)[1].find("boat", 1, never)


def test_a_page_to_sign_in_to_the_network_is_told_from_an_answer() -> None:
    with standing(Site(kind="text/html")) as server, pytest.raises(ProviderFault, match="sign in"):
        providers(server)[0].find("boat", 1, never)


def test_a_list_without_end_is_left() -> None:
    with standing(Site(openverse=b"[" * 3_000_000)) as server, pytest.raises(TooLarge):
        providers(server)[0].find("boat", 1, never)


def test_a_credit_tells_what_the_search_told() -> None:
    (picture,) = of_openverse()
    credit = credit_for(picture, "media/boat.jpg")
    assert (credit.picture, credit.title, credit.author, credit.licence, credit.provider) == (
        "media/boat.jpg", "Red boat 1", "Ada Lovelace", "CC BY-SA 2.0", "Openverse",
    )  # fmt: skip
