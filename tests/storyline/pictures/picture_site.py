"""A local site in the shape of Openverse, Wikimedia Commons and the places where pictures lie."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from svi_studio.storyline.pictures.commons import Commons
from svi_studio.storyline.pictures.openverse import Openverse
from tests.net.clients import client_for
from tests.net.raw_server import RawServer, Request, http, served

JSON = "application/json"


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def openverse_entry(site: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """One result as Openverse gives it, with the fields that nobody reads."""
    return {
        "id": f"{number:08}-0000-4000-8000-000000000000",
        "title": f"Red boat {number}",
        "indexed_on": "2024-05-01T10:00:00Z",
        "foreign_landing_url": f"https://www.flickr.example/photos/{number}",
        "url": f"{site}/full/{number}.jpg",
        "creator": "Ada Lovelace",
        "creator_url": "https://www.flickr.example/people/ada",
        "license": "by-sa",
        "license_version": "2.0",
        "license_url": "https://creativecommons.org/licenses/by-sa/2.0/",
        "provider": "flickr",
        "source": "flickr",
        "category": None,
        "filesize": None,
        "filetype": None,
        "tags": [{"name": "boat", "accuracy": None, "unstable__provider": "flickr"}],
        "attribution": "Red boat by Ada Lovelace is licensed under CC BY-SA 2.0.",
        "fields_matched": ["title"],
        "mature": False,
        "height": 768,
        "width": 1024,
        "thumbnail": f"{site}/small/{number}.jpg",
        "detail_url": f"{site}/v1/images/{number}/",
        "related_url": f"{site}/v1/images/{number}/related/",
        "unstable__sensitivity": [],
        **changes,
    }


def commons_page(site: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """One page as MediaWiki's API gives it; ``changes`` are of the file, ``notes`` of its extmetadata."""
    notes = {
        "ObjectName": {"value": f"Rotes Boot {number}", "source": "mediawiki-metadata"},
        "Artist": {"value": '<a href="//commons.example/wiki/User:Bo">Bo &amp; Co</a>', "source": "commons-desc-page"},
        "LicenseShortName": {"value": "CC BY 4.0", "source": "commons-desc-page", "hidden": ""},
        "LicenseUrl": {"value": "https://creativecommons.org/licenses/by/4.0", "source": "commons-desc-page"},
        **changes.pop("notes", {}),
    }
    file = {
        "size": 90_000,
        "width": 1200,
        "height": 900,
        "thumburl": f"{site}/small/{number + 100}.jpg",
        "thumbwidth": 330,
        "thumbheight": 248,
        "url": f"{site}/full/{number + 100}.jpg",
        "descriptionurl": f"https://commons.example/wiki/File:Rotes_Boot_{number}.jpg",
        "descriptionshorturl": "https://commons.example/w/index.php?curid=1",
        "mime": "image/jpeg",
        "extmetadata": {name: note for name, note in notes.items() if note is not None},
        **changes,
    }
    return {
        "pageid": number,
        "ns": 6,
        "title": f"File:Rotes Boot {number}.jpg",
        "index": number,
        "imagerepository": "local",
        "imageinfo": [file],
    }


@dataclass
class Site:
    """What the site holds; a list that is bytes is sent as it is. ``asked`` are the queries of searches."""

    openverse: list[dict[str, Any]] | bytes = field(default_factory=list)
    commons: list[dict[str, Any]] | bytes = field(default_factory=list)
    page_count: int = 1
    status: Mapping[str, str] = field(default_factory=dict)
    kind: str = JSON
    files: dict[str, list[bytes]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, request: Request) -> list[bytes]:
        parts = urlsplit(request.path)
        if parts.path in self.files:
            return self.files[parts.path]
        if parts.path == "/v1/images/":
            self._note(parts.query)
            return self._list("openverse", self.openverse, self._openverse_answer)
        if parts.path == "/w/api.php":
            self._note(parts.query)
            return self._list("commons", self.commons, _commons_answer)
        return http(b"nothing here", "404 Not Found", content_type="text/plain")

    def _note(self, query: str) -> None:
        self.asked.append({name: values[0] for name, values in parse_qs(query).items()})

    def _list(self, name: str, held: Any, answer: Any) -> list[bytes]:
        content = held if isinstance(held, bytes) else json.dumps(answer(held)).encode()
        return http(content, self.status.get(name, "200 OK"), content_type=self.kind)

    def _openverse_answer(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "result_count": len(results),
            "page_count": self.page_count,
            "page_size": 20,
            "page": 1,
            "results": results,
        }


def _commons_answer(pages: list[dict[str, Any]]) -> dict[str, Any]:
    if not pages:
        return {"batchcomplete": True}
    more = {"gsroffset": 20, "continue": "gsroffset||"}
    return {"batchcomplete": True, "continue": more, "query": {"pages": pages}}


@contextmanager
def standing(site: Site) -> Iterator[RawServer]:
    with served(site.answer) as server:
        site.url = server.url
        yield server


def providers(server: RawServer, **limits: Any) -> tuple[Openverse, Commons]:
    client = client_for(server, **{"max_bytes": 2_000_000, **limits})
    return (
        Openverse(client, f"{server.url}/v1/images/"),
        Commons(client, f"{server.url}/w/api.php"),
    )
