"""Memory that is locked for a card: exactly as much as is asked for, and let go with its last tensor."""

import gc
from dataclasses import dataclass, field

import torch

from svi_studio.engine.memory import pinned
from svi_studio.engine.memory.pinned import host_room


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


def test_memory_that_the_system_does_not_lock_is_used_all_the_same() -> None:
    room = host_room(100, torch.device("cpu"))
    assert not pinned._lock(room, Runtime(refuses=True))
    assert room.fill_(7).sum() == 700
