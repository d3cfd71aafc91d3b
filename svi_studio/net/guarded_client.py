"""HTTP requests that cannot be led astray: checked addresses, few redirects, bounded size and time, no environment."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

import httpx2

from svi_studio import __version__
from svi_studio.domain.errors import BadInput
from svi_studio.net.errand import Errand, never
from svi_studio.net.guarded_backend import GuardedBackend, Reachable
from svi_studio.net.guarded_transport import GuardedTransport, plain_errors, trusted
from svi_studio.net.name_lookup import Resolve, system_addresses
from svi_studio.net.net_errors import BrokenReply, Redirected
from svi_studio.net.origin import Origin
from svi_studio.net.plain_url import next_address, plain_url
from svi_studio.net.proxy import Proxies, straight
from svi_studio.net.secret import Secret

MAX_HOPS = 3
_AGENT = f"SVI-Studio/{__version__} (desktop program)"


@dataclass(frozen=True)
class Reply:
    """A whole answer. ``url`` is where it came from in the end, ``kind`` its media type in lower case without more."""

    status: int
    url: str
    kind: str
    headers: Mapping[str, str]
    content: bytes


class OpenReply:
    """An answer whose body is still to come."""

    def __init__(self, response: httpx2.Response, errand: Errand) -> None:
        self._response = response
        self._errand = errand
        self.status = response.status_code
        self.url = str(response.url)
        self.headers: Mapping[str, str] = response.headers
        self.kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def leads_to(self) -> str | None:
        """Where a redirect goes, for a request that follows none itself. Raises BadAddress, Redirected."""
        if not self._response.has_redirect_location:
            return None
        there = next_address(self._response.url, self.headers["location"])
        _refuse_less_safe(self._response.url, there, self._errand)
        return str(there)

    def pieces(self) -> Iterator[bytes]:
        """The body as it comes. Raises TooLarge, TooSlow, BrokenReply, Stopped."""
        with plain_errors(self._errand):
            yield from self._response.iter_raw()

    def read(self) -> Reply:
        """The body whole; raises as ``pieces``."""
        content = b"".join(self.pieces())
        return Reply(self.status, self.url, self.kind, self.headers, content)


@dataclass(frozen=True)
class GuardedClient:
    """The rules of a kind of request. Holds nothing open and may be used by several threads at once."""

    deadline_s: float
    max_bytes: int
    reachable: Reachable
    ssl_context: SSLContext | None
    silence_s: float = math.inf
    proxies: Proxies = straight

    def get(
        self,
        address: str,
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "*/*",
        key: Secret | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Reply:
        """Reads a whole answer. Raises as ``open``."""
        headers = {"Accept": accept}
        with self.open("GET", address, params=params, headers=headers, key=key, cancelled=cancelled) as reply:
            return reply.read()

    @contextmanager
    def open(
        self,
        method: str,
        address: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        key: Secret | None = None,
        cancelled: Callable[[], bool] = never,
        follow: bool = True,
    ) -> Iterator[OpenReply]:
        """Sends a request and follows at most three redirects; none with a key or with a body.

        Without ``follow`` a redirect is an answer as any other, and ``leads_to`` says where it goes.

        Raises BadAddress, Unreachable, Untrusted, TooSlow, TooLarge, BrokenReply, Redirected, OtherOrigin, or Stopped
        within a fifth of a second after ``cancelled`` has turned true. The status is the caller's to judge.
        """
        url = _with_params(plain_url(address), params)
        if url.scheme == "https" and self.ssl_context is None:
            trusted()  # read the first time only, and not in the time of the request
        errand = Errand(str(Origin.of(url)), self.deadline_s, self.max_bytes, cancelled, self.silence_s)
        hops = MAX_HOPS if method == "GET" else 0
        while True:
            request = _request(method, url, json, _headers(url, headers, key))
            with self._sent(request, errand) as response:
                if not (follow and response.has_redirect_location):
                    yield _opened(response, errand)
                    return
                if key is not None:  # where to is left out: a server could have put the key in there
                    raise Redirected(f"{errand.server} sends this request elsewhere, which is not followed with a key.")
                url = _next_hop(url, response, hops, errand)
                hops -= 1
                errand.server = str(Origin.of(url))

    @contextmanager
    def _sent(self, request: httpx2.Request, errand: Errand) -> Iterator[httpx2.Response]:
        errand.is_encrypted = is_encrypted = request.url.scheme == "https"
        server = Origin.of(request.url)
        proxy = self.proxies(server) if is_encrypted else None
        if proxy is not None:
            errand.server = f"{server} (by the proxy {proxy.origin})"
        reachable = self.reachable if proxy is None else self.reachable.by_proxy(server)
        backend = GuardedBackend(reachable, errand, is_encrypted)
        transport = GuardedTransport(backend, self.ssl_context or (trusted() if is_encrypted else None), proxy)
        with closing(transport):
            with plain_errors(errand):
                response = transport.handle_request(request)  # an httpx2.Client would log the address and more
            response.request = request
            with closing(response):
                yield response


def guarded_client(
    *,
    deadline_s: float,
    max_bytes: int,
    allow_private: bool = False,
    resolve: Resolve = system_addresses,
    also_allowed: Collection[tuple[str, int]] = (),
    ssl_context: SSLContext | None = None,
    silence_s: float = math.inf,
    proxies: Proxies = straight,
) -> GuardedClient:
    """A client whose requests take at most ``deadline_s`` seconds and ``max_bytes`` bytes, redirects and all.

    It reaches public servers only. ``allow_private`` is for a server that the user named: this computer and the own
    network are good then, and what lies on the internet must be encrypted. ``also_allowed`` holds numeric addresses
    with ports that are good in any case; ``ssl_context`` trusts other certificates than the system's. ``silence_s`` is
    how long a server may say nothing. ``proxies`` names the proxy by which an encrypted server is reached.
    """
    reachable = Reachable(allow_private, also_allowed, resolve)
    return GuardedClient(deadline_s, max_bytes, reachable, ssl_context, silence_s, proxies)


def _with_params(url: httpx2.URL, params: Mapping[str, str] | None) -> httpx2.URL:
    try:
        return url.copy_merge_params(dict(params)) if params else url
    except (UnicodeError, httpx2.InvalidURL):
        raise _unsendable(url) from None


def _request(method: str, url: httpx2.URL, json: Any, headers: Mapping[str, str]) -> httpx2.Request:
    try:
        return httpx2.Request(method, url, json=json, headers=headers)
    except (TypeError, ValueError):
        raise _unsendable(url) from None


def _unsendable(url: httpx2.URL) -> BadInput:
    return BadInput(f"A word for {Origin.of(url)} holds half of a character, which cannot be sent: type it again.")


def _headers(url: httpx2.URL, headers: Mapping[str, str] | None, key: Secret | None) -> dict[str, str]:
    wanted = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Connection": "close", **(headers or {})}
    if key is not None:
        wanted["Authorization"] = f"Bearer {key.tell(Origin.of(url))}"
    return wanted


def _opened(response: httpx2.Response, errand: Errand) -> OpenReply:
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise BrokenReply(f"{errand.server} packed its answer although it was asked not to, so it was left unread.")
    length = response.headers.get("content-length", "")
    if length.isdigit():
        errand.announce(int(length))
    return OpenReply(response, errand)


def _next_hop(here: httpx2.URL, response: httpx2.Response, hops: int, errand: Errand) -> httpx2.URL:
    there = next_address(here, response.headers["location"])
    if hops <= 0:
        raise Redirected(f"{errand.server} sends this request on to {Origin.of(there)}, which is not followed.")
    _refuse_less_safe(here, there, errand)
    return there


def _refuse_less_safe(here: httpx2.URL, there: httpx2.URL, errand: Errand) -> None:
    if here.scheme == "https" and there.scheme == "http":
        raise Redirected(f"{errand.server} sends this request on to {Origin.of(there)}, which is not encrypted.")
