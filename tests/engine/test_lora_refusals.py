"""A LoRA that does not fit wholly is refused with the reason, and not one weight is changed."""

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import WanTransformer3DModel
from safetensors.torch import save_file

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.engine.lora.merge import MergedLoras
from tests.builders.tiny_models import TRANSFORMER
from tests.engine.lora_files import FORMS, Tensors, down_up, random_lora, svi_1x, write_lora


@pytest.fixture(scope="module")
def transformer() -> Any:
    return WanTransformer3DModel(**TRANSFORMER).requires_grad_(False)


@pytest.fixture(scope="module")
def lora(transformer: Any) -> Tensors:
    return random_lora(transformer)


@pytest.fixture
def good(lora: Tensors, tmp_path: Path) -> Path:
    return write_lora(tmp_path / "good.safetensors", svi_1x(lora))


def refusal(transformer: Any, path: Path, weight: float = 1.0) -> str:
    """The sentence of the refusal; also makes sure that nothing was changed."""
    before = {name: tensor.clone() for name, tensor in transformer.state_dict().items()}
    with pytest.raises(BadWeights) as caught:
        MergedLoras(transformer, None).use([(path, weight)])
    assert all(torch.equal(tensor, before[name]) for name, tensor in transformer.state_dict().items())
    return str(caught.value)


Q = "blocks.0.self_attn.q"


def wider(tensors: Tensors) -> Tensors:
    """As if made for a model twice as wide."""
    return svi_1x({n: t.repeat(1, 2) if "lora_A" in n else t.repeat(2, 1) for n, t in tensors.items()})


def deeper(tensors: Tensors) -> Tensors:
    more = {name.replace("blocks.1.", "blocks.2."): tensor for name, tensor in tensors.items()}
    return svi_1x(tensors | more)


def shallower(tensors: Tensors) -> Tensors:
    return svi_1x({name: tensor for name, tensor in tensors.items() if "blocks.0." in name})


def with_gap(tensors: Tensors) -> Tensors:
    return svi_1x({name: tensor for name, tensor in tensors.items() if Q not in name})


def without_up(tensors: Tensors) -> Tensors:
    return {name: tensor for name, tensor in tensors.items() if name != f"{Q}.lora_B.weight"}


def with_nan(tensors: Tensors) -> Tensors:
    return tensors | {f"{Q}.lora_A.weight": tensors[f"{Q}.lora_A.weight"] * float("nan")}


def other_ranks(tensors: Tensors) -> Tensors:
    return tensors | {f"{Q}.lora_A.weight": tensors[f"{Q}.lora_A.weight"][:2]}


def with_pose(tensors: Tensors) -> Tensors:
    return svi_1x(tensors) | {"pipe.dit.dwpose_embedding.0.weight": torch.zeros(16, 3, 3, 3, 3)}


def for_another_program(tensors: Tensors) -> Tensors:
    name = "lora_te_text_model_encoder_layers_0_mlp_fc1"
    return {f"{name}.lora_down.weight": torch.zeros(4, 8), f"{name}.lora_up.weight": torch.zeros(8, 4)}


def alpha_alone(tensors: Tensors) -> Tensors:
    return down_up(tensors) | {"blocks.0.cross_attn.k_img.alpha": torch.tensor(1.0)}


def half_known(tensors: Tensors) -> Tensors:
    return tensors | {"blocks.0.self_attn.q.dora_scale": torch.zeros(48)}


def in_two_forms(tensors: Tensors) -> Tensors:
    return tensors | FORMS["svi 1.x"](tensors)


def wrong_difference(tensors: Tensors) -> Tensors:
    return tensors | {"patch_embedding.diff": torch.zeros(48, 36, 1, 3, 3)}


def of_whole_numbers(tensors: Tensors) -> Tensors:
    return svi_1x(tensors | {f"{Q}.lora_A.weight": tensors[f"{Q}.lora_A.weight"].to(torch.int8)})


def with_alpha(value: float) -> Callable[[Tensors], Tensors]:
    return lambda tensors: {name: torch.tensor(value) if "alpha" in name else t for name, t in down_up(tensors).items()}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (of_whole_numbers, "as int8"),
        (with_alpha(1e30), "from 0 to"),
        (with_alpha(-4.0), "from 0 to"),
        (wider, "96x96 there and 48x48 in this model"),
        (deeper, "no blocks.2."),
        (shallower, "covers 1 of this model's 2 blocks"),
        (with_gap, "covers 1 of this model's 2 blocks"),
        (without_up, r"lacks its up \(B\) matrix"),
        (with_nan, "not numbers"),
        (other_ranks, "do not fit each other"),
        (with_pose, "Dance"),
        (for_another_program, "this model has no"),
        (alpha_alone, "incomplete"),
        (half_known, "dora_scale"),
        (in_two_forms, "twice"),
        (wrong_difference, "48x36x1x3x3 there"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    transformer: Any, lora: Tensors, tmp_path: Path, make: Callable[[Tensors], Tensors], reason: str
) -> None:
    sentence = refusal(transformer, write_lora(tmp_path / "lora.safetensors", make(lora)))
    assert re.search(reason, sentence)
    assert "lora.safetensors" in sentence


def test_a_pickle_in_disguise_is_refused_and_never_run(transformer: Any, tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    class Payload:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return (Path.touch, (canary,))  # type: ignore[return-value]

    path = tmp_path / "lora.safetensors"
    path.write_bytes(pickle.dumps(Payload()))
    assert "pickle" in refusal(transformer, path)
    assert not canary.exists()


def test_a_pytorch_file_in_disguise_is_refused(transformer: Any, lora: Tensors, tmp_path: Path) -> None:
    path = tmp_path / "lora.safetensors"
    torch.save(lora, path)
    assert "zip archive" in refusal(transformer, path)


def test_a_truncated_file_is_refused(transformer: Any, lora: Tensors, tmp_path: Path) -> None:
    path = write_lora(tmp_path / "lora.safetensors", lora)
    path.write_bytes(path.read_bytes()[:-100])
    assert "cut short" in refusal(transformer, path)


def test_a_missing_file_is_refused(transformer: Any, tmp_path: Path) -> None:
    assert "missing" in refusal(transformer, tmp_path / "none.safetensors")


def test_a_file_without_any_lora_is_refused(transformer: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty.safetensors"
    save_file({}, path)
    assert "holds no LoRA" in refusal(transformer, path)


def test_whole_model_weights_are_not_a_lora(transformer: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    transformer.save_pretrained(tmp_path)
    path = tmp_path / "diffusion_pytorch_model.safetensors"
    assert "not a LoRA of a known form" in refusal(transformer, path)


def test_one_bad_file_among_several_changes_nothing(
    transformer: Any, good: Path, lora: Tensors, tmp_path: Path
) -> None:
    bad = write_lora(tmp_path / "bad.safetensors", with_nan(lora))
    before = {name: tensor.clone() for name, tensor in transformer.state_dict().items()}
    with pytest.raises(BadWeights):
        MergedLoras(transformer, None).use([(good, 1.0), (bad, 1.0)])
    assert all(torch.equal(tensor, before[name]) for name, tensor in transformer.state_dict().items())


def test_a_refusal_keeps_the_loras_that_were_there(transformer: Any, good: Path, lora: Tensors, tmp_path: Path) -> None:
    bad = write_lora(tmp_path / "bad.safetensors", with_nan(lora))
    merged = MergedLoras(transformer, None)
    first = merged.use([(good, 1.0)])
    with pytest.raises(BadWeights):
        merged.use([(bad, 1.0)])
    assert merged.use([(good, 1.0)]) is first
    merged.use([])


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 1e9])
def test_an_impossible_weight_is_refused(transformer: Any, good: Path, weight: float) -> None:
    with pytest.raises(BadInput):
        MergedLoras(transformer, None).use([(good, weight)])
