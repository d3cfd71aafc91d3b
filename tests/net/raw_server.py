"""A server on this computer that sends exactly the bytes a test wants, when it wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[["Request"], Iterable[bytes]]


class Request:
    """What a client asked: the first line's path, and all bytes up to the empty line."""

    def __init__(self, head: bytes) -> None:
        self.head = head
        words = head.split(b" ")
        self.path = words[1].decode("latin-1") if len(words) > 1 else ""

    def header(self, name: str) -> str:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return ""


class RawServer:
    """``requests`` are those that came, ``sent`` the bytes that went out, ``gone`` whether a client hung up early."""

    def __init__(self, answer: Answer, context: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.place = ("127.0.0.1", self.port)
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"
        self.requests: list[Request] = []
        self.sent = 0
        self.gone = threading.Event()
        self.closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with suppress(OSError), self._secured(connection) as link:
            head = b""
            while b"\r\n\r\n" not in head and (piece := link.recv(4096)):
                head += piece
            if head:
                request = Request(head)
                self.requests.append(request)
                self._send(link, request)

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._context.wrap_socket(connection, server_side=True) if self._context else connection

    def _send(self, link: socket.socket, request: Request) -> None:
        try:
            for piece in self._answer(request):
                if self.closing.is_set():
                    return
                link.sendall(piece)
                self.sent += len(piece)
        except OSError:
            self.gone.set()


@contextmanager
def served(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    server = RawServer(answer, context)
    try:
        yield server
    finally:
        server.close()


def http(body: bytes = b"", status: str = "200 OK", **headers: str) -> list[bytes]:
    """A whole answer with the right length; ``content_type`` becomes Content-Type."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return ["\r\n".join([*lines, "", ""]).encode(), body]


def head(*lines: str) -> bytes:
    """The head of a 200 answer with these lines."""
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def redirect(location: str, status: str = "302 Found") -> list[bytes]:
    return http(b"", status, location=location)
