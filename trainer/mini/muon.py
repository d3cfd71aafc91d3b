"""Which optimizer for which weights: Muon for the matrices and kernels inside a network, AdamW for everything else."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

_QUINTIC = (3.4445, -4.7750, 2.0315)  # K. Jordan et al., "Muon: An optimizer for hidden layers", 2024


class Muon(Optimizer):
    """Momentum whose update is made orthogonal (Jordan et al., 2024), one batch a shape.

    A convolution's kernel counts as a matrix with one row an output channel. It iterates in ``precision``: bfloat16, as
    `torch.optim.Muon` does, is enough, but takes several times longer on a processor without bfloat16 units. The update
    is scaled by ``0.2 * sqrt(max(rows, columns))``, so that AdamW's learning rates fit (Liu et al., 2025).
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
        precision: torch.dtype = torch.float32,
    ) -> None:
        self._precision = precision
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """One update of every matrix that has a gradient."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[nn.Parameter]] = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault(p.flatten(1).shape, []).append(p)
            for shape, parameters in shapes.items():
                momenta = [self._momentum(p, group["momentum"]).flatten(1) for p in parameters]
                update = orthogonal(torch.stack(momenta).to(self._precision))
                size = group["lr"] * 0.2 * max(shape) ** 0.5
                for p, u in zip(parameters, update, strict=True):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).add_(u.view_as(p), alpha=-size)

    def _momentum(self, p: nn.Parameter, momentum: float) -> Tensor:
        assert p.grad is not None
        buffer: Tensor = self.state[p].setdefault("momentum_buffer", torch.zeros_like(p))
        buffer.lerp_(p.grad, 1 - momentum)
        return p.grad.lerp(buffer, momentum)


def orthogonal(matrices: Tensor, steps: int = 5) -> Tensor:
    """Nearest semi-orthogonal matrices [n, r, c], about, by a quintic Newton-Schulz iteration."""
    a, b, c = _QUINTIC
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT.contiguous() if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


def optimizers_for(
    modules: list[nn.Module],
    hidden: list[nn.Parameter],
    learning_rate: float,
    precision: torch.dtype = torch.float32,
) -> list[Optimizer]:
    """Muon, which needs fewer steps, for ``hidden`` matrices; AdamW for embeddings, norms, heads: all the rest."""
    chosen = {id(p) for p in hidden}
    rest = [p for module in modules for p in module.parameters() if id(p) not in chosen]
    return [
        Muon(hidden, lr=learning_rate, precision=precision),
        AdamW(rest, lr=learning_rate, betas=(0.9, 0.98), weight_decay=0.01),
    ]
