"""Redirects: at most three, each one judged, never to less safety, never with a key or a body."""

import pytest

from svi_studio.net.net_errors import BadAddress, Redirected
from svi_studio.net.secret import Secret
from tests.net.clients import client_for
from tests.net.raw_server import RawServer, Request, http, redirect, served
from tests.net.refused_hosts import OTHER_ADDRESSES


def countdown(request: Request) -> list[bytes]:
    """/3 leads to /2, and so on; /0 is there."""
    left = int(request.path[1:])
    return redirect(f"/{left - 1}") if left else http(b"here")


def test_three_redirects_are_followed() -> None:
    with served(countdown) as server:
        assert client_for(server).get(f"{server.url}/3").content == b"here"


def test_a_fourth_redirect_is_not_followed() -> None:
    with served(countdown) as server:
        with pytest.raises(Redirected):
            client_for(server).get(f"{server.url}/4")
        assert [request.path for request in server.requests] == ["/4", "/3", "/2", "/1"]


def test_a_redirect_in_a_circle_ends() -> None:
    with served(lambda request: redirect("/round")) as server, pytest.raises(Redirected):
        client_for(server).get(f"{server.url}/round")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_every_kind_of_redirect_is_one(status: str) -> None:
    with served(lambda request: http(b"") if request.path == "/b" else redirect("/b", status)) as server:
        assert client_for(server).get(f"{server.url}/a").url == f"{server.url}/b"


@pytest.mark.parametrize("status", ["300 Multiple Choices", "304 Not Modified", "305 Use Proxy", "306 Unused"])
def test_what_is_no_redirect_leads_nowhere(status: str) -> None:
    with served(lambda request: redirect("http://127.0.0.1:1/", status)) as server:
        assert client_for(server).get(server.url).status == int(status[:3])


ABSOLUTE = [each for each in OTHER_ADDRESSES if ":" in each.partition("/")[0] and each.isprintable()]


@pytest.mark.parametrize(
    "address", [*ABSOLUTE, "//user@example.org/", "//@example.org/", "//127.1/", "\\\\example.org\\"]
)
def test_a_redirect_to_no_plain_web_address_is_refused(address: str) -> None:
    with served(lambda request: redirect(address)) as server:
        with pytest.raises((BadAddress, Redirected)):
            client_for(server).get(server.url)
        assert len({request.path for request in server.requests}) == 1


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary", "308 Permanent"])
def test_a_request_with_a_body_follows_no_redirect(status: str) -> None:
    with served(lambda request: redirect("/b", status)) as server:
        with pytest.raises(Redirected), client_for(server).open("POST", f"{server.url}/a", json={"a": 1}):
            pass
        assert len(server.requests) == 1


def test_a_request_with_a_key_follows_no_redirect_not_even_at_home() -> None:
    with served(lambda request: redirect("/b")) as server:
        with pytest.raises(Redirected):
            client_for(server).get(f"{server.url}/a", key=Secret("canary", server.url))
        assert len(server.requests) == 1


def test_a_key_reaches_no_other_server() -> None:
    with served(lambda request: http(b"other")) as other, served(lambda request: redirect(other.url)) as server:
        with pytest.raises(Redirected):
            client_for(server, other).get(server.url, key=Secret("canary", server.url))
        assert other.requests == []


def test_no_request_tells_where_the_user_came_from() -> None:
    with served(countdown) as server:
        client_for(server).get(f"{server.url}/2")
        assert [told(server, name) for name in ("Referer", "Cookie", "Authorization")] == [{""}, {""}, {""}]


def test_cookies_are_not_given_back() -> None:
    with served(lambda request: http(b"", "302 Found", location="/b", set_cookie="a=b") if request.path == "/a"
                else http(b"")) as server:  # fmt: skip
        client_for(server).get(f"{server.url}/a")
        assert told(server, "Cookie") == {""}


def told(server: RawServer, header: str) -> set[str]:
    return {request.header(header) for request in server.requests}
