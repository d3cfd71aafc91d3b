"""Carries one httpx2 request over a guarded connection, and turns what can go wrong there into plain sentences."""

import logging
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from ssl import SSLContext

import httpcore2
import httpx2

from svi_studio.net.errand import Errand
from svi_studio.net.guarded_backend import GuardedBackend
from svi_studio.net.net_errors import BadAddress, BrokenReply, Unreachable
from svi_studio.net.proxy import Proxy
from svi_studio.settings import HTTPS_PROXY

logging.getLogger("httpcore2").setLevel(logging.INFO)  # below, it logs heads of answers, and some servers repeat keys


@cache
def trusted() -> SSLContext:
    """The certificates that the system trusts, whatever the environment says."""
    return httpx2.create_ssl_context(trust_env=False)


@contextmanager
def plain_errors(errand: Errand) -> Iterator[None]:
    """Raises a NetError with one sentence for what httpcore2 and httpx2 raise."""
    try:
        yield
    except httpcore2.ProxyError as error:
        raise Unreachable(_of_proxy(str(error), errand)) from None
    except httpcore2.ConnectError:
        raise Unreachable(f"No connection to {errand.server}: check that it runs and that the network works.") from None
    except (httpcore2.NetworkError, httpcore2.RemoteProtocolError):
        hint = "" if errand.is_encrypted else " If it is an encrypted server, begin its address with https://."
        raise BrokenReply(f"{errand.server} ended its answer early or sent something else than HTTP.{hint}") from None
    except (httpcore2.LocalProtocolError, httpcore2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.HTTPError):
        raise BadAddress(f"The address at {errand.server} cannot be asked for: check how it is written.") from None


def _of_proxy(answer: str, errand: Errand) -> str:
    if answer.startswith("407"):
        return (
            f"{errand.server} cannot be reached: the proxy asks who you are. Put your name and password into "
            f"{HTTPS_PROXY.name}, like http://name:password@host:3128."
        )
    return f"{errand.server} cannot be reached: the proxy answers {answer[:60].strip()!r}. Ask who runs it."


class _Body(httpx2.SyncByteStream):
    def __init__(self, pieces: typing.Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        if hasattr(self._pieces, "close"):
            self._pieces.close()


class GuardedTransport(httpx2.BaseTransport):
    """One connection for one request, never kept for another; by a ``proxy`` it is encrypted from end to end."""

    def __init__(self, backend: GuardedBackend, ssl_context: SSLContext | None, proxy: Proxy | None = None) -> None:
        self._pool = _pool(backend, ssl_context) if proxy is None else _tunnel(backend, ssl_context, proxy)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends it and reads the head of the answer; raises what httpcore2 raises and NetErrors."""
        assert isinstance(request.stream, httpx2.SyncByteStream)  # noqa: S101 - requests here are never asynchronous
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore2.Request(request.method, url, headers=request.headers.raw, content=request.stream)
        )
        assert isinstance(answer.stream, typing.Iterable)  # noqa: S101 - of a pool that is not asynchronous
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Ends the connection."""
        self._pool.close()


def _pool(backend: GuardedBackend, ssl_context: SSLContext | None) -> httpcore2.ConnectionPool:
    return httpcore2.ConnectionPool(
        ssl_context=ssl_context, max_connections=1, max_keepalive_connections=0, network_backend=backend
    )


def _tunnel(backend: GuardedBackend, ssl_context: SSLContext | None, proxy: Proxy) -> httpcore2.HTTPProxy:
    name, _, password = ("" if proxy.login is None else proxy.login.tell(proxy.origin)).partition(":")
    return httpcore2.HTTPProxy(
        str(proxy.origin),
        proxy_auth=(name, password) if name else None,
        ssl_context=ssl_context,
        proxy_ssl_context=trusted() if proxy.origin.scheme == "https" else None,
        max_connections=1,
        max_keepalive_connections=0,
        network_backend=backend,
    )
