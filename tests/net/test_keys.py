"""Keys: one for each origin, in the keyring or in memory, and deaf to every other server."""

import sys
import types

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import null

from svi_studio.domain.errors import BadInput
from svi_studio.net import keys as keys_module
from svi_studio.net.keys import KeyStore
from svi_studio.net.net_errors import BadAddress, OtherOrigin
from svi_studio.net.origin import Origin
from svi_studio.net.secret import Secret
from tests.net.clients import client_for
from tests.net.raw_server import http, served
from tests.storyline.memory_keyring import LockedKeyring, MemoryKeyring

REAL_CHOICE = keys_module._system_keyring
HOME = "https://models.example"
OTHERS = (
    "http://models.example",
    "https://models.example:8443",
    "https://models.example.evil.org",
    "https://models.example.",
    "https://www.models.example",
    "https://model.example",
    "http://models.example:443",
    "https://xn--models-.example",
    "https://мodels.example",
    "https://1.1.1.1",
)
SAME = (
    "https://models.example/",
    "https://models.example:443",
    "HTTPS://Models.EXAMPLE/v1/chat/completions?a=b",
    "https://models.example/v1#here",
)


@pytest.mark.parametrize("origin", SAME)
def test_a_key_is_found_for_all_of_its_own_server(origin: str) -> None:
    keys = KeyStore(MemoryKeyring())
    keys.set_key(HOME, "canary")
    assert keys.key_for(origin) == Secret("canary", HOME)


@pytest.mark.parametrize("origin", OTHERS)
def test_a_key_is_not_found_for_another_server(origin: str) -> None:
    keys = KeyStore(MemoryKeyring())
    keys.set_key(HOME, "canary")
    assert keys.key_for(origin) is None


@pytest.mark.parametrize("origin", OTHERS)
def test_a_key_says_nothing_to_another_server(origin: str) -> None:
    with pytest.raises(OtherOrigin) as caught:
        Secret("canary", HOME).tell(origin)
    assert "canary" not in str(caught.value)


def test_a_request_with_another_servers_key_is_not_sent() -> None:
    with served(lambda request: http(b"")) as server:
        with pytest.raises(OtherOrigin):
            client_for(server).get(server.url, key=Secret("canary", HOME))
        assert server.requests == []


def test_a_request_brings_its_key() -> None:
    with served(lambda request: http(b"")) as server:
        client_for(server).get(server.url, key=Secret("canary", server.url))
        assert server.requests[0].header("Authorization") == "Bearer canary"


def test_a_key_is_kept_in_the_keyring_and_nowhere_else() -> None:
    ring = MemoryKeyring()
    assert KeyStore(ring).set_key(HOME, "canary") == ""
    assert KeyStore(ring).key_for(HOME) == Secret("canary", HOME)


def test_a_new_key_takes_the_place_of_the_old_one() -> None:
    keys = KeyStore(MemoryKeyring())
    keys.set_key(HOME, "old")
    keys.set_key(HOME, "new")
    assert keys.key_for(HOME) == Secret("new", HOME)


def test_a_forgotten_key_is_gone() -> None:
    ring = MemoryKeyring()
    keys = KeyStore(ring)
    keys.set_key(HOME, "canary")
    assert (keys.forget(HOME), keys.key_for(HOME), ring.kept) == ("", None, {})


def test_to_forget_what_was_never_kept_is_no_fault() -> None:
    assert KeyStore(MemoryKeyring()).forget(HOME) == ""


def test_with_a_locked_keyring_a_key_is_kept_in_memory_and_that_is_said() -> None:
    ring = LockedKeyring()
    keys = KeyStore(ring)
    assert "until the program closes" in keys.set_key(HOME, "canary")
    assert (keys.key_for(HOME), ring.kept) == (Secret("canary", HOME), {})


def test_with_a_locked_keyring_there_is_no_key() -> None:
    assert KeyStore(LockedKeyring()).key_for(HOME) is None


def test_a_locked_keyring_may_still_hold_a_key_and_that_is_said() -> None:
    assert "unlock it" in KeyStore(LockedKeyring()).forget(HOME)


class _PlainFile(KeyringBackend):
    """What some install to have their keys in a plain file."""

    priority = 99  # type: ignore[assignment]
    __module__ = "keyrings.alt.file"

    def __init__(self) -> None:
        self.written: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        return "from a plain file"

    def set_password(self, service: str, username: str, password: str) -> None:
        self.written.append(password)


@pytest.fixture
def real_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose a keyring as the program does, which other tests never do."""
    monkeypatch.setattr("svi_studio.net.keys._system_keyring", REAL_CHOICE)


@pytest.mark.usefixtures("real_choice")
@pytest.mark.parametrize("rings", [[], [null.Keyring()], [_PlainFile()]], ids=["none", "null", "plain file"])
def test_without_a_keyring_of_the_system_a_key_is_kept_in_memory(
    rings: list[KeyringBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: rings)
    keys = KeyStore()
    assert "until the program closes" in keys.set_key(HOME, "canary")
    assert keys.key_for(HOME) == Secret("canary", HOME)


@pytest.mark.usefixtures("real_choice")
def test_a_keyring_of_plain_files_hears_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = _PlainFile()
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [ring])
    assert KeyStore().key_for(HOME) is None
    KeyStore().set_key(HOME, "canary")
    assert ring.written == []


@pytest.mark.usefixtures("real_choice")
def test_the_best_keyring_of_the_system_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    rings = [_of_the_system(priority) for priority in (3, 5, 0)]
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [_PlainFile(), *rings])
    assert KeyStore().set_key(HOME, "canary") == ""
    assert [list(ring.kept.values()) for ring in rings] == [[], ["canary"], []]


def _of_the_system(priority: int) -> MemoryKeyring:
    kind = type("Keyring", (MemoryKeyring,), {"priority": priority, "__module__": "keyring.backends.SecretService"})
    return kind()  # type: ignore[no-any-return]


@pytest.mark.usefixtures("real_choice")
def test_a_keyring_that_cannot_be_imported_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring.backend", types.ModuleType("broken"))
    assert "until the program closes" in KeyStore().set_key(HOME, "canary")


@pytest.mark.parametrize("words", ["", " ", "two words", "line\nbreak", "bell\a", "schlüssel", "“quoted”", "k" * 5000])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(words: str) -> None:
    with pytest.raises(BadInput) as caught:
        KeyStore(MemoryKeyring()).set_key(HOME, words)
    assert len(words) < 3 or words not in str(caught.value)


def test_spaces_around_a_pasted_key_do_not_count() -> None:
    assert Secret(" canary\n", HOME) == Secret("canary", HOME)


@pytest.mark.parametrize("origin", ["", "models.example", "file:///key", "https://", "sk-canary", "https://a:b:c"])
def test_without_a_web_address_there_is_no_key(origin: str) -> None:
    with pytest.raises(BadAddress):
        KeyStore(MemoryKeyring()).key_for(origin)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://[::1]:11434/v1", "http://[::1]:11434"),
        ("HTTP://LocalHost:80", "http://localhost"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example"),
        ("https://a.example:444", "https://a.example:444"),
    ],
)
def test_an_origin_reads_like_an_address(address: str, shown: str) -> None:
    assert str(Origin.of(address)) == shown


def test_an_origin_finds_itself_again() -> None:
    assert all(Origin.of(str(Origin.of(address))) == Origin.of(address) for address in (*SAME, *OTHERS))
