"""A hub on this computer that speaks as Hugging Face's does: listing, redirects to where the bytes lie, ranges."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "a" * 40
REPOSITORY = "people/model"


@dataclass
class Seen:
    path: str
    range: str
    key: str


@dataclass
class LocalHub:
    """``files`` by path; ``served`` counts bytes of files. ``before`` may answer a request in another way: True."""

    files: dict[str, bytes]
    commit: str = COMMIT
    gated: Any = False
    small: frozenset[str] = frozenset()
    redirects_to: str = "/blobs/"
    ranges: bool = True
    before: Callable[["Handler"], bool] | None = None
    send: Callable[["Handler", bytes, int], bytes] | None = None
    seen: list[Seen] = field(default_factory=list)
    served: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sha256(self, path: str) -> str:
        return hashlib.sha256(self.files[path]).hexdigest()

    def git_sha1(self, path: str) -> str:
        data = self.files[path]
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    def info(self) -> dict[str, Any]:
        siblings = []
        for path, data in self.files.items():
            entry: dict[str, Any] = {"rfilename": path, "size": len(data), "blobId": self.git_sha1(path)}
            if path not in self.small:
                entry["lfs"] = {"sha256": self.sha256(path), "size": len(data), "pointerSize": 134}
            siblings.append(entry)
        return {
            "id": REPOSITORY,
            "sha": self.commit,
            "gated": self.gated,
            "private": False,
            "cardData": {"license": "apache-2.0"},
            "siblings": siblings,
        }

    def tree(self) -> list[dict[str, Any]]:
        """As other clients ask for it."""
        return [
            {"type": "file", "path": path, "size": len(data), "oid": self.git_sha1(path)}
            | ({} if path in self.small else {"lfs": {"oid": self.sha256(path), "size": len(data), "pointerSize": 134}})
            for path, data in self.files.items()
        ]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: LocalHub

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.hub, urlsplit(self.path).path
        asked = Seen(path, self.headers.get("Range", ""), self.headers.get("Authorization", ""))
        with hub.lock:
            hub.seen.append(asked)
        if hub.before is not None and hub.before(self):
            return
        if path.startswith(f"/api/models/{REPOSITORY}/revision/") or path == f"/api/models/{REPOSITORY}":
            self.answer(200, json.dumps(hub.info()).encode(), {"Content-Type": "application/json"})
        elif path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            self.answer(200, json.dumps(hub.tree()).encode(), {"Content-Type": "application/json"})
        elif found := re.fullmatch(rf"/{REPOSITORY}/resolve/([^/]+)/(.+)", path):
            self._resolve(unquote(found[2]))
        elif path.startswith("/blobs/"):
            name = next(each for each in hub.files if hub.sha256(each) == path.rpartition("/")[2])
            self._bytes(name, {"ETag": '"other-name-of-the-storage"'})
        else:
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})

    def _resolve(self, name: str) -> None:
        hub = self.hub
        if name not in hub.files:
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})
        elif name in hub.small:
            self._bytes(name, {"ETag": f'"{hub.git_sha1(name)}"', "X-Repo-Commit": hub.commit})
        else:
            linked = {"X-Linked-Etag": f'"{hub.sha256(name)}"', "X-Linked-Size": str(len(hub.files[name]))}
            place = {"Location": hub.redirects_to + hub.sha256(name), "ETag": f'"{hub.sha256(name)}"'}
            self.answer(302, b"", {**linked, **place, "X-Repo-Commit": hub.commit})

    def _bytes(self, name: str, headers: dict[str, str]) -> None:
        data = self.hub.files[name]
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None or not self.hub.ranges:
            self.answer(200, data, headers, name=name)
            return
        first, last = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        about = {**headers, "Content-Range": f"bytes {first}-{last}/{len(data)}"}
        self.answer(206, data[first : last + 1], about, name=name, first=first)

    def answer(self, status: int, body: bytes, headers: dict[str, str], *, name: str = "", first: int = 0) -> None:
        self.send_response(status)
        for key, value in {"Accept-Ranges": "bytes", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if name and self.hub.send is not None:
            body = self.hub.send(self, body, first)
        for at in range(0, len(body), 1 << 16):
            piece = body[at : at + (1 << 16)]
            self.wfile.write(piece)
            if name:
                with self.hub.lock:
                    self.hub.served += len(piece)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what these tests are about."""


@contextmanager
def standing(hub: LocalHub) -> Iterator[LocalHub]:
    server = _Server(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
