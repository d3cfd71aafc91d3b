"""Encrypted servers: they have to prove who they are, and what began encrypted stays so."""

import ssl
from pathlib import Path

import pytest

from svi_studio.net import guarded_socket
from svi_studio.net.guarded_client import guarded_client
from svi_studio.net.net_errors import BadAddress, BrokenReply, Redirected, TooSlow, Unreachable, Untrusted
from svi_studio.net.secret import Secret
from tests.net.certificates import server_context
from tests.net.clients import Names, client_for
from tests.net.raw_server import http, redirect, served
from tests.net.socket_oracle import watched_sockets
from tests.patience import felt_time


def test_a_server_that_proves_itself_is_read(tmp_path: Path) -> None:
    context, trust = server_context(tmp_path)
    with served(lambda request: http(b"sealed"), context) as server:
        client = client_for(server, ssl_context=ssl.create_default_context(cafile=str(trust)))
        assert client.get(server.url).content == b"sealed"


@pytest.mark.parametrize(("address", "days"), [("127.0.0.2", 1), ("127.0.0.1", -1)], ids=["another's", "expired"])
def test_a_server_with_a_wrong_certificate_gets_nothing(address: str, days: int, tmp_path: Path) -> None:
    context, trust = server_context(tmp_path, address, days)
    with served(lambda request: http(b""), context) as server:
        client = client_for(server, ssl_context=ssl.create_default_context(cafile=str(trust)))
        with pytest.raises(Untrusted, match="could not prove who it is"):
            client.get(server.url, key=Secret("canary", server.url))
        assert server.requests == []


def test_a_certificate_that_nobody_signed_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trust = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trust))  # the environment has no say
    with served(lambda request: http(b""), context) as server, pytest.raises(Untrusted):
        client_for(server).get(server.url)


def test_an_encrypted_server_sends_nobody_to_an_open_one(tmp_path: Path) -> None:
    context, trust = server_context(tmp_path)
    with served(lambda request: http(b"open")) as other:
        with served(lambda request: redirect(other.url), context) as server:
            client = client_for(server, other, ssl_context=ssl.create_default_context(cafile=str(trust)))
            with pytest.raises(Redirected, match="not encrypted"):
                client.get(server.url)
        assert other.requests == []


def test_a_handshake_that_hangs_ends_at_the_deadline() -> None:
    # it waits for an end of the head that never comes
    with served(lambda request: []) as server, felt_time() as seconds:
        with pytest.raises(TooSlow):
            client_for(server, deadline_s=0.3).get(server.url.replace("http:", "https:"))
        assert seconds() < 1.3


def test_a_server_that_speaks_no_tls_is_one_sentence() -> None:
    with served(lambda request: http(b"")) as server, pytest.raises((Unreachable, TooSlow)):
        client_for(server, deadline_s=0.5).get(server.url.replace("http:", "https:"))


def test_an_encrypted_address_of_a_server_that_is_not_is_given_up_long_before_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guarded_socket, "HANDSHAKE_S", 0.2)
    with served(lambda request: []) as server, pytest.raises(Unreachable, match="begin it with http://"):
        client_for(server, deadline_s=600.0).get(server.url.replace("http:", "https:"))


def test_an_open_address_of_an_encrypted_server_says_how_to_begin_it(tmp_path: Path) -> None:
    context, _ = server_context(tmp_path)
    with served(lambda request: http(b""), context) as server, pytest.raises(BrokenReply, match="https://"):
        client_for(server, deadline_s=20.0).get(server.url.replace("https:", "http:"))


OWN = ("127.0.0.1", "::1", "10.1.2.3", "172.16.9.9", "192.168.178.20", "100.101.102.103", "fd00::20")


@pytest.mark.parametrize("address", OWN)
def test_a_server_in_the_own_network_may_be_unencrypted(address: str) -> None:
    names = Names({"box": [[address]]})
    with watched_sockets() as oracle:
        with pytest.raises(Unreachable):
            guarded_client(deadline_s=5, max_bytes=1000, allow_private=True, resolve=names).get("http://box:11434/v1")
        assert oracle.seen == [(address, 11434)]


@pytest.mark.parametrize("addresses", [["1.1.1.1"], ["192.168.1.1", "1.1.1.1"], ["2606:4700::1111"]])
def test_a_users_server_on_the_internet_must_be_encrypted(addresses: list[str]) -> None:
    names = Names({"models.example": [addresses]})
    with watched_sockets() as oracle:
        client = guarded_client(deadline_s=5, max_bytes=1000, allow_private=True, resolve=names)
        with pytest.raises(BadAddress, match="must begin with https"):
            client.get("http://models.example/v1", key=Secret("canary", "http://models.example"))
        assert oracle.seen == []


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "100.100.100.200", "[fd00:ec2::254]", "[fe80::1]", "0.0.0.0", "224.0.0.1", "[::]"]
)
def test_no_server_of_a_user_has_an_address_like_these(host: str) -> None:
    with watched_sockets() as oracle:
        with pytest.raises(BadAddress):
            guarded_client(deadline_s=5, max_bytes=1000, allow_private=True).get(f"http://{host}/v1")
        assert oracle.seen == []
