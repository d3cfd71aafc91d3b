"""A proxy on this computer that leads every tunnel to one server, whatever was asked for."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class LocalProxy:
    """``asked`` are the heads of the requests that came; ``status`` is the first line of its answer."""

    def __init__(self, leads_to: tuple[str, int], status: str = "200 Connected") -> None:
        self.asked: list[str] = []
        self._leads_to, self._status = leads_to, status
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            head = b""
            while b"\r\n\r\n" not in head and (piece := client.recv(4096)):
                head += piece
            self.asked.append(head.decode("latin-1"))
            client.sendall(f"HTTP/1.1 {self._status}\r\n\r\n".encode())
            if self._status.startswith("200"):
                self._join(client)

    def _join(self, client: socket.socket) -> None:
        with socket.create_connection(self._leads_to, 5) as server:
            back = threading.Thread(target=_pour, args=(server, client), daemon=True)
            back.start()
            _pour(client, server)
            back.join(5)


def _pour(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(1 << 16):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@contextmanager
def standing_proxy(leads_to: tuple[str, int], status: str = "200 Connected") -> Iterator[LocalProxy]:
    proxy = LocalProxy(leads_to, status)
    try:
        yield proxy
    finally:
        proxy.close()
