"""A known model comes here whole and checked, whatever the hub and the network do."""

import threading
import time
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, BadWeights, DiskFull, StudioError
from svi_studio.hub.control import FetchControl
from svi_studio.hub.hub_errors import Damaged, Forbidden, NoSuchFile, Offline
from svi_studio.net.net_errors import NetError
from tests.hub.fetches import content, fetched, model, of_kind, some_files
from tests.hub.local_hub import Handler, LocalHub, standing
from tests.patience import SECONDS

SMALL = frozenset({"model_index.json"})


def test_all_files_come_in_ranges_and_nothing_else_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub(some_files(), small=SMALL)) as hub:
        events = fetched(hub, tmp_path, monkeypatch)
        assert of_kind(events, "fetch_done")[0].received == hub.served == 470_009
        assert len([each for each in hub.seen if each.path.startswith("/blobs/")]) >= 10
        assert not any("README" in each.path or "agent" in each.path for each in hub.seen)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and path.name[0] != ".") == [
        "empty.txt", "model_index.json", "one.safetensors", "two.safetensors",
    ]  # fmt: skip


def test_what_is_here_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub(some_files())) as hub:
        fetched(hub, tmp_path, monkeypatch)
        (tmp_path / "transformer" / "two.safetensors").unlink()
        hub.served = 0
        fetched(hub, tmp_path, monkeypatch)
        assert hub.served == 170_001


def test_a_file_of_somebody_elses_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model_index.json").write_text("mine")
    with standing(LocalHub(some_files())) as hub, pytest.raises(BadWeights, match="hub has: move it away, or choose"):
        fetched(hub, tmp_path, monkeypatch)
    assert (tmp_path / "model_index.json").read_text() == "mine"


def test_a_file_that_came_and_was_changed_is_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The advice leads somewhere: what came from the hub has a record, by which it is repaired."""
    with standing(LocalHub(some_files())) as hub:
        fetched(hub, tmp_path, monkeypatch)
        (tmp_path / "model_index.json").write_text("changed")
        with pytest.raises(BadWeights, match="hub has: repair the model, or choose"):
            fetched(hub, tmp_path, monkeypatch)


def test_a_connection_that_breaks_is_taken_up_where_it_broke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: list[int] = []

    def send(handler: Handler, body: bytes, first: int) -> bytes:
        if len(broken) < 5 and len(body) > 20_000:
            broken.append(first)
            handler.close_connection = True
            return body[:10_000]
        return body

    with standing(LocalHub(some_files(), send=send)) as hub:
        fetched(hub, tmp_path, monkeypatch)
        assert len(broken) == 5
        assert hub.served == 470_009


def test_a_server_without_ranges_gives_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub(some_files(), ranges=False)) as hub:
        fetched(hub, tmp_path, monkeypatch)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(
    status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def before(handler: Handler) -> bool:
        if "/resolve/" in handler.path and len(refused) < 3:
            refused.append(handler.path)
            handler.answer(status, b"", {"Retry-After": "0.3"})
            return True
        return False

    with standing(LocalHub(some_files(), before=before)) as hub:
        events = fetched(hub, tmp_path, monkeypatch)
    (waiting, *_) = of_kind(events, "fetch_waiting")
    assert (waiting.seconds, waiting.why) == (0.3, f"The hub is busy ({status}). Asking again in 0.3 s.")


@pytest.mark.parametrize(("asked", "when"), [("601", "in 10 min 1 s;"), ("999999", "another day;")])
def test_a_server_that_asks_for_too_long_a_wait_is_left_at_once(
    asked: str, when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before(handler: Handler) -> bool:
        if "/resolve/" in handler.path:
            handler.answer(429, b"", {"Retry-After": asked})
            return True
        return False

    with standing(LocalHub(some_files(), before=before)) as hub, pytest.raises(StudioError, match=when):
        fetched(hub, tmp_path, monkeypatch)


def test_a_server_that_stays_busy_is_left_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def before(handler: Handler) -> bool:
        if "/resolve/" in handler.path:
            handler.answer(503, b"", {})
            return True
        return False

    with standing(LocalHub(some_files(), before=before)) as hub, pytest.raises(StudioError, match="busy"):
        fetched(hub, tmp_path, monkeypatch)


def test_a_flipped_byte_on_the_way_makes_the_file_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flips: list[int] = []

    def send(handler: Handler, body: bytes, first: int) -> bytes:
        if first == 100_000 and not flips:
            flips.append(first)
            return bytes([body[0] ^ 1]) + body[1:]
        return body

    with standing(LocalHub(some_files(), send=send)) as hub:
        events = fetched(hub, tmp_path, monkeypatch)
    assert "checksum" in of_kind(events, "file_anew")[0].why


def test_a_file_that_is_damaged_on_the_hub_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(handler: Handler, body: bytes, first: int) -> bytes:
        return bytes([body[0] ^ 1]) + body[1:]

    with standing(LocalHub(some_files(), send=send)) as hub, pytest.raises(Damaged):
        fetched(hub, tmp_path, monkeypatch, known=model("transformer/two.safetensors"))
    assert not (tmp_path / "transformer" / "two.safetensors").exists()


def test_a_version_that_is_swapped_in_the_middle_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(handler: Handler, body: bytes, first: int) -> bytes:
        if first >= 150_000 and hub.commit != "b" * 40:
            hub.files["transformer/one.safetensors"] = content(310_000, 9)
            hub.commit = "b" * 40
        return body

    with standing(LocalHub({"transformer/one.safetensors": content(300_000, 1)}, send=send)) as hub:
        hub.before = lambda handler: _gone(hub, handler)
        events = fetched(hub, tmp_path, monkeypatch, known=model("transformer/*"))
    assert len(of_kind(events, "file_anew")) == 1


def _gone(hub: LocalHub, handler: Handler) -> bool:
    """Storage lets what was replaced go."""
    name = handler.path.rpartition("/")[2]
    if handler.path.startswith("/blobs/") and name not in map(hub.sha256, hub.files):
        handler.answer(416, b"", {})
        return True
    return False


HOSTILE = ["..\\evil.json", "con.json", "a\nb.json", ".hidden.json", "C:x.json", "a.json ", "run.py", "x.bin", "aux"]


@pytest.mark.parametrize("name", [f"transformer/{name}" for name in [*HOSTILE, "com1.txt", "a.", "\u202egp.json"]])
def test_hostile_names_are_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub({name: b"x"})) as hub, pytest.raises(BadInput):
        fetched(hub, tmp_path, monkeypatch, known=model("transformer/*"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["file:///etc/passwd#", "ftp://127.0.0.1/", "http://169.254.169.254/", "//user@x/"])
def test_a_redirect_to_no_good_place_is_refused(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub(some_files(), redirects_to=place)) as hub, pytest.raises((NetError, BadInput)):
        fetched(hub, tmp_path, monkeypatch)


def test_the_key_is_told_to_the_hub_and_to_no_other_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_canary")
    with standing(LocalHub(some_files())) as storage, standing(LocalHub(some_files())) as hub:
        hub.redirects_to = f"{storage.url}/blobs/"
        fetched(hub, tmp_path, monkeypatch)
        assert {each.key for each in hub.seen} == {"Bearer hf_canary"}
        assert {each.key for each in storage.seen} == {""}
        assert storage.served


def test_a_gated_model_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def before(handler: Handler) -> bool:
        if "/resolve/" in handler.path:
            handler.answer(403, b"", {"X-Error-Code": "GatedRepo"})
            return True
        return False

    hub = LocalHub(some_files(), gated="auto", before=before)
    with standing(hub), pytest.raises(Forbidden, match="make an access token under Settings"):
        fetched(hub, tmp_path, monkeypatch)


def test_what_the_hub_does_not_have_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub(some_files())) as hub, pytest.raises(NoSuchFile, match="vae/"):
        fetched(hub, tmp_path, monkeypatch, known=model("vae/*"))


def test_offline_means_that_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with standing(LocalHub(some_files())) as hub:
        with pytest.raises(Offline):
            fetched(hub, tmp_path, monkeypatch)
        assert hub.seen == []


def test_a_disk_without_room_is_told_before_a_byte_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 300 << 20})
    monkeypatch.setattr("svi_studio.hub.fetch.shutil.disk_usage", lambda _: usage)
    monkeypatch.setattr("svi_studio.hub.fetch._SPARE_BYTES", 300 << 20)
    with standing(LocalHub(some_files())) as hub, pytest.raises(DiskFull, match="free some space"):
        fetched(hub, tmp_path, monkeypatch)
    assert hub.served == 0
    assert {path.name for path in tmp_path.iterdir()} <= {".lock"}


def test_a_file_that_is_cut_on_the_hub_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends before the size that the hub lists, every time."""

    def send(handler: Handler, body: bytes, first: int) -> bytes:
        left = max(250_000 - first, 0)
        if len(body) > left:
            handler.close_connection = True
        return body[:left]

    with standing(LocalHub(some_files(), send=send)) as hub, pytest.raises(StudioError):
        fetched(hub, tmp_path, monkeypatch)
    assert not (tmp_path / "transformer" / "one.safetensors").exists()


def test_a_paused_fetch_asks_for_nothing_and_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, paused, asked = FetchControl(), threading.Event(), list[int]()

    def send(handler: Handler, body: bytes, first: int) -> bytes:
        if first >= 100_000 and not paused.is_set():
            control.pause()
            paused.set()
        time.sleep(0.01)
        return body

    def go_on_later() -> None:
        paused.wait(SECONDS)
        time.sleep(0.3)  # for what was under way
        asked.append(len(hub.seen))
        time.sleep(0.5)
        asked.append(len(hub.seen))
        control.go_on()

    with standing(LocalHub(some_files(), send=send)) as hub:
        later = threading.Thread(target=go_on_later)
        later.start()
        fetched(hub, tmp_path, monkeypatch, control=control)
        later.join(SECONDS)
        assert asked[0] == asked[1]
        assert hub.served <= 470_009 + 4 * 50_000
