"""The errors that a bank is to keep: those of this process, or during the warm-up those of all (paper section 4.3)."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, distributed


def kept_errors(
    residuals: Tensor, sigmas: Sequence[float], grids: Sequence[int], keep: Sequence[bool], *, everywhere: bool
) -> Iterator[tuple[Tensor, float, int]]:
    """Residual [C, T, h, w], sigma and grid of the errors whose own flag says keep, by rank and place in the batch.

    ``residuals [B, C, T, h, w]``. With ``everywhere`` and several processes all of them must call this with the same B;
    each then gets the errors of all, in the same order, by the flag that travels with each. (The authors' program
    takes every process's errors by the local flag, so clean ones of others slip in.)
    """
    facts = torch.tensor(list(zip(sigmas, grids, keep, strict=True)), dtype=torch.float64).reshape(-1, 3)
    if everywhere and distributed.is_available() and distributed.is_initialized():
        residuals, facts = _of_all_ranks(residuals), _of_all_ranks(facts)
    for residual, (sigma, grid, kept) in zip(residuals, facts.tolist(), strict=True):
        if kept:
            yield residual, sigma, int(grid)


def _of_all_ranks(local: Tensor) -> Tensor:
    device = torch.device("cpu" if distributed.get_backend() == "gloo" else f"cuda:{torch.cuda.current_device()}")
    local = local.detach().to(device).contiguous()
    parts = [torch.empty_like(local) for _ in range(distributed.get_world_size())]
    distributed.all_gather(parts, local)
    return torch.cat(parts).cpu()
