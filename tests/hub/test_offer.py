"""What a user hears before agreeing to a fetch, and what a removal takes away."""

import os
from pathlib import Path

import pytest

from svi_studio.domain.fetching.offer import FetchOffer
from svi_studio.hub.fetch import plan_fetch
from svi_studio.hub.fetched_record import read_record, record_path
from svi_studio.hub.hub import hub_of_environment
from svi_studio.hub.offer import offer_of
from svi_studio.hub.part_file import NOTE, PartNote
from svi_studio.hub.removal import remove_fetched
from tests.hub.fetches import fetched, model, some_files
from tests.hub.local_hub import REPOSITORY, LocalHub, standing

_TOTAL = 8 + 300_000 + 170_001


def _offer(hub: LocalHub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FetchOffer:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    ours = hub_of_environment()
    return offer_of(plan_fetch(model(licence="MIT"), ours, folder), ours.root)


def test_an_offer_says_how_much_comes_under_which_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(LocalHub(some_files())) as hub:
        offer = _offer(hub, tmp_path / "not" / "there yet", monkeypatch)
        assert offer.page == f"{hub.url}/{REPOSITORY}"
    assert (offer.files, offer.total, offer.to_come) == (4, _TOTAL, _TOTAL)
    assert offer.licence == "apache-2.0" and not offer.gated and offer.free > 0


def test_what_is_here_and_what_had_come_is_not_counted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = some_files()
    (tmp_path / "transformer").mkdir()
    (tmp_path / "transformer" / "one.safetensors").write_bytes(files["transformer/one.safetensors"])
    note = PartNote(checksum="0" * 64, size=170_001, done=((0, 100_000),))
    (tmp_path / "transformer" / f"two.safetensors{NOTE}").write_text(note.model_dump_json())
    with standing(LocalHub(files)) as hub:
        assert _offer(hub, tmp_path, monkeypatch).to_come == _TOTAL - 300_000 - 100_000


def test_a_removal_takes_what_came_and_leaves_what_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "it"
    with standing(LocalHub(some_files())) as hub:
        fetched(hub, folder, monkeypatch)
    own = folder / "transformer" / "mine.safetensors"
    own.write_bytes(b"mine")
    changed = folder / "transformer" / "two.safetensors"
    os.utime(changed, ns=(1, 1))
    record = read_record(folder, "it")
    assert record is not None
    assert remove_fetched(folder, record) == ("transformer/two.safetensors",)
    assert own.is_file() and changed.is_file() and not record_path(folder, "it").exists()
    assert not (folder / "transformer" / "one.safetensors").exists() and not (folder / "model_index.json").exists()


def test_a_removal_leaves_no_empty_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "it"
    with standing(LocalHub(some_files())) as hub:
        fetched(hub, folder, monkeypatch)
    record = read_record(folder, "it")
    assert record is not None and remove_fetched(folder, record) == ()
    assert not (folder / "transformer").exists()
