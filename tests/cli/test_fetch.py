"""``svi-studio models fetch``, ``verify``, ``repair`` and ``add`` from end to end, against a hub on this computer."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from svi_studio.cli.program import main
from svi_studio.domain.fetching.known_model import KnownModels
from tests.hub.fetches import model, some_files
from tests.hub.local_hub import Handler, LocalHub, standing


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """A hub whose one model is known by the name ``it``, and a models folder of its own."""
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("svi_studio.hub.known_models.own_entries_folder", lambda: tmp_path / "known")
    entry = tmp_path / "entry.json"
    entry.write_text(KnownModels(version=1, models=(model(),)).model_dump_json())
    assert main(["models", "add", str(entry)]) == 0
    with standing(LocalHub(some_files())) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def test_a_list_shows_files_sizes_and_terms_and_fetches_nothing(
    hub: LocalHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "fetch", "it", "--list"]) == 0
    said = capsys.readouterr().out
    assert "transformer/one.safetensors: 300 kB" in said
    assert "apache-2.0" in said
    assert hub.served == 0


def test_a_fetch_tells_a_script_everything(hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["models", "fetch", "it", "--json"]) == 0
    kinds = [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()]
    assert kinds[0] == "fetch_started"
    assert kinds[-1] == "fetch_done"
    assert kinds.count("file_fetched") == 4
    assert (tmp_path / "models" / "it" / "transformer" / "one.safetensors").stat().st_size == 300_000


def test_what_is_damaged_is_found_and_only_that_comes_again(
    hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "elsewhere"
    assert main(["models", "fetch", "it", "--into", str(place)]) == 0
    assert main(["models", "verify", "it", "--into", str(place)]) == 0
    one, two = (place / "transformer" / f"{name}.safetensors" for name in ("one", "two"))
    whole = one.read_bytes()
    one.write_bytes(whole[:1000] + bytes([whole[1000] ^ 4]) + whole[1001:])
    two.write_bytes(two.read_bytes()[:-1])
    capsys.readouterr()
    assert main(["models", "verify", "it", "--into", str(place)]) == 3
    assert capsys.readouterr().out.splitlines() == [
        "transformer/one.safetensors: it is damaged",
        "transformer/two.safetensors: it is cut short",
    ]
    hub.served = 0
    assert main(["models", "repair", "it", "--into", str(place)]) == 0
    assert hub.served == 470_001
    assert one.read_bytes() == whole
    assert main(["models", "verify", "it", "--into", str(place)]) == 0


def test_what_was_fetched_is_removed_and_what_changed_since_is_kept(
    hub: LocalHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "fetch", "it"]) == 0
    one, two = (tmp_path / "models" / "it" / "transformer" / f"{name}.safetensors" for name in ("one", "two"))
    two.write_bytes(b"mine")
    capsys.readouterr()
    assert main(["models", "remove", "it"]) == 0
    said = capsys.readouterr().out
    assert "it is removed: 470 kB are free again." in said and "two.safetensors has changed" in said
    assert not one.exists() and two.read_bytes() == b"mine"
    assert main(["models", "remove", "it"]) == 2


ASTRAY: list[dict[str, object]] = [
    {"folder": "../out"},
    {"repository": "a/b/c"},
    {"files": [{"path": "x/../../y.json"}]},
    {"files": [{"path": "run.py"}]},
    {"files": [{"path": "a.json", "save_as": "/etc/a.json"}]},
    {"extra": 1},
]


@pytest.mark.parametrize("change", ASTRAY)
def test_an_entry_that_leads_astray_is_refused(
    change: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("svi_studio.hub.known_models.own_entries_folder", lambda: tmp_path / "known")
    entry = {**json.loads(model().model_dump_json()), **change}
    (tmp_path / "entry.json").write_text(json.dumps({"version": 1, "models": [entry]}))
    assert main(["models", "add", str(tmp_path / "entry.json")]) == 2
    assert "entry.json" in capsys.readouterr().err
    assert not (tmp_path / "known").exists()


def test_all_that_ships_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "fetch"]) == 0
    said = capsys.readouterr().out
    names = ("wan2.1-i2v-14b-480p", "wan2.1-i2v-14b-720p", "wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "svi-2.0-pro-wan2.2")
    assert all(f"{name}: " in said for name in (*names, "dwpose", "lightx2v-wan2.2", "qwen3-vl-4b"))


def test_a_token_is_asked_for_before_the_fetch_and_sent_to_the_hub(
    hub: LocalHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("svi_studio.cli.fetch.getpass", lambda _words: " hf_canary ")
    assert main(["models", "fetch", "it", "--ask-token"]) == 0
    said = capsys.readouterr()
    assert "hf_canary" not in said.out + said.err
    assert {each.key for each in hub.seen} == {"Bearer hf_canary"}


def test_a_model_with_terms_names_the_command_that_asks_for_the_token(
    hub: LocalHub, capsys: pytest.CaptureFixture[str]
) -> None:
    def before(handler: Handler) -> bool:
        if "/resolve/" in handler.path:
            handler.answer(403, b"", {"X-Error-Code": "GatedRepo"})
            return True
        return False

    hub.before = before
    assert main(["models", "fetch", "it"]) != 0
    assert 'models fetch it --ask-token" asks for it' in capsys.readouterr().err
