"""Each expert of a model gets the LoRAs that are for it, whenever it is loaded, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.experts import Experts
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.apply import apply_loras, check_loras
from svi_studio.engine.lora.merge import MergedLoras
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import OneExpert
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.engine.lora_files import Tensors, prefixed, random_lora, svi_2x, write_lora


@pytest.fixture(scope="module")
def two_experts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_two_experts(tmp_path_factory.mktemp("models") / "two")


@pytest.fixture
def models(two_experts: Path) -> Iterator[WanModels]:
    yield load_models(two_experts, device="cpu")


@pytest.fixture(scope="module")
def files(two_experts: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three LoRAs for it, as the authors write theirs for 2.x."""
    network, folder = held(load_models(two_experts, device="cpu")).get("high"), tmp_path_factory.mktemp("loras")
    return [write_lora(folder / f"{seed}.safetensors", svi_2x(random_lora(network, seed=seed))) for seed in (1, 2, 3)]


def held(models: WanModels) -> Experts:
    assert models.experts is not None
    return models.experts


def weights(models: WanModels, expert: OneExpert) -> Tensors:
    return {name: tensor.clone() for name, tensor in held(models).get(expert).state_dict().items()}


def with_loras(folder: Path, expert: OneExpert, *uses: tuple[Path, float]) -> Tensors:
    """The weights of one expert into which exactly these were merged by hand, by a `MergedLoras` of its own."""
    network = held(load_models(folder, device="cpu")).get(expert)
    MergedLoras(network, None).use(uses)
    return dict(network.state_dict())


def same(a: Tensors, b: Tensors) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_each_expert_gets_its_own_and_what_is_for_both(models: WanModels, two_experts: Path, files: list[Path]) -> None:
    high, low, both = files
    apply_loras(models, [LoraInUse(high, 1.0, "high"), LoraInUse(low, 0.5, "low"), LoraInUse(both, 0.25)])
    assert same(weights(models, "high"), with_loras(two_experts, "high", (high, 1.0), (both, 0.25)))
    assert same(weights(models, "low"), with_loras(two_experts, "low", (low, 0.5), (both, 0.25)))


def test_the_reports_count_every_weight_of_each_expert(models: WanModels, files: list[Path]) -> None:
    reports = apply_loras(models, [LoraInUse(files[0], 1.0, "high"), LoraInUse(files[1], 0.5)])
    told = [(each.expert, each.path, each.weight, each.changed, each.tensors, each.left_out) for each in reports]
    assert told == [
        ("high", files[0], 1.0, 20, 40, 0),
        ("high", files[1], 0.5, 20, 40, 0),
        ("low", files[1], 0.5, 20, 40, 0),
    ]
    assert "20 weights of the high-noise expert in 2 blocks, from 40 tensors of rank 4" in reports[0].sentence


def test_an_expert_that_was_let_go_gets_its_loras_again(two_experts: Path, files: list[Path]) -> None:
    models = load_models(two_experts, device="cpu")
    experts = held(models)
    experts._free_bytes = lambda device: 0
    apply_loras(models, [LoraInUse(files[0], 1.0, "high")])
    before = weights(models, "high")
    assert "high" in experts.in_memory()
    weights(models, "low")
    assert set(experts.in_memory()) == {"low"}
    assert same(weights(models, "high"), before)


def test_taking_all_out_gives_both_their_own_bits_back(two_experts: Path, files: list[Path]) -> None:
    models = load_models(two_experts, device="cpu")
    before = {expert: weights(models, expert) for expert in ("high", "low")}
    apply_loras(models, [LoraInUse(files[0], 1.0, "high"), LoraInUse(files[2], 2.0)])
    assert not same(weights(models, "low"), before["low"])
    apply_loras(models, [])
    assert all(same(weights(models, expert), before[expert]) for expert in ("high", "low"))


def test_nothing_is_loaded_to_find_out_that_a_lora_does_not_fit(
    two_experts: Path, tmp_path: Path, files: list[Path]
) -> None:
    models = load_models(two_experts, device="cpu")
    held(models)._networks.clear()
    wide = load_models(build_tiny_model(tmp_path / "wide", num_attention_heads=4), device="cpu").transformer
    other = write_lora(tmp_path / "other.safetensors", svi_2x(random_lora(wide)))
    for ask in (check_loras, apply_loras):
        with pytest.raises(BadWeights, match="made for another architecture"):
            ask(models, [LoraInUse(files[0], 1.0, "high"), LoraInUse(other, 1.0, "low")])
    assert not held(models).in_memory()


def test_a_lora_for_one_expert_has_no_place_in_a_model_of_one_transformer(tiny_model: Path, files: list[Path]) -> None:
    models = load_models(tiny_model, device="cpu")
    for ask in (check_loras, apply_loras):
        with pytest.raises(BadWeights, match="for the low-noise expert, and the model tiny-random has only one transf"):
            ask(models, [LoraInUse(files[0], 1.0, "low")])


def test_what_a_lora_for_wan_2_1_does_to_pictures_is_left_out_and_counted(
    models: WanModels, two_experts: Path, files: list[Path], tmp_path: Path
) -> None:
    noise = torch.Generator().manual_seed(5)
    for_pictures = {
        f"blocks.{block}.cross_attn.{name}.lora_{side}.weight": torch.randn(*shape, generator=noise)
        for block in range(2)
        for name in ("k_img", "v_img")
        for side, shape in (("A", (4, 48)), ("B", (48, 4)))
    }
    for_pictures["img_emb.proj.1.diff_b"] = torch.randn(32, generator=noise)
    for_pictures["blocks.0.cross_attn.norm_k_img.diff"] = torch.randn(48, generator=noise)
    rest = random_lora(held(models).get("high"), seed=1)
    older = write_lora(tmp_path / "Wan21.safetensors", prefixed("diffusion_model.")(rest | for_pictures))
    (report,) = apply_loras(models, [LoraInUse(older, 1.0, "high")])
    assert (report.changed, report.tensors, report.left_out) == (20, 40, 10)
    assert report.sentence.endswith("10 tensors have no place in this model")
    assert same(weights(models, "high"), with_loras(two_experts, "high", (files[0], 1.0)))
    alone = write_lora(tmp_path / "alone.safetensors", for_pictures)
    with pytest.raises(BadWeights, match=r"changes only what this model has not: how Wan 2.1 looks at pictures"):
        apply_loras(models, [LoraInUse(alone, 1.0)])


def test_a_model_that_takes_picture_tokens_leaves_nothing_of_them_out(tiny_model: Path, tmp_path: Path) -> None:
    models = load_models(tiny_model, device="cpu")
    lora = write_lora(tmp_path / "l.safetensors", {"blocks.0.cross_attn.k_img.diff_b": torch.ones(48)})
    (report,) = apply_loras(models, [LoraInUse(lora, 1.0)])
    assert (report.changed, report.left_out) == (1, 0)


def comfy(tensors: Tensors, alpha: torch.Tensor | None) -> Tensors:
    """The authors' pairs in ComfyUI's layout, with that alpha in every layer, or none."""
    found: Tensors = {}
    for name, tensor in tensors.items():
        module, side = name.removesuffix(".weight").rsplit(".", 1)
        found[f"diffusion_model.{module}.{'lora_down' if side == 'lora_A' else 'lora_up'}.weight"] = tensor
        if alpha is not None:
            found[f"diffusion_model.{module}.alpha"] = alpha
    return found


@pytest.mark.parametrize(
    ("alpha", "factor"),
    [(torch.tensor(8), 0.125), (torch.tensor(64.0), 1.0), (torch.tensor(8, dtype=torch.bfloat16), 0.125), (None, 1.0)],
)
def test_a_lora_in_comfyuis_layout_counts_by_its_alpha(
    two_experts: Path, models: WanModels, tmp_path: Path, alpha: torch.Tensor | None, factor: float
) -> None:
    pairs = random_lora(held(models).get("low"), rank=64, seed=4)
    file = write_lora(tmp_path / "low.safetensors", comfy(pairs, alpha))
    before = weights(models, "low")
    apply_loras(models, [LoraInUse(file, 0.5, "low")])
    after = weights(models, "low")
    down, up = (pairs[f"blocks.1.ffn.0.lora_{side}.weight"] for side in "AB")
    change = after["blocks.1.ffn.net.0.proj.weight"] - before["blocks.1.ffn.net.0.proj.weight"]
    torch.testing.assert_close(change, 0.5 * factor * (up @ down), atol=1e-5, rtol=1e-4)


def test_mixed_ranks_without_alpha_all_count_as_they_are(models: WanModels, tmp_path: Path) -> None:
    network = held(models).get("high")
    wide, narrow = (random_lora(network, rank=rank, seed=6) for rank in (8, 2))
    mixed = {name: (wide if "ffn" in name else narrow)[name] for name in wide}
    before = weights(models, "high")
    (report,) = apply_loras(models, [LoraInUse(write_lora(tmp_path / "mixed.safetensors", mixed), 1.0, "high")])
    assert report.ranks == (2, 8)
    for name, place in (("ffn.2", "ffn.net.2"), ("self_attn.q", "attn1.to_q")):
        down, up = (mixed[f"blocks.0.{name}.lora_{side}.weight"] for side in "AB")
        change = weights(models, "high")[f"blocks.0.{place}.weight"] - before[f"blocks.0.{place}.weight"]
        torch.testing.assert_close(change, up @ down, atol=1e-5, rtol=1e-4)
