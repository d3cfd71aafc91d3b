"""No request for a picture ever reaches a socket that is not public: judged at the socket itself."""

from collections.abc import Iterator

import pytest

from svi_studio.net.guarded_client import guarded_client
from svi_studio.net.net_errors import BadAddress, Unreachable
from tests.net.clients import Names, client_for
from tests.net.raw_server import http, redirect, served
from tests.net.refused_hosts import DISGUISES, LITERALS, OTHER_ADDRESSES, RESOLVED
from tests.net.socket_oracle import Oracle, watched_sockets

PUBLIC = ("93.184.215.14", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "11.0.0.1", "2606:4700::1111",
          "2a00:1450::1", "64:ff9b::101:101", "::ffff:1.1.1.1")  # fmt: skip


@pytest.fixture
def oracle() -> Iterator[Oracle]:
    with watched_sockets() as oracle:
        yield oracle


@pytest.mark.parametrize("host", LITERALS)
def test_an_address_that_is_not_public_is_not_connected_to(host: str, oracle: Oracle) -> None:
    with pytest.raises(BadAddress):
        client_for().get(f"http://{host}/picture.png")
    assert oracle.seen == []


@pytest.mark.parametrize("host", DISGUISES)
def test_a_number_in_disguise_is_not_connected_to(host: str, oracle: Oracle) -> None:
    with pytest.raises(BadAddress):
        client_for().get(f"http://{host}/picture.png")
    assert oracle.seen == []


@pytest.mark.parametrize("address", RESOLVED)
def test_a_name_of_an_inner_address_is_not_connected_to(address: str, oracle: Oracle) -> None:
    client = guarded_client(deadline_s=5, max_bytes=1000, resolve=Names({"pictures.example": [[address]]}))
    with pytest.raises(BadAddress):
        client.get("https://pictures.example/a.png")
    assert oracle.seen == []


@pytest.mark.parametrize("address", RESOLVED)
def test_a_name_with_one_inner_address_among_public_ones_is_not_connected_to(address: str, oracle: Oracle) -> None:
    names = Names({"pictures.example": [["1.1.1.1", address]]})
    with pytest.raises(BadAddress):
        guarded_client(deadline_s=5, max_bytes=1000, resolve=names).get("http://pictures.example/a.png")
    assert oracle.seen == []


@pytest.mark.parametrize("address", OTHER_ADDRESSES)
def test_what_is_no_plain_web_address_is_not_asked_for(address: str, oracle: Oracle) -> None:
    names = Names({"example.org": [["1.1.1.1"]]})
    with pytest.raises(BadAddress):
        guarded_client(deadline_s=5, max_bytes=1000, resolve=names).get(address)
    assert (oracle.seen, names.asked) == ([], [])


@pytest.mark.parametrize("host", [*LITERALS[::3], *DISGUISES[::3]])
def test_a_redirect_inward_is_not_followed(host: str, oracle: Oracle) -> None:
    with served(lambda request: redirect(f"http://{host}/secret")) as server:
        oracle.allowed = {server.place}
        with pytest.raises(BadAddress):
            client_for(server).get(server.url)
        assert oracle.seen == [server.place]


def test_a_redirect_to_another_port_of_the_same_host_is_judged_anew(oracle: Oracle) -> None:
    with served(lambda request: http(b"secret")) as inside, served(lambda request: redirect(inside.url)) as server:
        oracle.allowed = {server.place}
        with pytest.raises(BadAddress):
            client_for(server).get(server.url)
        assert inside.requests == []


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_connected_to_as_it_was_judged(address: str, oracle: Oracle) -> None:
    names = Names({"pictures.example": [[address]]})
    with pytest.raises(Unreachable):  # the oracle lets nothing out
        guarded_client(deadline_s=5, max_bytes=1000, resolve=names).get("http://pictures.example:8080/a.png")
    assert oracle.seen == [(address, 8080)]


def test_a_name_that_changes_its_address_is_looked_up_once(oracle: Oracle) -> None:
    names = Names({"pictures.example": [["1.1.1.1"], ["127.0.0.1"]]})
    with pytest.raises(Unreachable):
        guarded_client(deadline_s=5, max_bytes=1000, resolve=names).get("http://pictures.example/a.png")
    assert (names.asked, oracle.seen) == (["pictures.example"], [("1.1.1.1", 80)])


def test_a_name_that_changes_its_address_between_redirects_is_refused(oracle: Oracle) -> None:
    with served(lambda request: redirect("/again")) as server:
        names = Names({"pictures.example": [["127.0.0.1"], ["127.0.0.2"]]})
        oracle.allowed = {server.place}
        client = guarded_client(deadline_s=5, max_bytes=1000, resolve=names, also_allowed={server.place})
        with pytest.raises(BadAddress):
            client.get(f"http://pictures.example:{server.port}/")
        assert oracle.seen == [server.place]


def test_the_next_public_address_is_tried_when_one_does_not_answer(oracle: Oracle) -> None:
    names = Names({"pictures.example": [["1.1.1.1", "2606:4700::1111"]]})
    with pytest.raises(Unreachable):
        guarded_client(deadline_s=5, max_bytes=1000, resolve=names).get("http://pictures.example/a.png")
    assert oracle.seen == [("1.1.1.1", 80), ("2606:4700::1111", 80)]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_used(name: str, oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(lambda request: http(b"ours")) as server, served(lambda request: http(b"a proxy's")) as proxy:
        monkeypatch.setenv(name, proxy.url)
        oracle.allowed = {server.place, proxy.place}
        assert client_for(server).get(server.url).content == b"ours"
        assert oracle.seen == [server.place]
