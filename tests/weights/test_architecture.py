"""A model's architecture is told from its configurations, and a model that cannot film is refused in one sentence."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.resource_files import resource_path
from svi_studio.weights import catalogue
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_models
from svi_studio.weights.content_hash import model_hash
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.whole_model import model_problem
from tests.builders.tiny_models import build_held_model, build_tiny_model, build_two_experts

WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One model of each architecture; read only."""
    place = tmp_path_factory.mktemp("models")
    build_tiny_model(place / "one")
    build_two_experts(place / "two", boundary=None)
    build_held_model(place / "held")
    return place


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of one of them that a test may damage."""
    return lambda name: Path(shutil.copytree(built / name, tmp_path / name))


def refusal(folder: Path) -> str:
    with pytest.raises(BadWeights) as caught:
        read_architecture(folder, read_card(folder))
    assert str(caught.value).count("\n") == 0
    return str(caught.value)


def change(path: Path, **entries: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


@pytest.mark.parametrize(
    ("name", "architecture"), [("one", "wan2.1-i2v"), ("two", "wan2.2-i2v-a14b"), ("held", "wan2.2-ti2v-5b")]
)
def test_a_model_is_recognised_by_its_configurations(built: Path, name: str, architecture: str) -> None:
    assert read_architecture(built / name, read_card(built / name)).name == architecture


def test_the_bundled_model_is_recognised() -> None:
    folder = resource_path("models", "svi-mini")
    assert read_architecture(folder, read_card(folder)).name == "wan2.1-i2v"


def test_a_model_of_48_channels_is_recognised_without_a_list_of_its_parts(copy: Callable[[str], Path]) -> None:
    folder = copy("held")
    (folder / "model_index.json").unlink()
    assert read_architecture(folder, read_card(folder)).condition == "held"


def test_the_boundary_is_the_models_own_where_it_names_one(copy: Callable[[str], Path]) -> None:
    folder = copy("two")
    assert read_architecture(folder, read_card(folder)).boundary == 0.9
    change(folder / "model_index.json", boundary_ratio=0.875)
    assert read_architecture(folder, read_card(folder)).boundary == 0.875
    change(folder / "model_index.json", boundary_ratio=900)
    assert "boundary_ratio, which must lie between 0 and 1" in refusal(folder)


def test_a_card_may_say_what_a_configuration_does_not(copy: Callable[[str], Path]) -> None:
    folder = copy("one")
    change(folder / "transformer" / "config.json", image_dim=None)
    change(folder / "svi_model.json", architecture="wan2.1-i2v")
    assert read_architecture(folder, read_card(folder)).name == "wan2.1-i2v"
    change(folder / "svi_model.json", architecture="wan9")
    assert "'wan9', which is not known here" in refusal(folder)
    change(folder / "svi_model.json", architecture="wan2.2-ti2v-5b")
    assert "says that it is Wan 2.2 TI2V 5B, and its transformer takes 36 channels and makes 16" in refusal(folder)


def test_a_model_for_words_alone_is_refused(copy: Callable[[str], Path]) -> None:
    folder = copy("one")
    change(folder / "transformer" / "config.json", in_channels=16)
    assert "makes videos from words alone (a T2V model)" in refusal(folder)


def test_a_model_of_another_kind_is_refused_with_what_it_takes(copy: Callable[[str], Path]) -> None:
    folder = copy("one")
    change(folder / "transformer" / "config.json", in_channels=52)
    assert "takes 52 channels and makes 16, which is none of Wan 2.1 I2V, Wan 2.2" in refusal(folder)
    change(folder / "transformer" / "config.json", in_channels="36")
    assert "gives no usable in_channels" in refusal(folder)


def test_the_autoencoder_of_another_model_is_refused(copy: Callable[[str], Path]) -> None:
    held, two = copy("held"), copy("two")
    shutil.move(held / "vae", held / "own")
    shutil.move(two / "vae", held / "vae")
    shutil.move(held / "own", two / "vae")
    assert "makes latents of 16 channels, and the transformer beside it needs 48" in refusal(held)
    assert "makes latents of 48 channels, and the transformer beside it needs 16" in refusal(two)


def test_one_expert_alone_is_refused(copy: Callable[[str], Path]) -> None:
    folder = copy("two")
    shutil.rmtree(folder / "transformer_2")
    assert "needs two experts and has one: put the one for the low noise into" in refusal(folder)
    assert "transformer_2/config.json" in str(model_problem(folder))


def test_an_expert_that_is_cut_short_makes_the_model_incomplete(copy: Callable[[str], Path]) -> None:
    folder = copy("two")
    assert model_problem(folder) is None
    weights = folder / "transformer_2" / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1])
    assert f"incomplete: transformer_2/{WEIGHTS} is cut short" in str(model_problem(folder))


def test_the_same_expert_twice_is_refused_however_it_is_written(copy: Callable[[str], Path]) -> None:
    folder = copy("two")
    tensors = load_file(folder / "transformer" / WEIGHTS)
    save_file(dict(reversed(tensors.items())), folder / "transformer_2" / WEIGHTS, {"format": "pt", "by": "another"})
    assert "Both experts of the model tiny-two-experts are the same weights" in refusal(folder)
    name = sorted(tensors)[-1]
    save_file(tensors | {name: tensors[name] + 1}, folder / "transformer_2" / WEIGHTS)
    assert read_architecture(folder, read_card(folder)).two_experts


def test_exchanged_experts_are_told_by_what_their_files_say(copy: Callable[[str], Path]) -> None:
    folder = copy("two")
    weights = folder / "transformer" / WEIGHTS
    for said, refused in [("Wan2_2-I2V-A14B-high", False), ("Wan22-I2V-A14B-low", True)]:
        save_file(load_file(weights), weights, {"model_type": said})
        if refused:
            assert "seem to be exchanged: the folder transformer must be the one for the high noise" in refusal(folder)
        else:
            read_architecture(folder, read_card(folder))


def test_exchanged_experts_are_told_by_where_links_lead(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy("two")
    for part, place in [("transformer", "low_noise_model"), ("transformer_2", "high_noise_model")]:
        (tmp_path / place).mkdir()
        shutil.move(folder / part / WEIGHTS, tmp_path / place / WEIGHTS)
        (folder / part / WEIGHTS).symlink_to(tmp_path / place / WEIGHTS)
    assert "seem to be exchanged" in refusal(folder)


def test_the_catalogue_says_what_each_model_is_or_what_is_wrong(
    built: Path, monkeypatch: pytest.MonkeyPatch, copy: Callable[[str], Path]
) -> None:
    monkeypatch.setenv("SVI_MODELS", str(built))
    monkeypatch.setattr(catalogue, "resource_path", lambda *_: Path("nowhere"))
    found = {model.folder.name: model for model in find_models()}
    architectures = {name: model.architecture.name for name, model in found.items() if model.architecture}
    assert architectures == {"one": "wan2.1-i2v", "two": "wan2.2-i2v-a14b", "held": "wan2.2-ti2v-5b"}
    broken = copy("one")
    change(broken / "transformer" / "config.json", in_channels=16)
    monkeypatch.setenv("SVI_MODELS", str(broken.parent))
    (model,) = (each for each in find_models() if each.folder == broken)
    assert model.architecture is None and "from words alone" in str(model.problem)


def test_the_hash_of_a_model_covers_its_second_expert(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder, cache = copy("two"), tmp_path / "hashes.json"
    before = model_hash(folder, cache)
    weights = folder / "transformer_2" / WEIGHTS
    tensors = load_file(weights)
    save_file({name: tensor + 1 for name, tensor in tensors.items()}, weights)
    assert model_hash(folder, cache) != before
