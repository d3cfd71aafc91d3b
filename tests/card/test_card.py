"""Every part of the measurement runs on tiny networks, the processor being the card."""

import pytest
import torch

from tests.card.learning import lora_rows, training_rows
from tests.card.plans import LAYOUTS, bytes_on_card, plan_rows
from tests.card.random_networks import Asked, random_transformer
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


@pytest.mark.parametrize("fp8", [False, True])
def test_every_layout_of_the_transformer_makes_the_same_clip(fp8: bool) -> None:
    rows = plan_rows(TINY, Asked(TINY, CPU, torch.float32), CPU, torch.float32, fp8=fp8)
    same = [row for row in rows if row.goal == "the same"]
    assert len(same) == len(LAYOUTS) - 1
    assert all(row.holds for row in same)


def test_a_small_card_is_measured_with_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    least = bytes_on_card(TINY, 0, fp8=False)
    monkeypatch.setattr("tests.card.plans.free_bytes", lambda _: least)
    rows = plan_rows(TINY, Asked(TINY, CPU, torch.float32), CPU, torch.float32, fp8=False)
    assert sum("left out" in row.result for row in rows) == len(LAYOUTS) - 2
    assert any(row.holds for row in rows)


def test_full_size_in_fp8_fits_a_small_card_and_in_bf16_a_large_one() -> None:
    assert bytes_on_card(FULL, 0, fp8=True) < 8e9 < bytes_on_card(FULL, 1, fp8=True) < 24e9
    assert 32e9 < bytes_on_card(FULL, 1, fp8=False) < 48e9


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
