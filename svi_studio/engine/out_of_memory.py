"""Doing work again in a smaller way after running out of memory."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TypeVar

import torch

T = TypeVar("T")


def retry_smaller(work: Callable[[], T], smaller: Callable[[], T]) -> T:
    """The result of `work()`, or of `smaller()` if `work` ran out of memory; other errors pass through.

    The second attempt runs outside the `except` block: inside it the exception's traceback would keep the tensors of
    the failed attempt alive, and there would be no memory to retry with.
    """
    try:
        return work()
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if not ran_out_of_memory(error):
            raise
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return smaller()


def ran_out_of_memory(error: BaseException) -> bool:
    """torch's CPU allocator, the MPS backend and cuDNN raise a plain RuntimeError."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(words in str(error) for words in ("DefaultCPUAllocator", "out of memory", "ALLOC_FAILED"))


def ran_out_on_card(error: BaseException) -> bool:
    """Whether it was the card's memory, of an error for which `ran_out_of_memory` is true; else the computer's own."""
    return not isinstance(error, MemoryError) and "DefaultCPUAllocator" not in str(error)
