"""Models are found by name or path, and a missing one is answered with what there is."""

import json
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.weights import catalogue
from svi_studio.weights.catalogue import find_model, find_models
from svi_studio.weights.model_folder import weights_files


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder of the user's, and no bundled models."""
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(catalogue, "resource_path", lambda *parts: tmp_path / "bundled")
    monkeypatch.setattr(catalogue, "user_data_path", lambda *_, **__: tmp_path / "data")
    return tmp_path / "models"


def add_model(folder: Path, card: object = None) -> Path:
    (folder / "transformer").mkdir(parents=True)
    (folder / "transformer" / "config.json").write_text("{}")
    if card is not None:
        (folder / "svi_model.json").write_text(json.dumps(card))
    return folder


def test_a_model_is_found_by_its_folder_name(models: Path) -> None:
    folder = add_model(models / "wan-14b")
    assert find_model("wan-14b") == folder


def test_a_model_is_found_by_the_name_on_its_card(models: Path) -> None:
    folder = add_model(models / "folder", {"name": "small", "num_frames": 21})
    assert find_model("small") == folder


def test_a_model_is_found_by_path(models: Path, tmp_path: Path) -> None:
    folder = add_model(tmp_path / "elsewhere" / "m")
    assert find_model(str(folder)) == folder


def test_a_relative_path_counts_from_the_storyboard(models: Path, tmp_path: Path) -> None:
    folder = add_model(tmp_path / "film" / "m")
    assert find_model("m", beside=tmp_path / "film") == folder


def test_a_bundled_model_comes_before_one_of_the_same_name(models: Path, tmp_path: Path) -> None:
    add_model(models / "svi-mini")
    bundled = add_model(tmp_path / "bundled" / "svi-mini")
    assert [model.folder for model in find_models()] == [bundled]


def test_a_misspelt_name_is_answered_with_the_close_one(models: Path) -> None:
    add_model(models / "svi-mini")
    with pytest.raises(BadWeights, match='did you mean "svi-mini"'):
        find_model("svi-mni")


def test_no_models_at_all_says_where_to_put_them(models: Path) -> None:
    with pytest.raises(BadWeights, match=str(models)):
        find_model("anything")


def test_the_authors_layout_is_answered_with_the_command_that_converts_it(models: Path, tmp_path: Path) -> None:
    (tmp_path / "orig").mkdir()
    (tmp_path / "orig" / "Wan2.1_VAE.pth").write_bytes(b"")
    with pytest.raises(BadWeights, match="models convert"):
        find_model(str(tmp_path / "orig"))


def test_a_model_with_a_broken_card_is_listed_with_its_problem(models: Path) -> None:
    add_model(models / "odd", {"name": "odd", "colour": "red"})
    (model,) = find_models()
    assert model.card is None
    assert "colour" in str(model.problem)


def test_a_model_with_a_card_is_found_by_its_folder_name_too(models: Path) -> None:
    folder = add_model(models / "folder", {"name": "small", "num_frames": 21})
    assert find_model("folder") == folder


def test_only_folders_with_a_model_count(models: Path) -> None:
    add_model(models / ".half-copied")
    (models / "notes").mkdir()
    assert find_models() == ()


@pytest.mark.parametrize("index", [{}, {"weight_map": {}}, {"weight_map": []}])
def test_an_index_without_files_is_no_model(models: Path, index: object) -> None:
    folder = add_model(models / "wan")
    (folder / "transformer" / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(BadWeights, match="names no weights files"):
        weights_files(folder, "transformer")
