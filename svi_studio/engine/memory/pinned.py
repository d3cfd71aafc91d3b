"""Host memory that a card can copy from beside its work: of exactly the size that is asked for."""

from __future__ import annotations

import logging
import weakref
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor


class Locks:
    """How much memory this process has locked now, and what the system said to more. Windows allows about half of it.

    ``refused_at``: bytes that were locked when more was refused; None where nothing was, or since ``begin``.
    """

    def __init__(self) -> None:
        self.now = 0
        self.refused_at: int | None = None

    def begin(self) -> None:
        """Other networks are loaded next: what was refused before tells nothing of them."""
        self.refused_at = None

    def locked(self, size: int) -> None:
        """So much more is."""
        self.now += size

    def refused(self) -> None:
        """No more is."""
        self.refused_at = self.now if self.refused_at is None else min(self.now, self.refused_at)


LOCKS = Locks()
_LOG = logging.getLogger(__name__)


def host_room(size: int, device: torch.device) -> Tensor:
    """So many bytes of the computer's memory, uint8 `[size]`, locked in place where `device` is a CUDA card.

    `torch.empty(pin_memory=True)` would take the next power of two. Where the system does not lock that much, the
    memory is as any other: the copies are right, and slower. Raises MemoryError where there is none.
    """
    try:
        room = torch.empty(size, dtype=torch.uint8)
    except RuntimeError as error:
        raise MemoryError(f"{size / 1e9:.1f} GB of the computer's memory could not be had.") from error
    if device.type == "cuda" and size:
        cuda: Any = torch.cuda
        if not _lock(room, cuda.cudart()):
            _forget_error(device)
    return room


def _lock(room: Tensor, runtime: Any) -> bool:
    """Asks CUDA's `runtime` to lock `room` until its last tensor is gone; whether it did."""
    address = room.data_ptr()
    if int(runtime.cudaHostRegister(address, room.nbytes, 0)) != 0:
        LOCKS.refused()
        _LOG.info("%.1f GB of memory could not be locked for the card: copies to it are slower", room.nbytes / 1e9)
        return False
    LOCKS.locked(room.nbytes)
    unlock = weakref.finalize(room.untyped_storage(), _unlock, runtime, address, room.nbytes)
    unlock.atexit = False  # the card's driver may be gone by then, and locks nothing any more
    return True


def _unlock(runtime: Any, address: int, size: int) -> None:
    LOCKS.locked(-size)
    runtime.cudaHostUnregister(address)


def _forget_error(device: torch.device) -> None:
    """CUDA would tell of a refused lock once more, where the next kernel is launched: here, for nothing."""
    with suppress(RuntimeError):
        torch.zeros(1, device=device)
