"""A training goes on from a LoRA of any naming, or says in one sentence, before anything is loaded, why not."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.training.recipe import LoraRecipe, TrainingRecipe
from svi_studio.weights.lora_start import check_starts
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.engine.lora_files import FORMS, Tensors, random_lora, svi_1x, write_lora
from tests.trainer.lora.recipes import CARD, small_transformer, trained
from trainer.lora.export import export_lora


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-random"
    build_tiny_model(folder)
    return folder


@pytest.fixture(scope="module")
def tensors() -> Tensors:
    return random_lora(small_transformer())


def recipe(file: Path | None, **lora: object) -> TrainingRecipe:
    start = LoraRecipe.model_validate({"rank": 4, "alpha": 4.0, "start_from": file and str(file), **lora})
    return TrainingRecipe(name="next", num_frames=21, width=80, height=48, fps=12.0, steps=4, lora=start)


@pytest.mark.parametrize("form", FORMS)
def test_every_naming_can_be_gone_on_from(form: str, model: Path, tensors: Tensors, tmp_path: Path) -> None:
    check_starts(model, recipe(write_lora(tmp_path / "x.safetensors", FORMS[form](tensors))))


def test_nothing_to_go_on_from_is_fine(model: Path) -> None:
    check_starts(model, recipe(None))


def of_rank_8(_tensors: Tensors) -> Tensors:
    return svi_1x(random_lora(small_transformer(), rank=8))


def of_attention(tensors: Tensors) -> Tensors:
    return {name: tensor for name, tensor in tensors.items() if ".ffn." not in name}


def with_pictures(tensors: Tensors) -> Tensors:
    return tensors | {name.replace(".k.", ".k_img."): each for name, each in tensors.items() if "cross_attn.k." in name}


def with_a_bias(tensors: Tensors) -> Tensors:
    return tensors | {"blocks.0.ffn.0.diff_b": torch.zeros(96)}


def a_dora(tensors: Tensors) -> Tensors:
    return tensors | {f"blocks.{n}.ffn.0.dora_scale": torch.ones(96, 1) for n in range(2)}


def wider(tensors: Tensors) -> Tensors:
    return {n: t.repeat(1, 2) if "lora_A" in n else t.repeat(2, 1) for n, t in tensors.items()}


def no_lora(_tensors: Tensors) -> Tensors:
    return {"blocks.0.self_attn.q.weight": torch.zeros(4, 4)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (of_rank_8, "has rank 8, and this training has rank 4: set the rank to 8"),
        (of_attention, r"does not change the layers ffn\.0, ffn\.2"),
        (with_pictures, r"also changes blocks\.\d\.cross_attn\.k_img, which this training leaves alone"),
        (with_a_bias, r"also changes blocks\.0\.ffn\.0\.bias"),
        (a_dora, "is a DoRA, and a training goes on from a plain LoRA"),
        (wider, "is a LoRA for a model of width 96, and this training uses a model of width 48"),
        (no_lora, "holds no LoRA but other weights"),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    change: Callable[[Tensors], Tensors], sentence: str, model: Path, tensors: Tensors, tmp_path: Path
) -> None:
    file = write_lora(tmp_path / "x.safetensors", change(tensors))
    with pytest.raises(BadWeights, match=sentence) as caught:
        check_starts(model, recipe(file))
    assert "\n" not in str(caught.value)


def test_a_lora_of_another_family_is_refused(model: Path, tmp_path: Path) -> None:
    export_lora(tmp_path / "x.safetensors", trained(), CARD.model_copy(update={"family": "film"}))
    with pytest.raises(BadWeights, match="is a LoRA for Film, and this training is for Shot"):
        check_starts(model, recipe(tmp_path / "x.safetensors"))
    export_lora(tmp_path / "x.safetensors", trained(), CARD)
    check_starts(model, recipe(tmp_path / "x.safetensors"))


def test_a_name_that_says_another_wan_is_believed(model: Path, tensors: Tensors, tmp_path: Path) -> None:
    file = write_lora(tmp_path / "wan2.2 a14b look.safetensors", tensors)
    with pytest.raises(BadWeights, match=r"was made for Wan 2\.2 I2V A14B, and this training is for Wan 2\.1 I2V"):
        check_starts(model, recipe(file))


def test_a_missing_file_is_named(model: Path, tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"gone\.safetensors"):
        check_starts(model, recipe(tmp_path / "gone.safetensors"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "pair"
    build_two_experts(folder)
    return folder


def of_two(high: Path, low: Path) -> TrainingRecipe:
    document = recipe(None).model_dump() | {"family": "pro", "model": "pair"}
    starts = {"high_start_from": str(high), "low_start_from": str(low)}
    return TrainingRecipe.model_validate(document | {"experts": starts})


def test_each_of_two_experts_has_its_own_file(pair: Path, tensors: Tensors, tmp_path: Path) -> None:
    high = write_lora(tmp_path / "look_high_noise.safetensors", tensors)
    low = write_lora(tmp_path / "look_low_noise.safetensors", tensors)
    check_starts(pair, of_two(high, low))
    with pytest.raises(BadWeights, match="is for the low-noise expert, and was chosen for the high-noise one"):
        check_starts(pair, of_two(low, high))
    with pytest.raises(BadInput, match="the same LoRA file"):
        check_starts(pair, of_two(high, high))
    low.unlink()
    check_starts(pair, of_two(high, low), begun=["low"])
