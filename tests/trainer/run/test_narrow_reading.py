"""A base that is narrowed while it is read: the same values, and never the wide model in memory."""

from pathlib import Path

import pytest
import torch
from torch import nn

from svi_studio.domain.training.recipe import LoraRecipe, MemoryRecipe, TrainingRecipe
from svi_studio.engine.loading.model_part import load_part
from tests.builders.counted_memory import CountedMemory
from tests.builders.linked_models import link_to_comfy
from tests.builders.tiny_models import build_tiny_model
from trainer.lora.adapter import add_adapter
from trainer.run.transformer.float8 import FLOAT8, Float8Linear, keep_in_float8
from trainer.run.transformer.learning_transformer import load_for_training

CPU = torch.device("cpu")
MID = {"num_attention_heads": 8, "attention_head_dim": 64, "ffn_dim": 1408, "num_layers": 6, "added_kv_proj_dim": 512}
"""The shape of Wan 14B, a tenth as wide: 25 million values, nearly all of them in the matrices of the blocks."""


def recipe(model: Path) -> TrainingRecipe:
    return TrainingRecipe(
        name="narrow",
        model=str(model),
        num_frames=9,
        width=80,
        height=48,
        fps=12.0,
        steps=1,
        lora=LoraRecipe(rank=4, alpha=4.0),
        memory=MemoryRecipe(base_precision="float8", gradient_checkpointing=False),
    )


@pytest.fixture(scope="module")
def mid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder whose transformer is large enough that its weights are what counts."""
    return build_tiny_model(tmp_path_factory.mktemp("mid") / "mid", **MID)


def bytes_of(network: nn.Module) -> int:
    tensors = {each.untyped_storage().data_ptr(): each for each in (*network.parameters(), *network.buffers())}
    return sum(each.untyped_storage().nbytes() for each in tensors.values())


def test_reading_takes_the_narrow_model_and_one_tensor(mid: Path) -> None:
    with CountedMemory("cpu") as memory:
        network = load_for_training(recipe(mid), mid, CPU)
    narrow = bytes_of(network)
    layers = [layer for layer in network.modules() if isinstance(layer, Float8Linear)]
    largest = max(layer.in_features * layer.out_features for layer in layers)
    assert narrow < 0.4 * 4 * sum(each.numel() for each in network.parameters())
    assert memory.peak < narrow + (4 + 2 + 4 + 4 + 1) * largest + 200_000  # as in the file, rounded, widened, divided
    with CountedMemory("cpu") as wide:
        keep_in_float8(load_part(mid, "transformer", CPU, torch.bfloat16).blocks)
    assert memory.peak < 1.5 * narrow < 0.9 * wide.peak


def test_narrowed_while_it_is_read_is_bit_for_bit_what_is_narrowed_afterwards(mid: Path) -> None:
    made = load_for_training(recipe(mid), mid, CPU)
    other = load_part(mid, "transformer", CPU, torch.bfloat16)
    add_adapter(other, recipe(mid).lora, torch.Generator().manual_seed(0))
    keep_in_float8(other.blocks)
    own, expected = dict(made.state_dict()), dict(other.state_dict())
    assert own.keys() == expected.keys()
    assert sum(value.dtype == FLOAT8 for value in own.values()) == 6 * 12
    for name, value in own.items():
        assert value.dtype == expected[name].dtype
        assert torch.equal(value.float(), expected[name].float()), name


@pytest.mark.parametrize("form", ["fp8-2", "Q8_0", "bf16"])
def test_a_model_of_comfyui_is_a_base_like_any_other(tmp_path: Path, form: str) -> None:
    own = build_tiny_model(tmp_path / "own", attention_head_dim=32, added_kv_proj_dim=64)
    linked = link_to_comfy(own, tmp_path / "comfy", {"transformer": form})
    network = load_for_training(recipe(linked), linked, CPU)
    expected = load_part(linked, "transformer", CPU, torch.bfloat16)
    layer, wide = network.blocks[0].attn1.to_q.base_layer, expected.blocks[0].attn1.to_q.weight.float()
    assert layer.weight.dtype == FLOAT8
    narrowed = layer.weight.float() * layer.scale[:, None]
    assert (narrowed - wide).norm() < 0.05 * wide.norm()
