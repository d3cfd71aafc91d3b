"""Values of GGUF's blocks are, to the last bit, those of ggml's own package."""

import gguf
import numpy as np
import pytest
import torch

from svi_studio.engine.loading.gguf_blocks import block_values
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.weights.gguf_types import BLOCKS, KINDS, READABLE
from tests.builders.stored_files import random_blocks, tame_blocks

EVERY = sorted(READABLE)


def reference(kind: str, raw: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        values: np.ndarray = gguf.quants.dequantize(raw, gguf.GGMLQuantizationType[kind])
    return values.astype(np.float32)


def assert_same_bits(found: torch.Tensor, expected: np.ndarray) -> None:
    """Equal bits; what is no number is so in both."""
    ours = found.numpy()
    nothing = np.isnan(expected)
    assert np.array_equal(np.isnan(ours), nothing)
    assert np.array_equal(ours.view(np.uint32)[~nothing], expected.view(np.uint32)[~nothing])


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("blocks", [random_blocks, tame_blocks])
def test_random_blocks_give_the_packages_values(kind: str, blocks: object) -> None:
    raw = blocks(kind, 800, seed=len(kind))  # type: ignore[operator]
    assert_same_bits(block_values(kind, torch.from_numpy(raw)), reference(kind, raw))


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("byte", [0x00, 0x01, 0x7B, 0x7C, 0x7F, 0x80, 0xFC, 0xFF])
def test_edge_values_give_the_packages_values(kind: str, byte: int) -> None:
    raw = np.full((3, BLOCKS[kind].size), byte, dtype=np.uint8)
    raw[1, ::2], raw[2, 1::2] = 0, 0
    assert_same_bits(block_values(kind, torch.from_numpy(raw)), reference(kind, raw))


@pytest.mark.parametrize("kind", EVERY)
def test_a_weight_is_the_same_in_pieces_and_is_rounded_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tame_blocks(kind, 96)
    shape = (8, 12 * BLOCKS[kind].values)
    weight = QuantisedWeight(torch.from_numpy(raw).flatten(), kind, shape)
    whole = weight.dequantised()
    monkeypatch.setattr("svi_studio.engine.loading.quantised_weight._AT_ONCE", 5 * BLOCKS[kind].values)
    assert_same_bits(weight.dequantised().flatten(), reference(kind, raw).flatten())
    assert whole.shape == shape
    expected = whole.to(torch.bfloat16)
    assert torch.equal(weight.dequantised(torch.bfloat16).view(torch.int16), expected.view(torch.int16))


def test_the_sizes_of_blocks_are_ggmls_own() -> None:
    theirs = {int(kind): (kind.name, *sizes) for kind, sizes in gguf.GGML_QUANT_SIZES.items()}
    assert {number: tuple(KINDS[number]) for number in KINDS if number in theirs} == {
        number: told for number, told in theirs.items() if number in KINDS
    }
    assert {"F32", "Q4_K", "Q6_K"} <= {told[0] for told in theirs.values()}
