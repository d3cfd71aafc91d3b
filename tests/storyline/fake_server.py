"""A real local HTTP server, down at its sockets: it answers with whatever bytes a test wants to send, and when."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Sent = Iterator[bytes | float]
"""What a server does: bytes are sent, numbers are seconds to wait; returning closes the connection."""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.content)

    @property
    def texts(self) -> list[str]:
        """The text of each message."""
        return [_text(message["content"]) for message in self.body["messages"]]

    @property
    def pictures(self) -> list[str]:
        """The addresses of all pictures in the messages, in order."""
        contents = [message["content"] for message in self.body["messages"] if isinstance(message["content"], list)]
        return [part["image_url"]["url"] for parts in contents for part in parts if part["type"] == "image_url"]

    @property
    def wanted(self) -> int:
        """How many cards the last message asks for."""
        return int(re.findall(r"exactly (\d+) cards", self.texts[-1])[-1])


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


@dataclass
class FakeServer:
    """``with FakeServer(answer) as server``: asks ``answer`` what to send for each request; keeps what was asked."""

    answer: Callable[[Asked], Sent]
    asked: list[Asked] = field(default_factory=list)
    send_buffer: int | None = None

    def __enter__(self) -> "FakeServer":
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        if self.send_buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.send_buffer)
        self._listener.settimeout(0.02)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(0.05)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            asked = self._read(connection)
            if asked is None:
                return
            self.asked.append(asked)
            for step in self.answer(asked):
                if isinstance(step, float):
                    if self._stop.wait(step):
                        return
                elif not self._send(connection, step):
                    return

    def _read(self, connection: socket.socket) -> Asked | None:
        received = b""
        while not self._stop.is_set():
            head, blank, content = received.partition(b"\r\n\r\n")
            if blank:
                lines = head.decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
                }
                if len(content) >= int(headers.get("content-length", 0)):
                    method, path, _ = lines[0].split(" ")
                    return Asked(method, path, headers, content)
            try:
                piece = connection.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError:
                return None
            if not piece:
                return None
            received += piece
        return None

    def _send(self, connection: socket.socket, content: bytes) -> bool:
        left = memoryview(content)
        while left and not self._stop.is_set():
            try:
                left = left[connection.send(left) :]
            except TimeoutError:
                continue
            except OSError:
                return False
        return not left
