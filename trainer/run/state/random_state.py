"""The random generators of this process: torch on every device, Python's and numpy's."""

import random
from typing import Any

import numpy as np
import torch
from torch import Tensor


def seed_random(seed: int) -> None:
    """Starts all generators from ``seed``."""
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)


def random_state() -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The state of all generators: torch's as tensors, the others as values for JSON."""
    tensors = {"torch": torch.get_rng_state()}
    if torch.cuda.is_available():
        tensors |= {f"cuda{index}": state for index, state in enumerate(torch.cuda.get_rng_state_all())}
    version, words, gauss = random.getstate()
    _, keys, position, has_gauss, cached = np.random.get_state(legacy=True)
    numpy_state = [np.asarray(keys).tolist(), int(position), int(has_gauss), float(cached)]
    return tensors, {"python": [version, list(words), gauss], "numpy": numpy_state}


def restore_random_state(tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    """Puts all generators back to what `random_state` returned; devices that are gone are passed over."""
    torch.set_rng_state(tensors["torch"])
    for index in range(torch.cuda.device_count()):
        if f"cuda{index}" in tensors:
            torch.cuda.set_rng_state(tensors[f"cuda{index}"], index)
    version, words, gauss = values["python"]
    random.setstate((version, tuple(words), gauss))
    keys, position, has_gauss, cached = values["numpy"]
    np.random.set_state(("MT19937", np.array(keys, dtype=np.uint32), position, has_gauss, cached))
