"""A base in float8: near the wide one, with the adapter's product added before anything is rounded."""

import weakref

import pytest
import torch
from torch import nn

from tests.trainer.lora.recipes import SMALL, adapted, output, trained
from trainer.run.transformer import float8
from trainer.run.transformer.float8 import FLOAT8, Float8Linear, keep_in_float8


def wide(layer: Float8Linear) -> torch.Tensor:
    return layer.weight.float() * layer.scale[:, None]


def test_a_row_of_small_weights_is_kept_as_well_as_one_of_large_ones() -> None:
    linear = nn.Linear(64, 8)
    linear.weight.data *= torch.logspace(-6, 3, 8)[:, None]
    error = (wide(Float8Linear(linear)) - linear.weight).abs().amax(1) / linear.weight.abs().amax(1)
    assert error.max() < 1 / 16  # half a step of 3 bits of mantissa


def test_the_product_and_the_gradient_are_those_of_the_stored_weight() -> None:
    layer = Float8Linear(nn.Linear(16, 5))
    x = torch.randn(3, 16, requires_grad=True)
    y = layer(x)
    assert torch.allclose(y, x @ wide(layer).T + layer.bias, atol=1e-5)
    y.backward(torch.ones_like(y))
    assert torch.allclose(x.grad, torch.ones(3, 5) @ wide(layer), atol=1e-5)


def test_every_frozen_linear_layer_of_the_blocks_is_narrowed_and_no_adapter() -> None:
    transformer = adapted()
    assert keep_in_float8(transformer.blocks) == 2 * 12  # of 2 blocks: q, k, v, o twice, k and v of the picture, ffn
    kinds = {p.dtype for n, p in transformer.blocks.named_parameters() if ".lora_" in n}
    assert kinds == {torch.float32}
    assert transformer.blocks[0].attn1.to_q.base_layer.weight.dtype == FLOAT8
    assert transformer.proj_out.weight.dtype == torch.float32


def test_a_wide_layer_is_gone_before_the_next_one_is_narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(3)).requires_grad_(False)
    known = [weakref.ref(layer) for layer in layers]
    still_there: list[int] = []

    def counted(layer: nn.Linear) -> Float8Linear:
        still_there.append(sum(each() is not None for each in known))
        return Float8Linear(layer)

    monkeypatch.setattr(float8, "Float8Linear", counted)
    keep_in_float8(layers)
    assert still_there == [3, 2, 1]


def test_the_transformer_predicts_nearly_the_same_with_its_adapter() -> None:
    transformer = trained(SMALL)
    before = output(transformer)
    keep_in_float8(transformer.blocks)
    assert (output(transformer) - before).norm() < 0.05 * before.norm()


def test_a_small_change_of_the_adapter_survives_beside_large_base_products() -> None:
    transformer = adapted()
    keep_in_float8(transformer.blocks)
    layer = transformer.blocks[0].attn1.to_q
    layer.base_layer.weight.data.zero_()
    layer.base_layer.bias.data.fill_(1.0)
    layer.lora_B["default"].weight.data.fill_(1.0)
    x = torch.full((1, 48), 1e-3, dtype=torch.bfloat16)
    product = layer.lora_B["default"](layer.lora_A["default"](x.float()))
    assert layer(x).dtype == torch.bfloat16
    assert torch.equal(layer(x), (1.0 + product).to(torch.bfloat16))


def test_the_adapter_learns_through_a_narrow_base() -> None:
    transformer = adapted()
    keep_in_float8(transformer.blocks)
    inputs = torch.randn(1, 36, 2, 4, 6), torch.tensor([500.0]), torch.randn(1, 8, 32), torch.randn(1, 17, 32)
    transformer(*inputs, return_dict=False)[0].square().mean().backward()
    gradients = [p.grad for p in transformer.parameters() if p.requires_grad]
    assert all(g is not None for g in gradients)
    assert sum(g.abs().sum() > 0 for g in gradients) >= len(gradients) // 2  # A waits for B, which is zero
