"""Answers that never end, never begin, lie about their length, or come when nobody waits any more."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.net.guarded_client import GuardedClient, guarded_client
from svi_studio.net.net_errors import BrokenReply, NetError, TooLarge, TooSlow, Unreachable
from tests.net.clients import client_for
from tests.net.raw_server import Answer, RawServer, Request, head, http, served
from tests.patience import SECONDS, felt_time

SHORT = 0.3  # seconds
MARGIN = 1.0  # seconds, as this process feels them
CAP = 100_000  # bytes


def drip(request: Request) -> Iterator[bytes]:
    yield head("Content-Length: 1000")
    for _ in range(200):
        yield b"x"
        time.sleep(0.02)


def silence(request: Request) -> Iterator[bytes]:
    yield b""
    time.sleep(2 * SHORT)


def slow_head(request: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    for _ in range(200):
        yield b"X: y\r\n"
        time.sleep(0.02)


@pytest.mark.parametrize("answer", [drip, silence, slow_head])
def test_the_deadline_is_for_the_whole_request(answer: Answer) -> None:
    with served(answer) as server, felt_time() as seconds:
        with pytest.raises(TooSlow):
            client_for(server, deadline_s=SHORT).get(server.url)
        assert seconds() < SHORT + MARGIN


def test_a_server_that_says_nothing_is_left_long_before_the_deadline() -> None:
    with served(silence) as server, pytest.raises(TooSlow, match="has said nothing"):
        client_for(server, deadline_s=600.0, silence_s=0.5 * SHORT).get(server.url)


def test_a_server_that_talks_slowly_is_not_silent() -> None:
    def slowly(request: Request) -> Iterator[bytes]:
        yield head("Content-Length: 8")
        for _ in range(8):
            yield b"x"
            time.sleep(0.05)

    with served(slowly) as server:
        assert client_for(server, deadline_s=600.0, silence_s=20.0).get(server.url).content == b"x" * 8


def test_the_deadline_is_for_all_redirects_together() -> None:
    def late(request: Request) -> Iterator[bytes]:
        time.sleep(0.6 * SHORT)
        yield from http(b"", "302 Found", location="/again")

    with served(late) as server, pytest.raises(TooSlow):
        client_for(server, deadline_s=SHORT).get(server.url)


def test_a_name_look_up_that_hangs_ends_at_the_deadline() -> None:
    waiting = threading.Event()
    client = guarded_client(deadline_s=SHORT, max_bytes=CAP, resolve=lambda host, port: [str(waiting.wait(3 * SHORT))])
    with felt_time() as seconds:
        with pytest.raises(TooSlow):
            client.get("https://pictures.example/")
        waiting.set()
        assert seconds() < SHORT + MARGIN


def test_a_server_that_accepts_nothing_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        place = listener.getsockname()
        full = [socket.socket() for _ in range(4)]
        for each in full:
            each.setblocking(False)
            each.connect_ex(place)
        client = guarded_client(deadline_s=SHORT, max_bytes=CAP, also_allowed={place})
        with pytest.raises((TooSlow, Unreachable)):
            client.get(f"http://127.0.0.1:{place[1]}/")
        for each in full:
            each.close()


def endless(request: Request) -> Iterator[bytes]:
    yield head()
    yield from repeat(b"x" * 4096)


def endless_chunks(request: Request) -> Iterator[bytes]:
    yield head("Transfer-Encoding: chunked")
    yield from repeat(b"1000\r\n" + b"x" * 4096 + b"\r\n")


def endless_tiny_chunks(request: Request) -> Iterator[bytes]:
    yield head("Transfer-Encoding: chunked")
    yield from repeat(b"1;" + b"e" * 500 + b"\r\nx\r\n")


def endless_early_answers(request: Request) -> Iterator[bytes]:
    yield from repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)


def announced(request: Request) -> Iterator[bytes]:
    yield head("Content-Length: 20000001")
    yield from repeat(b"x" * 4096)


@pytest.mark.parametrize("answer", [endless, endless_chunks, endless_tiny_chunks, endless_early_answers, announced])
def test_an_answer_without_end_is_left(answer: Answer) -> None:
    with served(answer) as server, pytest.raises(TooLarge):
        client_for(server, max_bytes=CAP).get(server.url)


def test_a_head_without_end_is_left() -> None:
    def answer(request: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        yield from repeat(b"X-Long: " + b"y" * 4000 + b"\r\n")

    with served(answer) as server, pytest.raises((TooLarge, BrokenReply)):
        client_for(server, max_bytes=CAP).get(server.url)


def test_no_more_is_read_than_may_come() -> None:
    read: list[int] = []
    with served(endless) as server, pytest.raises(TooLarge):  # noqa: SIM117 - the reply is of the inner one
        with client_for(server, max_bytes=CAP).open("GET", server.url) as reply:
            read.extend(len(piece) for piece in reply.pieces())
    assert sum(read) <= CAP


def test_an_announced_length_that_is_too_long_is_left_at_once() -> None:
    with served(announced) as server:
        with pytest.raises(TooLarge, match="larger than 100,000 bytes"):
            client_for(server, max_bytes=CAP).get(server.url)
        assert server.sent < 10_000_000


def test_an_answer_that_just_fits_is_read_whole() -> None:
    body = b"x" * (CAP - 200)
    with served(lambda request: http(body)) as server:
        assert client_for(server, max_bytes=CAP).get(server.url).content == body


def test_an_answer_that_is_longer_than_announced_is_cut_there() -> None:
    with served(lambda request: [head("Content-Length: 4"), b"pictures of more"]) as server:
        assert client_for(server).get(server.url).content == b"pict"


BROKEN = {
    "shorter than announced": [head("Content-Length: 400"), b"pict"],
    "two lengths": [head("Content-Length: 4", "Content-Length: 5"), b"pict"],
    "a length that is no number": [head("Content-Length: +4"), b"pict"],
    "a negative length": [head("Content-Length: -4"), b"pict"],
    "chunks that end early": [head("Transfer-Encoding: chunked"), b"4\r\npict\r\n"],
    "chunks that are none": [head("Transfer-Encoding: chunked"), b"zz\r\npict\r\n"],
    "another protocol": [b"SSH-2.0-OpenSSH_9.6\r\n"],
    "nothing": [b""],
    "half a head": [b"HTTP/1.1 200 OK\r\nConte"],
    "control characters in the head": [b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n"],
    "packed": [head("Content-Encoding: gzip", "Content-Length: 4"), b"pict"],
    "packed twice": [head("Content-Encoding: gzip, br", "Content-Length: 4"), b"pict"],
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer_is_one_sentence(answer: list[bytes]) -> None:
    with served(lambda request: answer) as server, pytest.raises(BrokenReply) as caught:
        client_for(server).get(server.url)
    assert server.url in str(caught.value)


def test_nobody_there_is_one_sentence() -> None:
    with served(lambda request: []) as server:
        pass
    with pytest.raises(Unreachable, match="check that it runs"):
        client_for(server).get(server.url)


def test_an_unknown_name_is_one_sentence() -> None:
    def no_such_name(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    client = guarded_client(deadline_s=5, max_bytes=CAP, resolve=no_such_name)
    with pytest.raises(Unreachable, match="was not found"):
        client.get("https://pictures.example/")


def until(event: threading.Event, server: RawServer) -> None:
    threading.Thread(target=lambda: (wait_for_request(server), event.set()), daemon=True).start()


def wait_for_request(server: RawServer) -> None:
    while not server.requests and not server.closing.wait(0.01):
        pass


@pytest.mark.parametrize("answer", [drip, silence, slow_head, endless])
def test_a_request_ends_soon_after_it_is_cancelled(answer: Answer) -> None:
    cancelled = threading.Event()
    with served(answer) as server:
        until(cancelled, server)
        with felt_time() as seconds:
            with pytest.raises((Stopped, TooLarge)):
                client_for(server, deadline_s=30, max_bytes=50_000_000).get(server.url, cancelled=cancelled.is_set)
            assert seconds() < MARGIN


def test_a_request_that_is_not_wanted_any_more_is_not_sent() -> None:
    with served(lambda request: http(b"")) as server:
        with pytest.raises(Stopped):
            client_for(server).get(server.url, cancelled=lambda: True)
        assert server.requests == []


def test_a_cancelled_request_hangs_up() -> None:
    with served(endless) as server:
        with pytest.raises(NetError), client_for(server, max_bytes=CAP).open("GET", server.url) as reply:
            list(reply.pieces())
        assert server.gone.wait(SECONDS)


@pytest.mark.parametrize(
    "request_of",
    [
        lambda client, url: client.get(url, params={"q": "boat\ud800"}),
        lambda client, url: client.open("POST", url, json={"prompt": "boat\ud800"}).__enter__(),
        lambda client, url: client.open("POST", url, json={"heat": float("nan")}).__enter__(),
    ],
    ids=["a query", "a body", "no number"],
)
def test_what_cannot_be_sent_is_one_sentence(request_of: Callable[[GuardedClient, str], object]) -> None:
    with served(lambda request: http(b"")) as server:
        with pytest.raises(BadInput, match="cannot be sent"):
            request_of(client_for(server), server.url)
        assert server.requests == []
