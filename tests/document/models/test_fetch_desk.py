"""Fetches as the window follows them: offered together, one after the other, paused, remembered, told in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.models.fetch_desk import FetchDesk
from svi_studio.document.models.fetch_state import FetchState, after
from svi_studio.document.models.fetch_words import gated_words, offer_line, room_words, state_words
from svi_studio.domain.fetching.events import FetchProgress, FetchStarted, FetchWaiting, FileChecking
from svi_studio.domain.fetching.offer import FetchOffer
from tests.hub.fetches import model, some_files
from tests.hub.local_hub import LocalHub, standing

WAIT_MS = 60_000
OFFER = FetchOffer("it", "It", 2, 3_000_000_000, 1_200_000_000, 50_000_000_000, "mit", False, "/m", "https://hub/it")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FetchDesk]:
    with standing(LocalHub(some_files())) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        made = FetchDesk()
        made.place = tmp_path
        other = model("model_index.json").model_copy(update={"name": "other", "title": "Other", "folder": "other"})
        made.models = {"it": model(), "other": other}
        yield made
        assert made.close()


def test_the_sum_is_known_when_all_are_offered(qtbot: QtBot, desk: FetchDesk) -> None:
    assert desk.sum_of(["it", "other"]) is None
    desk.ask(["it", "other", "unknown"])
    assert desk.is_asking(["other"])
    qtbot.waitUntil(lambda: desk.sum_of(["it", "other"]) == 470_009 + 8, timeout=WAIT_MS)


def test_what_was_fetched_arrives_and_leaves_the_list(qtbot: QtBot, desk: FetchDesk, tmp_path: Path) -> None:
    arrived: list[str] = []
    desk.arrived.connect(arrived.append)
    desk.fetch(["it", "other"])
    assert desk.is_busy and [state.stage for state in desk.states.values()] == ["waiting", "waiting"]
    qtbot.waitUntil(lambda: arrived == ["it", "other"], timeout=WAIT_MS)
    assert not desk.states and (tmp_path / "other" / "model_index.json").is_file()


def test_a_failed_fetch_stays_with_its_reason_until_it_is_taken_off(
    qtbot: QtBot, desk: FetchDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    desk.fetch(["it"])
    qtbot.waitUntil(lambda: desk.states["it"].stage == "failed", timeout=WAIT_MS)
    assert "HF_HUB_OFFLINE" in state_words(desk.states["it"]) and not desk.is_busy
    monkeypatch.delenv("HF_HUB_OFFLINE")
    with qtbot.waitSignal(desk.arrived, timeout=WAIT_MS):
        desk.go_on("it")


def test_an_unfinished_fetch_of_an_earlier_start_waits_for_its_user(desk: FetchDesk) -> None:
    desk.remember(["it", "gone from the catalogue"])
    assert [state.stage for state in desk.states.values()] == ["stopped"] and not desk.is_busy
    desk.forget("it")
    assert not desk.states


def test_a_check_and_a_removal_are_told(qtbot: QtBot, desk: FetchDesk, tmp_path: Path) -> None:
    with qtbot.waitSignal(desk.arrived, timeout=WAIT_MS):
        desk.fetch(["other"])
    with qtbot.waitSignal(desk.said, timeout=WAIT_MS) as said:
        desk.check("other")
    assert said.args == ["ok", "All files of Other are as they came."]
    with qtbot.waitSignal(desk.said, timeout=WAIT_MS) as said:
        desk.remove("other")
    assert said.args == ["ok", "Other is removed."] and not (tmp_path / "other" / "model_index.json").exists()


def test_a_pause_outlasts_what_still_comes() -> None:
    state = FetchState("it", "It", "paused")
    for event in (FetchStarted(1, 10, 10, "c"), FetchProgress(5, 10, 1.0, 5.0), FileChecking("x")):
        state = after(state, event)
    assert state.stage == "paused" and state.part == 0.5


def test_states_in_words() -> None:
    coming = after(FetchState("it", "It"), FetchProgress(4_100_000_000, 13_200_000_000, 35e6, 260.0))
    assert state_words(coming) == "4.1 GB of 13 GB · 35 MB a second · about 4 min left"
    waits = after(coming, FetchWaiting(3.0, "The hub is busy (503)."))
    assert state_words(waits) == "4.1 GB of 13 GB · The hub is busy (503)."
    assert state_words(after(coming, FileChecking("x"))) == "4.1 GB of 13 GB · checking what came"


def test_offers_in_words() -> None:
    assert offer_line(OFFER) == "It: 1.2 GB of 3.0 GB. Terms: mit."
    assert room_words([OFFER]) == ("50 GB are free on the disk.", True)
    sentence, fits = room_words([OFFER, replace(OFFER, free=2_000_000_000)])
    assert not fits and "2.4 GB are to come" in sentence and "2.0 GB free" in sentence
    assert gated_words(OFFER) == "" and "accept them there" in gated_words(replace(OFFER, gated=True))
