"""Models are found by name or path, and a missing one is answered with what there is."""

import json
from pathlib import Path

import pytest

from svi_studio.document.opening.new_film_check import free_model
from svi_studio.domain.errors import BadWeights
from svi_studio.weights import catalogue
from svi_studio.weights.catalogue import find_model, find_models
from svi_studio.weights.model_folder import PARTS, weights_files
from tests.builders.header_files import entry, write_safetensors


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


def whole_model(folder: Path) -> Path:
    """Everything that a Wan model in diffusers' layout needs, its transformer in two files."""
    add_model(folder)
    for part, stem in PARTS.items():
        if part == "transformer_2":
            continue
        (folder / part).mkdir(exist_ok=True)
        (folder / part / "config.json").write_text('{"image_dim": 1280, "in_channels": 36}')
        write_safetensors(folder / part / f"{stem}.safetensors", {"w": entry([4], 0, 8, "BF16")}, bytes(8))
    shards = {f"w{number}": f"diffusion-{number}.safetensors" for number in (1, 2)}
    for name, file in shards.items():
        write_safetensors(folder / "transformer" / file, {name: entry([4], 0, 8, "BF16")}, bytes(8))
    index = folder / "transformer" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": shards}))
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")
    return folder


def test_a_whole_model_has_no_problem(models: Path) -> None:
    whole_model(models / "wan")
    (model,) = find_models()
    assert model.problem is None


@pytest.mark.parametrize(
    "lost",
    [
        "transformer/diffusion-2.safetensors",
        "text_encoder/model.safetensors",
        "image_encoder/model.safetensors",
        "vae/config.json",
        "tokenizer/tokenizer.json",
        "transformer/config.json",
    ],
)
def test_a_file_that_never_came_makes_a_model_unusable(models: Path, lost: str) -> None:
    folder = whole_model(models / "wan")
    (folder / "model_index.json").write_text('{"_class_name": "WanImageToVideoPipeline"}')
    (folder / lost).unlink()
    (model,) = find_models()
    assert f"is incomplete: {lost} is missing" in str(model.problem)


@pytest.mark.parametrize("kept", [0, 20, -1])
def test_a_file_that_came_in_part_makes_a_model_unusable(models: Path, kept: int) -> None:
    file = whole_model(models / "wan") / "transformer" / "diffusion-2.safetensors"
    file.write_bytes(file.read_bytes()[:kept])
    (model,) = find_models()
    assert "is incomplete: transformer/diffusion-2.safetensors is cut short" in str(model.problem)


def test_a_download_that_still_runs_is_said(models: Path) -> None:
    folder = whole_model(models / "wan")
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    (folder / ".cache" / "huggingface" / "download" / "vae").mkdir(parents=True)
    (folder / ".cache" / "huggingface" / "download" / "vae" / "x.incomplete").touch()
    (model,) = find_models()
    assert "its download broke off or still runs" in str(model.problem)


def test_half_a_model_is_never_offered_as_one_that_draws_anything(models: Path) -> None:
    folder = whole_model(models / "wan")
    assert free_model() is not None
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    assert free_model() is None


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
