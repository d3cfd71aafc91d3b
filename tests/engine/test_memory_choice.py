"""What is free for a render, as the system says it."""

from types import SimpleNamespace

import pytest
import torch

from svi_studio.engine.chain import memory_choice
from svi_studio.engine.chain.memory_choice import machine_memory

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("told", "more"),
    [
        (SimpleNamespace(rss=20 * GB, shared=5 * GB), 13 * GB),  # without mapped files, and without the program
        (SimpleNamespace(rss=20 * GB), 18 * GB),
        (SimpleNamespace(rss=GB, shared=0), 0),
    ],
)
def test_a_model_that_is_there_counts_by_what_it_takes_and_not_by_the_most_it_may(
    monkeypatch: pytest.MonkeyPatch, told: SimpleNamespace, more: int
) -> None:
    monkeypatch.setattr(memory_choice.psutil, "virtual_memory", lambda: SimpleNamespace(available=4 * GB))
    monkeypatch.setattr(memory_choice.psutil, "Process", lambda: SimpleNamespace(memory_info=lambda: told))
    cpu = torch.device("cpu")
    assert machine_memory(cpu).host == 4 * GB
    assert machine_memory(cpu, holding=True).host == 4 * GB + more
