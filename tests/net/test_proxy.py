"""A proxy that the environment names is the way to a hub on the internet; it sees neither keys nor what is fetched."""

import ssl
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.hub.hub import hub_of_environment
from svi_studio.net.guarded_client import GuardedClient, guarded_client
from svi_studio.net.net_errors import BadAddress, Redirected, Unreachable, Untrusted
from svi_studio.net.origin import Origin
from svi_studio.net.proxy import Proxy, proxy_of_system, read_proxy
from svi_studio.net.secret import Secret
from tests.net.certificates import server_context
from tests.net.clients import Names
from tests.net.proxy_server import LocalProxy, standing_proxy
from tests.net.raw_server import http, redirect, served

SERVER = "https://1.1.1.1"
NAMES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def client(proxy: LocalProxy, trust: Path, login: str = "") -> GuardedClient:
    origin = Origin("http", "127.0.0.1", proxy.port)
    named = Proxy(origin, Secret(login, origin) if login else None)
    context = ssl.create_default_context(cafile=str(trust))
    names = Names({})  # nothing is looked up here: that is the proxy's business
    return guarded_client(
        deadline_s=5, max_bytes=1000, resolve=names, ssl_context=context, proxies=lambda server: named
    )


def test_what_is_fetched_goes_encrypted_through_the_proxy(tmp_path: Path) -> None:
    context, trust = server_context(tmp_path, "1.1.1.1")
    with served(lambda request: http(b"sealed"), context) as server, standing_proxy(server.place) as proxy:
        reply = client(proxy, trust, "me:pass word".replace(" ", "")).get(f"{SERVER}/a", key=Secret("canary", SERVER))
        assert reply.content == b"sealed"
        assert server.requests[0].header("Authorization") == "Bearer canary"
        (asked,) = proxy.asked
    assert asked.startswith("CONNECT 1.1.1.1:443 HTTP/1.1")
    assert "Basic bWU6cGFzc3dvcmQ=" in asked
    assert "canary" not in asked
    assert server.requests[0].header("Proxy-Authorization") == ""


def test_a_proxy_that_reads_along_is_not_trusted(tmp_path: Path) -> None:
    context, trust = server_context(tmp_path, "1.1.1.2")
    with served(lambda request: http(b"mine"), context) as server, standing_proxy(server.place) as proxy:
        with pytest.raises(Untrusted, match="could not prove who it is"):
            client(proxy, trust).get(SERVER, key=Secret("canary", SERVER))
        assert server.requests == []


@pytest.mark.parametrize(
    ("status", "words"),
    [("407 Proxy Authentication Required", "asks who you are"), ("403 Forbidden", "answers '403 Forbidden'")],
)
def test_a_proxy_that_refuses_is_one_sentence(status: str, words: str, tmp_path: Path) -> None:
    _, trust = server_context(tmp_path, "1.1.1.1")
    with standing_proxy(("127.0.0.1", 9), status) as proxy, pytest.raises(Unreachable, match=words) as told:
        client(proxy, trust).get(SERVER)
    assert f"{SERVER} (by the proxy http://127.0.0.1:{proxy.port})" in str(told.value)


def test_a_proxy_that_is_not_there_is_named(tmp_path: Path) -> None:
    _, trust = server_context(tmp_path, "1.1.1.1")
    with standing_proxy(("127.0.0.1", 9)) as proxy:
        pass
    with pytest.raises(Unreachable, match="by the proxy http://127"):
        client(proxy, trust).get(SERVER)


@pytest.mark.parametrize(
    "inside", ["https://10.0.0.1", "https://169.254.169.254", "https://localhost", "https://[::1]"]
)
def test_no_proxy_is_asked_for_what_lies_inside(inside: str, tmp_path: Path) -> None:
    context, trust = server_context(tmp_path, "1.1.1.1")
    with served(lambda request: redirect(f"{inside}/a"), context) as server, standing_proxy(server.place) as proxy:
        with pytest.raises((BadAddress, Redirected)):
            client(proxy, trust).get(SERVER)
        assert len(proxy.asked) == 1


def test_an_open_address_is_not_asked_of_a_proxy(tmp_path: Path) -> None:
    with standing_proxy(("127.0.0.1", 9)) as proxy:
        with pytest.raises(Unreachable, match="was not found"):
            client(proxy, server_context(tmp_path)[1]).get("http://hub.example/a")
        assert proxy.asked == []


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_environment_names_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Origin.of("https://huggingface.co")
    monkeypatch.setenv(name, "http://me:p%40ss@Proxy.Example:3128")
    found = proxy_of_system(hub)
    assert found is not None
    assert found.origin == Origin("http", "proxy.example", 3128)
    assert found.login is not None and found.login.tell(found.origin) == "me:p@ss"
    assert "p@ss" not in repr(found)
    monkeypatch.setenv("NO_PROXY", "example.org,.huggingface.co,huggingface.co")
    assert proxy_of_system(hub) is None


def test_without_a_name_the_way_is_straight() -> None:
    assert proxy_of_system(Origin.of("https://huggingface.co")) is None


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("proxy:3128", Origin("http", "proxy", 3128)),
        ("http://proxy", Origin("http", "proxy", 80)),
        ("https://proxy:8443/", Origin("https", "proxy", 8443)),
    ],
)
def test_addresses_of_proxies(address: str, origin: Origin) -> None:
    assert read_proxy(address) == Proxy(origin)


@pytest.mark.parametrize(
    "address", ["socks5://proxy:1080", "http://", "ftp://proxy:1", "http://proxy:99999", "http://[x"]
)
def test_what_is_no_proxy_is_one_sentence(address: str) -> None:
    with pytest.raises(BadInput, match="HTTPS_PROXY names"):
        read_proxy(address)


def test_the_hub_takes_it_and_a_hub_at_home_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    hub = hub_of_environment(Names({}))  # no name is known here
    assert hub.files.proxies(Origin.of("https://cdn.example")) == Proxy(Origin("http", "127.0.0.1", 3128))
    for home in ("http://127.0.0.1:5000", "https://10.0.0.7", "https://localhost:5000"):
        monkeypatch.setenv("HF_ENDPOINT", home)
        assert hub_of_environment().files.proxies(Origin.of("https://cdn.example")) is None
