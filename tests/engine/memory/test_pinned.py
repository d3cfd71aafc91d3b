"""Memory that is locked for a card: exactly as much as is asked for, and let go with its last tensor."""

import gc
from dataclasses import dataclass, field

import pytest
import torch

from svi_studio.engine.memory import pinned
from svi_studio.engine.memory.pinned import Locks, host_room


@dataclass
class Runtime:
    """CUDA's, as far as it locks memory."""

    refuses: bool = False
    locked: dict[int, int] = field(default_factory=dict)

    def cudaHostRegister(self, address: int, size: int, flags: int) -> int:
        if self.refuses:
            return 2
        self.locked[address] = size
        return 0

    def cudaHostUnregister(self, address: int) -> int:
        del self.locked[address]
        return 0


def test_exactly_as_much_is_locked_and_let_go_when_nobody_sees_it_any_more() -> None:
    runtime, room = Runtime(), host_room(5000, torch.device("cpu"))
    assert pinned._lock(room, runtime)
    seen = room[256:512].view(torch.float32)
    assert list(runtime.locked.values()) == [5000]
    del room
    gc.collect()
    assert runtime.locked, "a part of it is still seen"
    del seen
    gc.collect()
    assert not runtime.locked


def test_memory_that_the_system_does_not_lock_is_used_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinned, "LOCKS", Locks())
    room = host_room(100, torch.device("cpu"))
    assert not pinned._lock(room, Runtime(refuses=True))
    assert room.fill_(7).sum() == 700


def test_it_is_known_how_much_was_locked_when_the_system_refused_more(monkeypatch: pytest.MonkeyPatch) -> None:
    locks, runtime = Locks(), Runtime()
    monkeypatch.setattr(pinned, "LOCKS", locks)
    rooms = [host_room(size, torch.device("cpu")) for size in (5000, 300, 70)]
    assert pinned._lock(rooms[0], runtime)
    assert pinned._lock(rooms[1], runtime)
    assert (locks.now, locks.refused_at) == (5300, None)
    runtime.refuses = True
    pinned._lock(rooms[2], runtime)
    assert (locks.now, locks.refused_at) == (5300, 5300)
    del rooms[0]
    gc.collect()
    assert locks.now == 300
    locks.begin()
    assert (locks.now, locks.refused_at) == (300, None), "what is locked stays so"
