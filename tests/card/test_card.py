"""Every part of the measurement runs on tiny networks, the processor being the card."""

import pytest
import torch

from tests.card import plans
from tests.card.learning import lora_rows, training_rows
from tests.card.plans import LAYOUTS, bytes_beside_card, bytes_on_card, plan_rows
from tests.card.processor import processor_rows
from tests.card.random_networks import Asked, Stored, put_lora_beside, random_transformer
from tests.card.rates import measured_rates
from tests.card.reading import reading_rows
from tests.card.row import Row, limited, table
from tests.card.size import FULL, TINY, flops_of_forward
from tests.card.steps import our_clip, step_rows

CPU = torch.device("cpu")


def test_the_work_of_full_size_is_that_of_the_count() -> None:
    assert abs(flops_of_forward(FULL) / 1.686e15 - 1) < 0.05  # as counted on meta tensors


def test_a_table_is_markdown_whatever_its_cells_hold() -> None:
    text = table([Row("a | b", "1"), limited("x", 2, 1, "s"), limited("y", 2, 1, "s", at_least=True)])
    assert text.splitlines()[2] == "| a / b | 1 |  |  |"
    assert text.splitlines()[3] == "| x | 2 s | <= 1 s | **no** |"
    assert text.splitlines()[4] == "| y | 2 s | >= 1 s | yes |"


@pytest.mark.parametrize("stored", ["", "fp8", "Q4_K"])
def test_every_layout_of_the_transformer_makes_the_same_clip(stored: Stored) -> None:
    rows = plan_rows(TINY, Asked(TINY, CPU, torch.float32), CPU, torch.float32, stored=stored)
    assert sum("with a LoRA" in row.what for row in rows) == (2 if stored else 0)
    same = [row for row in rows if row.goal == "the same"]
    assert len(same) == len(LAYOUTS) - 1
    assert all(row.holds for row in same)


def test_a_small_card_is_measured_with_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    least = bytes_on_card(TINY, 0)
    monkeypatch.setattr("tests.card.plans.free_bytes", lambda _: least)
    rows = plan_rows(TINY, Asked(TINY, CPU, torch.float32), CPU, torch.float32)
    assert sum("left out" in row.result for row in rows) == len(LAYOUTS) - 2
    assert any(row.holds for row in rows)


def test_a_computer_without_room_for_streamed_blocks_is_measured_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    card, few = torch.device("meta"), bytes_beside_card(TINY, 0.75)
    monkeypatch.setattr("tests.card.plans.free_bytes", lambda device: 1 << 40 if device is card else few)
    rows = [row for layout in LAYOUTS if (row := plans._lacking(TINY, layout, card, stored=""))]
    assert len(rows) == 3 and all("of the computer's memory" in row for row in rows)


def test_full_size_in_fp8_fits_a_small_card_and_in_bf16_a_large_one() -> None:
    assert bytes_on_card(FULL, 0, stored="fp8") < 8e9 < bytes_on_card(FULL, 1, stored="fp8") < 24e9
    assert 32e9 < bytes_on_card(FULL, 1) < 48e9


@pytest.mark.parametrize("stored", ["fp8", "Q4_K"])
def test_random_weights_that_are_stored_have_the_spread_of_others_and_take_a_lora(stored: Stored) -> None:
    plain = random_transformer(TINY, CPU, torch.float32).blocks[0].ffn.net[2].weight
    network = random_transformer(TINY, CPU, torch.float32, stored=stored)
    layer = network.blocks[0].ffn.net[2]
    assert abs(float(layer.weight.dequantised().std() / plain.std()) - 1) < 0.1
    given = torch.randn(1, 3, layer.in_features)
    before = layer(given)
    put_lora_beside(network, TINY.rank)
    assert 0.01 < float((layer(given) - before).std() / before.std()) < 1


def test_helpers_on_the_processor_are_compared() -> None:
    rows = processor_rows(TINY, CPU, torch.float32)
    assert [row.result for row in rows] == ["bit for bit"] * 3


def test_all_that_needs_no_plan_is_measured() -> None:
    rates, asked = measured_rates(TINY, CPU), Asked(TINY, CPU, torch.float32)
    transformer = random_transformer(TINY, CPU, torch.float32)
    again = random_transformer(TINY, CPU, torch.float32)
    assert torch.equal(our_clip(transformer, asked), our_clip(again, asked))
    rows = [*rates.rows(), *step_rows(transformer, TINY, asked, CPU, rates), *reading_rows(TINY, CPU)]
    rows += lora_rows(transformer, TINY, asked, CPU)
    rows += training_rows(transformer, TINY, asked, CPU, rates)
    assert len(rows) == 12
    assert rows[-1].holds
    assert not any("nan" in row.result or "inf" in row.result for row in rows)
