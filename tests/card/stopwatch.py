"""Seconds and memory of work on a card, which is waited for before and after."""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import torch


@dataclass(frozen=True)
class Taken:
    """``seconds``: the median of the rounds. ``peak_bytes``: the most that torch held on the card, 0 on a processor."""

    seconds: float
    peak_bytes: int


def timed(work: Callable[[], object], device: torch.device, *, rounds: int = 3, warm: int = 1) -> Taken:
    """What ``work`` takes after ``warm`` rounds that are not counted."""
    for _ in range(warm):
        work()
    settle(device)
    reset_peak(device)
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        settle(device)
        seconds.append(time.perf_counter() - began)
    return Taken(statistics.median(seconds), peak_bytes(device))


def settle(device: torch.device) -> None:
    """Returns when the card has done all that it was asked for."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def reset_peak(device: torch.device) -> None:
    """Begins to look for the most memory anew."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak_bytes(device: torch.device) -> int:
    """The most memory that tensors had on the card since the last reset; 0 on a processor, which counts nothing."""
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0


def host_peak_bytes() -> int:
    """The most memory that this process had so far."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource  # not there on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
