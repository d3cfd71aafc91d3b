"""Wan 2.2 in its authors' layout: two experts in folders of their own, or the small one with a VAE of 48 channels."""

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.engine.conversion import convert
from svi_studio.engine.conversion.convert import convert_folder
from svi_studio.engine.conversion.original_layout import EXPERT_FOLDERS, VAE_48_FILE, VAE_FILE, find_original
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import read_card, read_json
from svi_studio.weights.vae_config import MEAN_48, STD_48
from svi_studio.weights.whole_model import model_problem
from tests.builders.tiny_models import build_held_model, build_two_experts
from tests.engine.original_layout import write_original_layout

WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opens what these tests saved themselves, without a process for each; `test_convert` has the real thing."""

    def here(source: Path, target: Path) -> None:
        save_file({name: tensor.clone() for name, tensor in _saved[source.name].items()}, target)

    monkeypatch.setattr(convert, "pth_to_safetensors", here)


_saved: dict[str, dict[str, torch.Tensor]] = {}


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`two` and `held`, model folders, and `original-two` and `original-held`, the same in the authors' layouts."""
    place = tmp_path_factory.mktemp("models")
    build_two_experts(place / "two")
    build_held_model(place / "held")
    for name in ("two", "held"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(torch, "save", lambda content, path: (_saved.update({path.name: content}), path.touch()))
            write_original_layout(place / name, place / f"original-{name}", shards=2)
    return place


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return {name: tensor for file in sorted(folder.glob("*.safetensors")) for name, tensor in load_file(file).items()}


@pytest.mark.parametrize(
    ("name", "parts"), [("two", ["transformer", "transformer_2", "vae"]), ("held", ["transformer", "vae"])]
)
def test_the_original_becomes_the_same_weights(originals: Path, tmp_path: Path, name: str, parts: list[str]) -> None:
    folder = convert_folder(originals / f"original-{name}", tmp_path / "new")
    for part in parts:
        ours, theirs = tensors(folder / part), tensors(originals / name / part)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    assert model_problem(folder) is None
    assert read_architecture(folder, read_card(folder)) == read_architecture(originals / name, read_card(folder))


def test_the_configuration_of_the_vae_of_48_channels_is_worked_out(originals: Path, tmp_path: Path) -> None:
    folder = convert_folder(originals / "original-held", tmp_path / "new")
    ours, theirs = (read_json(place / "vae" / "config.json") for place in (folder, originals / "held"))
    statistics = {"latents_mean": list(MEAN_48), "latents_std": list(STD_48)}
    assert {key: theirs[key] for key in ours} == ours | {key: theirs[key] for key in statistics}
    assert {key: ours[key] for key in statistics} == statistics


def test_the_two_experts_go_where_each_belongs(originals: Path) -> None:
    layout = find_original(originals / "original-two")
    names = {part: folder.name for part, folder in layout.transformers.items()}
    assert names == {"transformer": "high_noise_model", "transformer_2": "low_noise_model"}
    assert layout.vae.name == f"{VAE_FILE}.pth" and layout.image_encoder is None


def test_the_small_model_needs_its_own_vae(originals: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(originals / "original-held", tmp_path / "copy"))
    shutil.move(folder / f"{VAE_48_FILE}.pth", folder / f"{VAE_FILE}.pth")
    with pytest.raises(BadWeights, match=rf"has no {VAE_48_FILE}\.pth; download the whole original model"):
        find_original(folder)


@pytest.mark.parametrize("lost", EXPERT_FOLDERS.values())
def test_one_expert_of_two_is_refused_at_once(originals: Path, tmp_path: Path, lost: str) -> None:
    folder = Path(shutil.copytree(originals / "original-two", tmp_path / "copy"))
    shutil.rmtree(folder / lost)
    with pytest.raises(BadWeights, match=f"holds one expert of two, {lost} is not there"):
        convert_folder(folder, tmp_path / "new")


def test_the_folder_of_one_expert_is_not_the_model(originals: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is one expert of two: give the folder that holds both"):
        convert_folder(originals / "original-two" / "low_noise_model", tmp_path / "new")


def test_the_same_expert_twice_is_refused_and_leaves_nothing(originals: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(originals / "original-two", tmp_path / "copy"))
    shutil.rmtree(folder / "low_noise_model")
    shutil.copytree(folder / "high_noise_model", folder / "low_noise_model")
    with pytest.raises(BadWeights, match="are the same weights"):
        convert_folder(folder, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_model_for_words_alone_is_refused_before_it_is_converted(originals: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(originals / "original-two", tmp_path / "copy"))
    for shard in (folder / "high_noise_model").glob("*.safetensors"):
        content = load_file(shard)
        if "patch_embedding.weight" in content:
            content["patch_embedding.weight"] = content["patch_embedding.weight"][:, :16].contiguous()
        save_file(content, shard)
    with pytest.raises(BadWeights, match="from words alone"):
        find_original(folder)
