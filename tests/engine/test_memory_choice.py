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


@pytest.mark.parametrize(
    ("platform", "name", "said"),
    [("win32", "cuda", (0.75, None)), ("win32", "cuda:1", (0.75, torch.device("cuda:1"))), ("linux", "cuda", None)],
)
def test_windows_lends_a_render_none_of_the_computers_memory(
    monkeypatch: pytest.MonkeyPatch, platform: str, name: str, said: object
) -> None:
    asked: list[object] = [None]
    card = SimpleNamespace(total_memory=12 * GB)
    monkeypatch.setattr(memory_choice.sys, "platform", platform)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: card)
    monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", lambda *given: asked.append(given))
    memory_choice._keep_off_the_computers_memory(torch.device(name), 9 * GB)
    assert asked[-1] == said
