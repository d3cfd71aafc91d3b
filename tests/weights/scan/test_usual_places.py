"""Folders of other programs are found by name, each once."""

import json
from pathlib import Path

import pytest

from svi_studio.weights.scan.usual_places import usual_places


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LOCALAPPDATA", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path


def _found(home: Path) -> list[tuple[str, Path]]:
    return [(place.program, place.folder) for place in usual_places(home) if home in place.folder.parents]


def test_programs_in_the_usual_folders_and_the_cache(home: Path) -> None:
    for name in ("Documents/ComfyUI", "Wan2GP", "hub"):
        (home / name).mkdir(parents=True)
    assert _found(home) == [
        ("ComfyUI", home / "Documents" / "ComfyUI"),
        ("Wan2GP", home / "Wan2GP"),
        ("Hugging Face", home / "hub"),
    ]


def test_the_desktop_program_says_where_it_keeps_files(home: Path) -> None:
    settings = home / ".config" / "ComfyUI"
    settings.mkdir(parents=True)
    (home / "Far away").mkdir()
    (settings / "config.json").write_text(json.dumps({"basePath": str(home / "Far away")}))
    assert _found(home) == [("ComfyUI", home / "Far away")]


@pytest.mark.parametrize("content", ["[]", "{", '{"basePath": 3}', '{"basePath": "a\\u0000b"}', "[" * 100_000])
def test_settings_that_say_nothing_cost_nothing(home: Path, content: str) -> None:
    settings = home / ".config" / "ComfyUI"
    settings.mkdir(parents=True)
    (settings / "config.json").write_text(content)
    assert _found(home) == []


def test_two_names_of_one_folder_are_one_place(home: Path) -> None:
    (home / "AI" / "ComfyUI").mkdir(parents=True)
    (home / "ComfyUI").symlink_to(home / "AI" / "ComfyUI")
    assert len(_found(home)) == 1
