"""A look through folders in a thread: told how far it is, given up when asked, one file judged alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.jobs.models import model_search
from svi_studio.jobs.models.model_search import ModelSearch
from tests.builders.weights_trees import lora, safetensors, vae

WAIT_MS = 60_000


@pytest.fixture
def search(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelSearch]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(model_search, "_TELL_S", 0.0)
    made = ModelSearch()
    yield made
    assert made.close()


def test_files_of_all_folders_are_found_and_a_lost_folder_is_told(
    qtbot: QtBot, search: ModelSearch, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    safetensors(one / "wan_2.1_vae.safetensors", vae())
    safetensors(two / "some.safetensors", lora())
    told: list[int] = []
    search.progress.connect(lambda count, _folder: told.append(count))
    with qtbot.waitSignal(search.found, timeout=WAIT_MS) as found:
        search.search([one, tmp_path / "lost", two])
    assert [row.kind for row in found.args[0].files] == ["vae", "lora"]
    assert len(found.args[0].problems) == 1 and "lost" in found.args[0].problems[0]
    assert told == [1, 2, 3, 4] and not search.is_searching


def test_a_cancelled_search_ends_without_a_word(qtbot: QtBot, search: ModelSearch, tmp_path: Path) -> None:
    for number in range(3):
        safetensors(tmp_path / f"{number}.safetensors", lora())
    search.progress.connect(lambda _count, _folder: None)
    with qtbot.waitSignal(search.ended, timeout=WAIT_MS) as ended:
        search.search([tmp_path])
        search.cancel()
    assert ended.args[0] == "" and not search.is_searching


def test_one_file_is_judged_and_a_missing_one_is_told(qtbot: QtBot, search: ModelSearch, tmp_path: Path) -> None:
    with qtbot.waitSignal(search.told, timeout=WAIT_MS) as told:
        search.what_is(safetensors(tmp_path / "it.safetensors", vae(48)))
    assert told.args[1].architecture == "wan2.2-vae"
    with qtbot.waitSignal(search.told_not, timeout=WAIT_MS) as told_not:
        search.what_is(tmp_path / "nothing.safetensors")
    assert "could not be read" in told_not.args[1]
