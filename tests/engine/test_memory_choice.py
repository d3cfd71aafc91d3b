"""What is free for a render, as the system says it."""

from types import SimpleNamespace

import pytest
import torch

from svi_studio.domain.render.fitting import memory_of
from svi_studio.domain.render.memory_needs import MachineMemory
from svi_studio.domain.render.memory_planner import ROOM
from svi_studio.domain.render.memory_use import CONTEXT, LIBRARIES
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.engine.chain import memory_choice
from svi_studio.engine.chain.memory_choice import machine_memory
from svi_studio.engine.chain.render_job import choose_device
from svi_studio.engine.memory.pinned import LOCKS

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
    monkeypatch: pytest.MonkeyPatch, platform: str, name: str, said: tuple[float, object] | None
) -> None:
    asked: list[object] = [None]
    card = SimpleNamespace(total_memory=12 * GB)
    monkeypatch.setattr(memory_choice.sys, "platform", platform)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: card)
    monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", lambda *given: asked.append(given))
    device, free = torch.device(name), -int(-(9 * GB + CONTEXT) // ROOM)
    memory_choice.keep_off_the_computers_memory(device, MachineMemory(free, 20 * GB))
    share = asked[-1]
    assert share == (said if said is None else (pytest.approx(said[0]), said[1]))
    memory_choice.may_have_all(device)
    assert asked[-1] == (None if said is None else (1.0, said[1])), "another kind of model may come then"


def test_what_asking_the_card_takes_of_it_is_counted_with_the_libraries_and_not_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (10 * GB, 12 * GB))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "NVIDIA GeForce RTX 3060")
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: GB)
    machine = machine_memory(torch.device("cuda"))
    assert (machine.card, machine.name) == (11 * GB + CONTEXT, "NVIDIA GeForce RTX 3060")
    assert CONTEXT < LIBRARIES
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (11 * GB, 12 * GB))
    assert machine_memory(torch.device("cuda")).card == 12 * GB, "never more than there is"


def test_windows_is_taken_to_lock_half_of_its_memory_until_it_has_said_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told = SimpleNamespace(available=20 * GB, total=32 * GB)
    monkeypatch.setattr(memory_choice.psutil, "virtual_memory", lambda: told)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (10 * GB, 12 * GB))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "A")
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 0)
    cuda = torch.device("cuda")
    monkeypatch.setattr(LOCKS, "refused_at", None)
    monkeypatch.setattr(memory_choice.sys, "platform", "linux")
    assert machine_memory(cuda).lockable is None
    monkeypatch.setattr(memory_choice.sys, "platform", "win32")
    assert machine_memory(cuda).lockable == 16 * GB
    monkeypatch.setattr(LOCKS, "refused_at", 9 * GB)
    assert machine_memory(cuda).lockable == 9 * GB


@pytest.mark.parametrize(("cards", "number"), [((12, 24), 1), ((24, 12), 0), ((8, 16, 16), 1)])
def test_a_render_takes_the_card_that_the_window_judges(
    monkeypatch: pytest.MonkeyPatch, cards: tuple[int, ...], number: int
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(cards))
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda each: SimpleNamespace(total_memory=cards[each] * GB)
    )
    assert choose_device("auto") == torch.device("cuda", number)
    there = Hardware("A", 8, 32 * GB, tuple(GraphicsCard(f"card {each}", each * GB) for each in cards), None)
    assert memory_of(there).name == f"card {cards[number]}"
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert choose_device("auto") == torch.device("cuda")
