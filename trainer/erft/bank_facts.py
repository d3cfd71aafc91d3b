"""What a saved bank says of its entries beside their values: two small files with a version."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

from svi_studio.disk.atomic import plain_errors, write_new
from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import StudioError
from trainer.erft.quantized import Floats

_VERSION = 1
_SUMMARY = "bank.json"
_ENTRIES = "entries.safetensors"


@dataclass(frozen=True)
class BankFacts:
    """A bank of n entries without their values, in the order of grids and slots.

    ``shape`` (C, T, h, w) of all residuals, None while there is none; ``inserts`` so far in each grid; of every entry
    its ``grids [n]``, ``numbers [n]`` among the inserts of the grid, ``sigmas [n]`` and ``scales [n, C]``.
    """

    shape: tuple[int, ...] | None
    inserts: list[int]
    grids: NDArray[np.int64]
    numbers: NDArray[np.int64]
    sigmas: NDArray[np.float64]
    scales: Floats

    def save(self, folder: Path, fs: FsOps) -> None:
        """Writes both files into ``folder``, which has neither; nobody waits for the disk."""
        arrays: dict[str, NDArray[Any]] = {
            "grids": self.grids,
            "numbers": self.numbers,
            "sigmas": self.sigmas,
            "scales": self.scales,
        }
        summary = {"version": _VERSION, "shape": self.shape, "inserts": self.inserts}
        with plain_errors(folder):
            write_new(folder / _ENTRIES, save(arrays), fs, sync=False)
            write_new(folder / _SUMMARY, json.dumps(summary).encode(), fs, sync=False)

    @classmethod
    def load(cls, folder: Path) -> "BankFacts":
        """Reads what `save` wrote.

        Raises StudioError when a newer program wrote it; OSError, ValueError, KeyError, TypeError or SafetensorError
        when it is missing or damaged.
        """
        summary = json.loads((folder / _SUMMARY).read_text())
        if summary["version"] != _VERSION:
            raise StudioError(f"The error bank {folder} is of a newer version of the program; update it to go on.")
        loaded: dict[str, Any] = load_file(folder / _ENTRIES)
        shape = None if summary["shape"] is None else tuple(summary["shape"])
        return cls(shape, list(summary["inserts"]), **loaded)
