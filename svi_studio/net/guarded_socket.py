"""A connection that looks at the clock, at its size and at whether it is wanted while it waits for the other side."""

import selectors
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import httpcore2

from svi_studio.net.errand import Errand
from svi_studio.net.net_errors import Unreachable, Untrusted

T = TypeVar("T")
HANDSHAKE_S = 15.0
_ATTEMPT_S = 4.0  # before the next address of the same server is tried
_AGAIN = (TimeoutError, BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class GuardedSocket(httpcore2.NetworkStream):
    """A connected socket of one errand; ``timeout`` arguments are left aside, for the errand has its own."""

    def __init__(self, sock: socket.socket, errand: Errand) -> None:
        self._sock = sock
        self._errand = errand

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most ``max_bytes``. Raises TooSlow, TooLarge, Stopped, or httpcore2.ReadError."""
        if self._errand.bytes_left <= 0:
            raise self._errand.too_large()
        wanted = min(max_bytes, self._errand.bytes_left)
        try:
            piece = self._patiently(lambda: self._sock.recv(wanted))
        except OSError as error:
            raise httpcore2.ReadError(type(error).__name__) from error
        self._errand.count(len(piece))
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of ``buffer``. Raises TooSlow, Stopped, or httpcore2.WriteError."""
        left = memoryview(buffer)
        try:
            while left:
                left = left[self._patiently(lambda rest=left: self._sock.send(rest)) :]  # type: ignore[misc]
        except OSError as error:
            raise httpcore2.WriteError(type(error).__name__) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted. Raises Untrusted, Unreachable, TooSlow, Stopped, or httpcore2.ConnectError.

        A server that does not speak TLS waits for a line that never comes, so its time is short.
        """
        plain = Unreachable(
            f"{self._errand.server} does not answer in encrypted form (https): check its address, or begin it with "
            "http:// when it is a server in your own network."
        )
        try:
            self._sock = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            with self._errand.stage(HANDSHAKE_S, plain):
                self._patiently(self._sock.do_handshake)
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise Untrusted(
                f"{self._errand.server} could not prove who it is ({error.verify_message}), so nothing was sent to it."
            ) from error
        except OSError as error:
            self.close()
            raise plain from error
        except ValueError as error:  # a host that no certificate can name
            self.close()
            raise httpcore2.ConnectError(type(error).__name__) from error
        return self

    def close(self) -> None:
        """Ends the connection."""
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore2 asks of every connection."""
        if info == "ssl_object":
            return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
        if info == "is_readable":
            return True  # never used twice, so never asked whether it is still good
        return self._sock if info == "socket" else None

    def _patiently(self, act: Callable[[], T]) -> T:
        while True:
            self._errand.check()
            self._sock.settimeout(self._errand.tick)
            try:
                return act()
            except _AGAIN:
                continue


def connect(addresses: Iterable[tuple[int, Any]], errand: Errand) -> GuardedSocket:
    """Connects to the first of the numeric ``addresses`` (family, socket address) that answers.

    Raises httpcore2.ConnectError when none does, TooSlow or Stopped.
    """
    last: OSError | None = None
    for family, address in addresses:
        try:
            return GuardedSocket(_connected(family, address, errand), errand)
        except OSError as error:
            last = error
    raise httpcore2.ConnectError(type(last).__name__) from last


def _connected(family: int, address: Any, errand: Errand) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            sock.connect(address)
        except BlockingIOError:
            _wait_until_connected(sock, errand)
        return sock
    except BaseException:
        sock.close()
        raise


def _wait_until_connected(sock: socket.socket, errand: Errand) -> None:
    waited = 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while waited < _ATTEMPT_S:
            errand.check()
            tick = errand.tick
            if selector.select(tick):
                fault = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if fault:
                    raise OSError(fault, "connect")
                return
            waited += tick
    raise TimeoutError("connect")
