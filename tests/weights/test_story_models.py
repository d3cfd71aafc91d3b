"""Which folders hold a model that can write stories, what it is called, and why another one is refused."""

import json
import os
from argparse import Namespace
from pathlib import Path

import pytest

from svi_studio.cli.doctor import _models
from svi_studio.cli.models import run as list_models
from svi_studio.domain.errors import BadWeights
from svi_studio.weights.story_models import find_story_models, model_name, story_model, story_model_problem
from tests.builders.header_files import entry, write_safetensors


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
    with pytest.raises(BadWeights, match=r"is incomplete: model\.safetensors is missing"):
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


def half_download(hub: Path) -> Path:
    """As Hugging Face's tools leave it: links to blobs, two states of one model, a blob that never came whole."""
    model = hub / "models--Qwen--Qwen2.5-VL-3B-Instruct"
    for name in ("blobs", "refs", "snapshots/0000old", "snapshots/aaa111"):
        (model / name).mkdir(parents=True)
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (model / "blobs" / "c1").write_text(json.dumps({"model_type": "qwen2_5_vl"}))
    (model / "blobs" / "i1").write_text(json.dumps({"weight_map": shards}))
    (model / "blobs" / "w1.incomplete").touch()
    (model / "refs" / "main").write_text("aaa111")
    for snapshot in ("0000old", "aaa111"):
        (model / "snapshots" / snapshot / "config.json").symlink_to("../../blobs/c1")
    (model / "snapshots" / "aaa111" / "model.safetensors.index.json").symlink_to("../../blobs/i1")
    return model


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of Hugging Face's tools, and no models folder of the user's."""
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "mine"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_half_a_download_is_one_model_marked_incomplete(hub: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = half_download(hub)
    assert find_story_models() == (model / "snapshots" / "aaa111",)
    list_models(Namespace(action="list", json=False))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Qwen" in line]
    assert "writes stories" not in line
    assert "is incomplete, its download broke off or still runs: model-00001-of-00002.safetensors" in line
    assert "model-00002-of-00002.safetensors are missing" in line


def test_the_doctor_marks_half_a_download(hub: Path) -> None:
    half_download(hub)
    (found,) = [finding for finding in _models() if "Qwen" in finding.subject]
    assert found.verdict == "note"
    assert "is incomplete" in found.fact


@pytest.mark.parametrize("named", ["0000old", "gone", None])
def test_the_state_that_main_names_counts_else_the_youngest(hub: Path, named: str | None) -> None:
    model = half_download(hub)
    os.utime(model / "snapshots" / "0000old", (1, 1))
    (model / "refs" / "main").unlink() if named is None else (model / "refs" / "main").write_text(f"{named}\n")
    assert [folder.name for folder in find_story_models()] == ["0000old" if named == "0000old" else "aaa111"]


def test_a_whole_download_is_usable_whatever_else_was_left(hub: Path) -> None:
    model = half_download(hub)
    for number, name in ((1, "a"), (2, "b")):
        blob = model / "blobs" / f"w{number}"
        write_safetensors(blob, {name: entry([4], 0, 8, "BF16")}, bytes(8))
        (model / "snapshots" / "aaa111" / f"model-0000{number}-of-00002.safetensors").symlink_to(blob)
    assert story_model_problem(model / "snapshots" / "aaa111") is None


@pytest.mark.parametrize("kept", [0, 5, 40, -1])
def test_a_short_file_of_a_story_model_is_named(tmp_path: Path, kept: int) -> None:
    weights = folder_of(tmp_path / "Qwen") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:kept])
    assert r"is incomplete: model.safetensors is cut short" in str(story_model_problem(tmp_path / "Qwen"))
