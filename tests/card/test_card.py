"""Every part of the measurement runs on tiny networks, the processor being the card."""

import torch

from tests.card.learning import lora_rows, training_rows
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
