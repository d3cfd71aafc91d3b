"""Which folders hold a model that can write stories, what it is called, and why another one is refused."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from svi_studio.cli.models import run as list_models
from svi_studio.domain.errors import BadWeights
from svi_studio.weights.story_models import find_story_models, model_name, story_model
from tests.weights.header_files import entry, write_safetensors


def folder_of(place: Path, model_type: str = "qwen2_5_vl", weights: bool = True) -> Path:
    place.mkdir(parents=True)
    (place / "config.json").write_text(json.dumps({"model_type": model_type}))
    if weights:
        header = {"a": entry([2, 3], 0, 12, "BF16"), "b": entry([5], 12, 32)}
        write_safetensors(place / "model.safetensors", header, bytes(32))
    return place


@pytest.mark.parametrize("kind", ["qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_vl_moe"])
def test_a_qwen_vl_is_known_by_its_configuration(tmp_path: Path, kind: str) -> None:
    found = story_model(folder_of(tmp_path / "Qwen", kind))
    assert (found.name, found.model_type, found.numbers, found.bytes) == ("Qwen", kind, 11, 32)


def test_a_model_in_several_files_is_counted_whole(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "Qwen", weights=False)
    for part in "12":
        write_safetensors(folder / f"part-{part}.safetensors", {f"w{part}": entry([4], 0, 8, "BF16")}, bytes(8))
    index = {"weight_map": {"w1": "part-1.safetensors", "w2": "part-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert story_model(folder).numbers == 8


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("llama", "is a llama, not a Qwen-VL"), ("qwen2", "is a qwen2, not a Qwen-VL"), ("", "of an unknown kind")],
)
def test_other_models_are_refused_by_their_name(tmp_path: Path, kind: str, sentence: str) -> None:
    with pytest.raises(BadWeights, match=sentence):
        story_model(folder_of(tmp_path / "Other", kind))


def test_a_folder_without_a_model_says_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"choose the folder with its config\.json"):
        story_model(tmp_path)


def test_a_name_that_the_system_refuses_is_no_model() -> None:
    with pytest.raises(BadWeights, match="There is no model"):
        story_model(Path("a\0b"))


def test_missing_weights_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"has no model\.safetensors"):
        story_model(folder_of(tmp_path / "Qwen", weights=False))


def test_a_pickle_in_disguise_is_not_opened(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "Qwen", weights=False)
    (folder / "model.safetensors").write_bytes(b"\x80\x02" + bytes(100))
    with pytest.raises(BadWeights, match="pickle"):
        story_model(folder)


def test_models_are_found_in_the_models_folders_and_among_downloads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "mine"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    own = folder_of(tmp_path / "mine" / "Qwen2.5-VL-7B-Instruct")
    folder_of(tmp_path / "mine" / "a text model", "qwen2")
    loaded = folder_of(tmp_path / "hub" / "models--Qwen--Qwen2.5-VL-3B-Instruct" / "snapshots" / "66285546")
    assert find_story_models() == (own, loaded)
    assert [model_name(folder) for folder in find_story_models()] == [
        "Qwen2.5-VL-7B-Instruct",
        "Qwen2.5-VL-3B-Instruct",
    ]


def test_no_places_to_look_in_are_no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "none"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "nor here"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert find_story_models() == ()


def test_the_command_line_lists_them_beside_those_that_render(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "mine"))
    folder = folder_of(tmp_path / "mine" / "Qwen2.5-VL-7B-Instruct")
    assert list_models(Namespace(action="list", json=False)) == 0
    listed = capsys.readouterr().out
    assert f"Qwen2.5-VL-7B-Instruct: writes stories and captions, does not render ({folder})" in listed
    assert "svi-mini" in listed
