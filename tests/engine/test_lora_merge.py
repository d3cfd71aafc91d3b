"""A LoRA of any known form merges as in the authors' program, and comes out again without a trace."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.engine.lora.merge import MergedLoras
from svi_studio.weights.key_names import DIT
from svi_studio.weights.lora_in_use import LoraInUse
from tests.engine.golden_networks import Golden, golden_transformer
from tests.engine.lora_files import FORMS, Tensors, authors_lora, down_up, prefixed, random_lora, write_lora


@pytest.fixture(scope="session")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "lora")


@pytest.fixture
def transformer(golden: Golden) -> Any:
    return golden_transformer(golden.weights(), golden.facts["config"])


@pytest.fixture(scope="session")
def lora(golden_dir: Path) -> Tensors:
    return authors_lora(golden_dir)


def output(transformer: Any, golden: Golden) -> Tensor:
    context, clip = golden["context"], golden["clip_feature"]
    inputs = torch.cat([golden["x"], golden["y"]], dim=1)
    with torch.no_grad():
        predicted: Tensor = transformer(inputs, golden["timestep"], context, clip).sample
    return predicted


def weights(transformer: Any) -> Tensors:
    return {name: tensor.clone() for name, tensor in transformer.state_dict().items()}


def same(a: Tensors, b: Tensors) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("alpha", [1.0, 0.5])
def test_the_authors_file_gives_the_authors_output(
    transformer: Any, golden: Golden, golden_dir: Path, alpha: float
) -> None:
    MergedLoras(transformer, None).use([(golden_dir / "lora_svi_1x.safetensors", alpha)])
    assert (output(transformer, golden) - golden[f"out_alpha{alpha}"]).abs().max() <= 1e-4


def test_the_merged_weights_are_the_authors(transformer: Any, golden: Golden, golden_dir: Path) -> None:
    MergedLoras(transformer, None).use([(golden_dir / "lora_svi_2x.safetensors", 1.0)])
    merged = golden.weights("merged.")
    own = transformer.state_dict()
    assert max((own[DIT.new(name)] - tensor).abs().max().item() for name, tensor in merged.items()) <= 1e-6


def test_a_bfloat16_merge_is_the_authors_bit_for_bit(transformer: Any, golden: Golden, golden_dir: Path) -> None:
    for parameter in transformer.parameters():
        parameter.data = parameter.data.to(torch.bfloat16)
    MergedLoras(transformer, None).use([(golden_dir / "lora_svi_1x.safetensors", 1.0)])
    own = transformer.state_dict()
    for name, tensor in golden.weights("merged_bf16.").items():
        assert torch.equal(own[DIT.new(name)], tensor)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_merges_equal_to_the_authors(
    transformer: Any, golden: Golden, lora: Tensors, tmp_path: Path, form: str
) -> None:
    path = write_lora(tmp_path / "lora.safetensors", FORMS[form](lora))
    (report,) = MergedLoras(transformer, None).use([(path, 1.0)])
    assert report.changed == len(lora) // 2
    assert (output(transformer, golden) - golden["out_alpha1.0"]).abs().max() <= 1e-4


def test_a_report_counts_what_was_applied(transformer: Any, golden_dir: Path, golden: Golden) -> None:
    path = golden_dir / "lora_svi_1x.safetensors"
    (report,) = MergedLoras(transformer, None).use([(path, 1.0)])
    layers = golden.facts["config"]["num_layers"]
    assert (report.changed, report.blocks, report.tensors) == (10 * layers, layers, 20 * layers)
    assert report.ranks == (golden.facts["rank"],)


def test_two_loras_add_up(transformer: Any, golden: Golden, lora: Tensors, tmp_path: Path) -> None:
    first = write_lora(tmp_path / "a.safetensors", FORMS["svi 1.x"](lora))
    second = write_lora(tmp_path / "b.safetensors", FORMS["kohya musubi"](lora))
    MergedLoras(transformer, None).use([(first, 0.75), (second, 0.25)])
    assert (output(transformer, golden) - golden["out_alpha1.0"]).abs().max() <= 1e-4


def test_other_weights_replace_the_earlier_ones(transformer: Any, golden: Golden, golden_dir: Path) -> None:
    path = golden_dir / "lora_svi_1x.safetensors"
    merged = MergedLoras(transformer, None)
    merged.use([(path, 1.0)])
    merged.use([(path, 0.5)])
    assert (output(transformer, golden) - golden["out_alpha0.5"]).abs().max() <= 1e-4


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_taking_all_loras_out_gives_the_same_bits_back(transformer: Any, golden_dir: Path, dtype: torch.dtype) -> None:
    for parameter in transformer.parameters():
        parameter.data = parameter.data.to(dtype)
    before = weights(transformer)
    merged = MergedLoras(transformer, None)
    merged.use([(golden_dir / "lora_svi_1x.safetensors", 1.0)])
    assert not same(before, weights(transformer))
    merged.use([])
    assert same(before, weights(transformer))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_loaded_models_weights_are_read_again_from_its_folder(
    tiny_model: Path, tmp_path: Path, dtype: torch.dtype
) -> None:
    models = load_models(tiny_model, device="cpu", dtype=dtype)
    before = weights(models.transformer)
    lora = write_lora(tmp_path / "lora.safetensors", random_lora(models.transformer))
    apply_loras(models, [LoraInUse(lora, 1.0)])
    assert not same(before, weights(models.transformer))
    apply_loras(models, [])
    assert same(before, weights(models.transformer))


def test_the_same_loras_again_cost_nothing(transformer: Any, golden_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uses = [(golden_dir / "lora_svi_1x.safetensors", 1.0)]
    merged = MergedLoras(transformer, None)
    first = merged.use(uses)
    monkeypatch.setattr("svi_studio.engine.lora.merge.checked_lora", lambda *_: pytest.fail("read again"))
    assert merged.use(uses) == first


def test_running_out_of_memory_half_way_leaves_no_half_lora(
    transformer: Any, golden_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = weights(transformer)
    merged = MergedLoras(transformer, None)
    calls = iter(range(100))

    def third_fails(base: Tensor, *_: Any) -> Tensor:
        if next(calls) == 3:
            raise torch.OutOfMemoryError
        return base + 1

    monkeypatch.setattr("svi_studio.engine.lora.merge.merged_weight", third_fails)
    with pytest.raises(torch.OutOfMemoryError):
        merged.use([(golden_dir / "lora_svi_1x.safetensors", 1.0)])
    assert same(before, weights(transformer))


def test_a_weight_of_zero_changes_nothing(transformer: Any, golden_dir: Path) -> None:
    before = weights(transformer)
    MergedLoras(transformer, None).use([(golden_dir / "lora_svi_1x.safetensors", 0.0)])
    assert same(before, weights(transformer))


DIFFERENCES = {
    "blocks.0.self_attn.q.bias": ("blocks.0.self_attn.q.diff_b", 0.01),
    "blocks.0.self_attn.norm_q.weight": ("blocks.0.self_attn.norm_q.diff", 0.02),
    "blocks.1.norm3.weight": ("blocks.1.norm3.diff", 0.03),
    "blocks.1.norm3.bias": ("blocks.1.norm3.diff_b", 0.04),
    "blocks.1.modulation": ("blocks.1.diff_m", 0.05),
    "head.modulation": ("head.diff_m", 0.06),
    "head.head.bias": ("head.head.diff_b", 0.07),
    "patch_embedding.weight": ("patch_embedding.diff", 0.08),
    "time_projection.1.bias": ("time_projection.1.diff_b", 0.09),
    "img_emb.proj.0.weight": ("img_emb.proj.0.diff", 0.1),
}


def distilled(lora: Tensors, golden: Golden) -> Tensors:
    """A LoRA as LightX2V's distillation leaves it: pairs without alpha and full differences of everything else."""
    pairs = {name.replace("lora_A", "lora_down").replace("lora_B", "lora_up"): t for name, t in lora.items()}
    extra = {key: torch.full_like(golden[f"w.{name}"], change) for name, (key, change) in DIFFERENCES.items()}
    return prefixed("diffusion_model.")(pairs | extra)


@pytest.mark.parametrize("original", DIFFERENCES)
def test_full_differences_are_added_too(
    transformer: Any, golden: Golden, lora: Tensors, tmp_path: Path, original: str
) -> None:
    path = write_lora(tmp_path / "distilled.safetensors", distilled(lora, golden))
    MergedLoras(transformer, None).use([(path, 0.5)])
    change = transformer.state_dict()[DIT.new(original)] - golden[f"w.{original}"]
    torch.testing.assert_close(change, torch.full_like(change, DIFFERENCES[original][1] / 2), atol=1e-6, rtol=0)


def test_the_scale_that_diffusers_writes_into_the_header_counts(
    transformer: Any, golden: Golden, lora: Tensors, tmp_path: Path
) -> None:
    rank = golden.facts["rank"]
    config = {"transformer.r": rank, "transformer.lora_alpha": rank / 2}
    metadata = {"lora_adapter_metadata": json.dumps(config)}
    path = write_lora(tmp_path / "lora.safetensors", FORMS["transformer diffusers"](lora), metadata)
    MergedLoras(transformer, None).use([(path, 1.0)])
    assert (output(transformer, golden) - golden["out_alpha0.5"]).abs().max() <= 1e-4


def test_a_convolution_can_have_a_low_rank_pair(
    transformer: Any, golden: Golden, lora: Tensors, tmp_path: Path
) -> None:
    base = golden["w.patch_embedding.weight"]
    down, up = torch.randn(3, *base.shape[1:]), torch.randn(base.shape[0], 3, 1, 1, 1)
    pair = {"patch_embedding.lora_down.weight": down, "patch_embedding.lora_up.weight": up}
    path = write_lora(tmp_path / "lora.safetensors", down_up(lora) | pair)
    MergedLoras(transformer, None).use([(path, 1.0)])
    change = torch.einsum("or,ridhw->oidhw", up[:, :, 0, 0, 0], down)
    torch.testing.assert_close(transformer.patch_embedding.weight - base, change, atol=1e-5, rtol=1e-5)
