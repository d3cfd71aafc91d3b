"""Fetches in a thread of their own: offered, brought, paused, stopped, checked, removed, refused in a sentence."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.jobs.models.model_fetcher import Checked, FetchEnd, ModelFetcher
from tests.hub.fetches import model, some_files
from tests.hub.local_hub import Handler, LocalHub, standing
from tests.patience import SECONDS

WAIT_MS = 60_000


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with standing(LocalHub(some_files())) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def fetcher(qtbot: QtBot) -> Iterator[ModelFetcher]:
    made = ModelFetcher()
    yield made
    assert made.close()


def _ended(qtbot: QtBot, fetcher: ModelFetcher, folder: Path, **more: Any) -> FetchEnd:
    with qtbot.waitSignal(fetcher.ended, timeout=WAIT_MS) as ended:
        fetcher.fetch(model(), folder, **more)
    end: FetchEnd = ended.args[0]
    return end


def test_an_entry_is_offered_then_fetched(qtbot: QtBot, hub: LocalHub, fetcher: ModelFetcher, tmp_path: Path) -> None:
    with qtbot.waitSignal(fetcher.offered, timeout=WAIT_MS) as offered:
        fetcher.ask(model(), tmp_path)
    assert offered.args[0].to_come == offered.args[0].total > 0
    kinds: list[str] = []
    fetcher.told.connect(lambda _name, event: kinds.append(event.kind))
    assert _ended(qtbot, fetcher, tmp_path) == FetchEnd("it", "done")
    assert kinds[0] == "fetch_started" and kinds[-1] == "fetch_done"
    assert (tmp_path / "transformer" / "one.safetensors").read_bytes() == hub.files["transformer/one.safetensors"]


def test_a_hub_that_is_not_asked_says_so(
    qtbot: QtBot, fetcher: ModelFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with qtbot.waitSignal(fetcher.refused, timeout=WAIT_MS) as refused:
        fetcher.ask(model(), tmp_path)
    assert refused.args[0] == "it" and "HF_HUB_OFFLINE" in refused.args[1]
    assert _ended(qtbot, fetcher, tmp_path).end == "failed"


def test_a_fetch_waits_while_paused_and_ends_when_stopped(
    qtbot: QtBot, hub: LocalHub, fetcher: ModelFetcher, tmp_path: Path
) -> None:
    def pause(handler: Handler, body: bytes, _first: int) -> bytes:
        fetcher.pause("it")
        return body

    hub.send = pause
    ends: list[FetchEnd] = []
    fetcher.ended.connect(ends.append)
    fetcher.fetch(model(), tmp_path)
    qtbot.waitUntil(lambda: hub.served > 0, timeout=WAIT_MS)
    qtbot.wait(300)
    assert not ends and fetcher.is_fetching("it")
    fetcher.stop("it")
    qtbot.waitUntil(lambda: bool(ends), timeout=WAIT_MS)
    assert ends[0].end == "stopped" and not fetcher.is_fetching("it")
    hub.send = None
    assert _ended(qtbot, fetcher, tmp_path).end == "done"


def test_one_that_waits_for_its_turn_ends_at_once_and_can_begin_anew(
    qtbot: QtBot, hub: LocalHub, fetcher: ModelFetcher, tmp_path: Path
) -> None:
    holding, go_on = threading.Event(), threading.Event()

    def hold(_handler: Handler, body: bytes, _first: int) -> bytes:
        holding.set()
        go_on.wait(SECONDS)
        return body

    hub.send = hold
    other = model("model_index.json").model_copy(update={"name": "other"})
    ends: list[FetchEnd] = []
    fetcher.ended.connect(ends.append)
    fetcher.fetch(model(), tmp_path / "it")
    fetcher.fetch(other, tmp_path / "other")
    qtbot.waitUntil(holding.is_set, timeout=WAIT_MS)
    fetcher.stop("other")
    assert ends == [FetchEnd("other", "stopped")]
    hub.send = None
    fetcher.fetch(other, tmp_path / "other")
    fetcher.stop("it")
    go_on.set()
    qtbot.waitUntil(lambda: len(ends) == 3, timeout=WAIT_MS)
    assert [(end.name, end.end) for end in ends[1:]] == [("it", "stopped"), ("other", "done")]


def test_a_pause_gives_the_turn_to_the_next_and_goes_on_after_it(
    qtbot: QtBot, hub: LocalHub, fetcher: ModelFetcher, tmp_path: Path
) -> None:
    def pause(_handler: Handler, body: bytes, _first: int) -> bytes:
        fetcher.pause("it")
        return body

    hub.send = pause
    other = model("model_index.json").model_copy(update={"name": "other"})
    ends: list[FetchEnd] = []
    fetcher.ended.connect(ends.append)
    fetcher.fetch(model(), tmp_path / "it")
    fetcher.fetch(other, tmp_path / "other")
    qtbot.waitUntil(lambda: bool(ends), timeout=WAIT_MS)
    assert ends == [FetchEnd("other", "done")] and fetcher.is_fetching("it")
    hub.send = None
    fetcher.go_on("it")
    qtbot.waitUntil(lambda: len(ends) == 2, timeout=WAIT_MS)
    assert ends[1] == FetchEnd("it", "done")
    assert (tmp_path / "it" / "transformer" / "one.safetensors").read_bytes() == hub.files[
        "transformer/one.safetensors"
    ]


def test_what_was_damaged_is_told_and_mended(
    qtbot: QtBot, hub: LocalHub, fetcher: ModelFetcher, tmp_path: Path
) -> None:
    _ended(qtbot, fetcher, tmp_path)
    file = tmp_path / "transformer" / "two.safetensors"
    file.write_bytes(b"x" * file.stat().st_size)
    with qtbot.waitSignal(fetcher.checked, timeout=WAIT_MS) as checked:
        fetcher.check(model(), tmp_path)
    assert checked.args[0] == Checked("it", (("transformer/two.safetensors", "it is damaged"),))
    assert _ended(qtbot, fetcher, tmp_path, mend=True).end == "done"
    assert file.read_bytes() == hub.files["transformer/two.safetensors"]


def test_what_was_never_fetched_cannot_be_removed(qtbot: QtBot, fetcher: ModelFetcher, tmp_path: Path) -> None:
    with qtbot.waitSignal(fetcher.removed, timeout=WAIT_MS) as removed:
        fetcher.remove(model(), tmp_path)
    assert "was not fetched" in removed.args[1]


def test_closing_stops_a_fetch_and_keeps_what_came(qtbot: QtBot, hub: LocalHub, tmp_path: Path) -> None:
    fetcher = ModelFetcher()
    fetcher.fetch(model(), tmp_path)
    qtbot.waitUntil(lambda: hub.served > 0 or not fetcher.is_fetching("it"), timeout=WAIT_MS)
    assert fetcher.close()
