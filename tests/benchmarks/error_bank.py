"""The error bank at Z = 500 full-size entries (480 x 832, 81 frames), against lists that are compared one by one."""

import ctypes
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from tests.benchmarks.figure import Figure
from tests.trainer.erft.paired_banks import nearest_one_by_one
from trainer.erft.entry_store import DiskStore
from trainer.erft.error_bank import SharedBank

FULL_SIZE = (16, 21, 60, 104)
MINI_SIZE = (16, 6, 6, 10)
CAPACITY = 500
REPLACED = 8
BYTES_OF_PAIR = 2 * 2  # the authors keep both errors in bfloat16
_TRIM_THRESHOLD, _MOST_MAPPED = -1, -4  # of malloc.h


@dataclass(frozen=True)
class Replacements:
    """What replacing entries of a full grid took, seconds each, and how far the replaced ones were off the nearest."""

    ours: list[float]
    lists: list[float]
    off: list[float]
    peak_bytes: int


def measure() -> list[Figure]:
    """Grids of residuals that are smooth, of unlike strength and noisy; every truth is taken in float32.

    All times are processor seconds of this process, because other programs disturb the clock.
    """
    _keep_freed_memory()
    originals = [_residual(number, FULL_SIZE) for number in range(CAPACITY)]
    bank, held_bytes = _filled(originals)
    done = _replace(bank, originals)
    samples = _samples(bank)
    share = held_bytes / (CAPACITY * BYTES_OF_PAIR * originals[0].numel())
    speed = {
        "insert_ms": _milliseconds(done.ours),
        "lists_ms": _milliseconds(done.lists),
        "times_faster": round(statistics.median(done.lists) / statistics.median(done.ours)),
        "peak_extra_share_of_grid": round(done.peak_bytes / held_bytes, 4),
    }
    del bank, originals  # 5 GB
    return [
        Figure("bank insert at 500 entries / list and compare", 1 / speed["times_faster"], 1 / 50, "x", speed),
        Figure("bank: replaced entry / true nearest distance", max(done.off), 1.01, "x", {"inserts": len(done.off)}),
        Figure("bank bytes / two bfloat16 banks", share, 0.26, "x", {"of_two_float32_banks": round(share / 2, 4)}),
        Figure(
            "bank sample", statistics.median(samples) * 1000, 5.0, "ms", {"slowest_ms": _milliseconds([max(samples)])}
        ),
        _small_entries(),
        _entries_on_disk(),
    ]


def _filled(originals: list[Tensor]) -> tuple[SharedBank, int]:
    tracemalloc.start()
    bank = SharedBank(capacity=CAPACITY)
    for residual in originals:
        bank.insert(residual, 0.5, 0)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return bank, held


def _replace(bank: SharedBank, originals: list[Tensor]) -> Replacements:
    """Insert residuals that the full bank has not seen, in turns with the lists; ``originals`` follow it by slot."""
    done = Replacements([], [], [], _peak_of_an_insert(bank, originals))
    nearest_one_by_one(originals, originals[0])  # from now on both sides have their memory
    for number in range(1, REPLACED + 1):
        new = _residual(CAPACITY + number, FULL_SIZE)
        done.lists.append(_seconds(lambda: nearest_one_by_one(originals, new)))  # noqa: B023
        done.ours.append(_seconds(lambda: bank.insert(new, 0.5, 0)))  # noqa: B023
        distances = [float((one - new).norm()) for one in originals]
        slot = bank.numbers(0).index(CAPACITY + number)
        done.off.append(distances[slot] / min(distances))
        originals[slot] = new
    return done


def _peak_of_an_insert(bank: SharedBank, originals: list[Tensor]) -> int:
    new = _residual(CAPACITY, FULL_SIZE)
    tracemalloc.start()
    bank.insert(new, 0.5, 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    originals[bank.numbers(0).index(CAPACITY)] = new
    return peak


def _small_entries() -> Figure:
    """The bundled model's clips: the calls cost more than the sums."""
    bank = SharedBank(capacity=CAPACITY)
    residuals = [_residual(number, MINI_SIZE) for number in range(CAPACITY + 200)]
    appended = [_seconds(lambda: bank.insert(residual, 0.5, 0)) for residual in residuals[:CAPACITY]]  # noqa: B023
    replaced = [_seconds(lambda: bank.insert(residual, 0.5, 0)) for residual in residuals[CAPACITY:]]  # noqa: B023
    details = {"append_ms": _milliseconds(appended)}
    return Figure("bank insert of small entries at 500", statistics.median(replaced) * 1000, 1.0, "ms", details)


def _entries_on_disk(capacity: int = 40) -> Figure:
    """Inserts and a checkpoint of a bank in files, which the operating system keeps in free memory."""
    with tempfile.TemporaryDirectory() as folder:
        bank = SharedBank(capacity=capacity, store=DiskStore(Path(folder) / "bank"))
        residuals = [_residual(number, FULL_SIZE) for number in range(2 * capacity)]
        for residual in residuals[:capacity]:
            bank.insert(residual, 0.5, 0)
        inserts = [_seconds(lambda: bank.insert(residual, 0.5, 0)) for residual in residuals[capacity:]]  # noqa: B023
        bank.save(Path(folder) / "first")
        again = _seconds(lambda: bank.save(Path(folder) / "second"))
        samples = _samples(bank)
    details = {"insert_ms": _milliseconds(inserts), "unchanged_checkpoint_ms": round(again * 1000, 2)}
    return Figure("bank sample from disk", statistics.median(samples) * 1000, 10.0, "ms", details)


def _samples(bank: SharedBank) -> list[float]:
    rng = random.Random(0)
    return [_seconds(lambda: bank.image_error(None, rng)) for _ in range(30)]


def _residual(number: int, shape: tuple[int, ...]) -> Tensor:
    generator = torch.Generator().manual_seed(number)
    channels, *size = shape
    coarse = torch.randn(1, channels, *(max(2, side // 3) for side in size), generator=generator)
    strength = float(torch.randn(1, generator=generator).mul(0.2).exp())
    return strength * (interpolate(coarse, size=size)[0] + 0.3 * torch.randn(shape, generator=generator))


def _keep_freed_memory() -> None:
    """Have glibc keep what is freed: whether it does depends on addresses, and new pages cost ten times the sums."""
    if hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_MOST_MAPPED, 0)
        library.mallopt(_TRIM_THRESHOLD, -1)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _milliseconds(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 3)
