"""A transformer filled from a file of any readable form is the one filled from the values that the file stands for."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import WanTransformer3DModel
from safetensors.torch import save_file
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.found_weights import find_weights, stored_names
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.part_names import transformer_names
from svi_studio.engine.loading.quantised_embedding import QuantisedEmbedding
from svi_studio.engine.loading.quantised_linear import BesideProduct, QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.loading.stored_weights import fill_found, of_a_block
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.weights.key_names import DIT
from svi_studio.weights.stored_file import read_stored_file
from tests.builders.stored_files import tame_blocks, write_gguf, write_scaled
from tests.builders.tiny_models import TRANSFORMER

SIZES: dict[str, Any] = TRANSFORMER | {
    "attention_head_dim": 128, "ffn_dim": 256, "num_layers": 1, "added_kv_proj_dim": 256, "text_dim": 256,
}  # fmt: skip
Tensors = Mapping[str, Any]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def original() -> dict[str, torch.Tensor]:
    """A random transformer under the authors' names."""
    torch.manual_seed(3)
    state = WanTransformer3DModel(**SIZES).state_dict()
    renamed = {DIT.original(name): value.contiguous() for name, value in state.items()}
    assert None not in renamed
    return {str(name): value for name, value in renamed.items()}


def filled(*files: Path, keep: Callable[[str], bool] = lambda _: False) -> nn.Module:
    network = build_network("transformer", SIZES)
    found = find_weights(files, transformer_names(stored_names(files)), saved_shapes(network))
    fill_found(network, found, dtype_of=lambda _: torch.float32, device=CPU, keep=keep)
    return network


def output(network: nn.Module) -> torch.Tensor:
    torch.manual_seed(5)
    video, text, picture = torch.randn(1, 36, 2, 4, 4), torch.randn(1, 5, 256), torch.randn(1, 4, 32)
    with torch.no_grad():
        return network(video, torch.tensor([500]), text, picture, return_dict=False)[0]


def from_values(path: Path, values: Tensors) -> torch.Tensor:
    """Of a transformer filled from plain float32 numbers."""
    plain = {name: torch.as_tensor(np.array(value)) for name, value in values.items()}
    save_file(plain, path)
    return output(filled(path))


@pytest.mark.parametrize("prefix", ["", "model.diffusion_model.", "diffusion_model."])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_plain_safetensors(tmp_path: Path, original: Tensors, prefix: str, dtype: torch.dtype) -> None:
    save_file({prefix + name: value.to(dtype) for name, value in original.items()}, tmp_path / "a.safetensors")
    expected = from_values(tmp_path / "b.safetensors", {n: v.to(dtype).float() for n, v in original.items()})
    assert torch.equal(output(filled(tmp_path / "a.safetensors")), expected)


def test_the_names_of_diffusers(tmp_path: Path, original: Tensors) -> None:
    save_file({DIT.new(name): value for name, value in original.items()}, tmp_path / "a.safetensors")
    assert torch.equal(output(filled(tmp_path / "a.safetensors")), from_values(tmp_path / "b.safetensors", original))


@pytest.mark.parametrize("generation", [0, 1, 2, 3])
@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.float8_e5m2])
@pytest.mark.parametrize("keep", [lambda _: False, of_a_block])
def test_fp8_of_every_generation(
    tmp_path: Path, original: Tensors, generation: int, dtype: torch.dtype, keep: Callable[[str], bool]
) -> None:
    path = tmp_path / "a.safetensors"
    values = write_scaled(path, original, generation, dtype=dtype, prefix="model.diffusion_model.")
    assert read_stored_file(path).precision == ("fp8-scaled" if generation else "fp8")
    network = filled(path, keep=keep)
    assert any(isinstance(module, QuantisedLinear) for module in network.modules()) == (keep is of_a_block)
    assert torch.equal(output(network), from_values(tmp_path / "b.safetensors", values))


@pytest.mark.parametrize("kind", ["F32", "F16", "BF16", "Q8_0", "Q6_K", "Q5_K", "Q4_K", "Q3_K", "Q2_K", "Q4_0", "Q5_0"])
@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_every_kind_of_gguf(tmp_path: Path, original: Tensors, kind: str, prefix: str) -> None:
    path = tmp_path / "a.gguf"
    values = write_gguf(path, original, kind, prefix=prefix)
    assert read_stored_file(path).tensors["patch_embedding.weight"].shape == (256, 36, 1, 2, 2)
    expected = from_values(tmp_path / "b.safetensors", values)
    assert torch.equal(output(filled(path)), expected)
    kept = filled(path, keep=of_a_block)
    assert torch.equal(output(kept), expected)
    quantised = [module for module in kept.modules() if isinstance(module, QuantisedLinear)]
    assert len(quantised) == (12 if kind.startswith("Q") else 0)


@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.bfloat16])
@pytest.mark.parametrize("scale", [torch.tensor([0.3]), torch.tensor([[0.2], [3.0], [0.7]])])
def test_a_weight_is_its_number_times_its_scale(tmp_path: Path, dtype: torch.dtype, scale: torch.Tensor) -> None:
    stored, path = torch.randn(3, 4).to(dtype), tmp_path / "a.safetensors"
    save_file({"m.weight": stored, "m.weight_scale": scale}, path)
    ((_, found),) = find_weights([path], None, {"m.weight": (3, 4)}).read()
    value = found.dequantised() if isinstance(found, QuantisedWeight) else found
    assert torch.equal(value, stored.float() * scale)


def test_a_missing_tensor_is_refused(tmp_path: Path, original: Tensors) -> None:
    write_gguf(tmp_path / "a.gguf", {n: v for n, v in original.items() if n != "head.head.bias"}, "Q4_0")
    with pytest.raises(BadWeights, match=r"lack 1 tensors, for example proj_out\.bias"):
        filled(tmp_path / "a.gguf")


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_lora_beside_adds_its_product_and_goes_without_a_trace(dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    weight = QuantisedWeight(torch.from_numpy(tame_blocks("Q4_K", 64)).flatten(), "Q4_K", (64, 256))
    layer, x = QuantisedLinear(weight, torch.randn(64)), torch.randn(2, 3, 256, dtype=dtype)
    before, down, up = layer(x), torch.randn(4, 256), torch.randn(64, 4)
    layer.use_beside([BesideProduct(down, up, 0.5)])
    whole = weight.dequantised() + 0.5 * up @ down
    expected = nn.functional.linear(x.float(), whole, layer.get_parameter("bias"))
    bound = 1e-4 if dtype == torch.float32 else 0.02 * float(expected.abs().max())
    assert layer(x).dtype == dtype
    assert float((layer(x).float() - expected).abs().max()) < bound
    assert not torch.equal(layer(x), before)
    layer.use_beside([])
    assert torch.equal(layer(x), before)


def test_a_lora_of_another_size_is_refused() -> None:
    layer = QuantisedLinear(QuantisedWeight(torch.zeros(18 * 4, dtype=torch.uint8), "Q4_0", (4, 32)))
    with pytest.raises(BadWeights, match="32 to 4 values"):
        layer.use_beside([BesideProduct(torch.zeros(2, 31), torch.zeros(4, 2))])


@pytest.mark.parametrize("scale", [torch.tensor(0.3), torch.rand(6) + 0.1])
def test_a_change_of_type_leaves_the_stored_weight_alone(scale: torch.Tensor) -> None:
    stored = torch.randn(6, 8).to(torch.float8_e4m3fn)
    layer = QuantisedLinear(QuantisedWeight(stored.view(torch.uint8).flatten(), "F8_E4M3", (6, 8), scale))
    expected = stored.float() * (scale[:, None] if scale.ndim else scale)
    assert torch.equal(layer.to(torch.bfloat16).weight.dequantised(), expected)


@pytest.mark.parametrize("scale", [None, torch.tensor(0.3), torch.rand(6) + 0.1])
def test_the_rows_of_a_kept_table_are_those_of_its_values(scale: torch.Tensor | None) -> None:
    stored = torch.randn(6, 8).to(torch.float8_e4m3fn)
    weight = QuantisedWeight(stored.view(torch.uint8).flatten(), "F8_E4M3", (6, 8), scale)
    words = torch.tensor([[5, 0, 5], [1, 2, 3]])
    rows = QuantisedEmbedding(weight, dtype=torch.bfloat16)(words)
    assert torch.equal(rows, weight.dequantised(torch.bfloat16)[words])
