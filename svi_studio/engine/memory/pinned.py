"""Host memory that a card can copy from beside its work: of exactly the size that is asked for."""

from __future__ import annotations

import logging
import weakref
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

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
        _LOG.info("%.1f GB of memory could not be locked for the card: copies to it are slower", room.nbytes / 1e9)
        return False
    unlock = weakref.finalize(room.untyped_storage(), runtime.cudaHostUnregister, address)
    unlock.atexit = False  # the card's driver may be gone by then, and locks nothing any more
    return True


def _forget_error(device: torch.device) -> None:
    """CUDA would tell of a refused lock once more, where the next kernel is launched: here, for nothing."""
    with suppress(RuntimeError):
        torch.zeros(1, device=device)
