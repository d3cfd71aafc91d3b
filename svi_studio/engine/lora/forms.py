"""The forms of a LoRA that are not one product of two matrices: LoHa and LoKr, and DoRA's magnitudes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

HADAMARD = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
KRONECKER = ("lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_w2", "lokr_w2_a", "lokr_w2_b")


@dataclass(frozen=True)
class Hadamard:
    """LoHa: `scale * (w1_a @ w1_b) * (w2_a @ w2_b)`; `w*_a [out, r]`, `w*_b [r, in]` (FedPara, arXiv 2108.06098)."""

    parts: Mapping[str, torch.Tensor]
    scale: float = 1.0

    @property
    def rank(self) -> int:
        """The rank of each factor."""
        return self.parts["hada_w1_b"].shape[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the weight that it changes."""
        return self.parts["hada_w1_a"].shape[0], self.parts["hada_w1_b"].shape[1]

    def change(self, base: torch.Tensor) -> torch.Tensor:
        """What it adds to `base`, without its scale: float32 on the device and in the shape of `base`."""
        w1_a, w1_b, w2_a, w2_b = (self.parts[name].to(base.device, torch.float32) for name in HADAMARD)
        return ((w1_a @ w1_b) * (w2_a @ w2_b)).reshape(base.shape)


@dataclass(frozen=True)
class Kronecker:
    """LoKr: `scale * kron(w1, w2)`, each of them whole or a product of `_a` and `_b` (arXiv 2212.10650)."""

    parts: Mapping[str, torch.Tensor]
    scale: float = 1.0

    @property
    def rank(self) -> int:
        """The rank of the factor that is a product; of none, 1."""
        products = [self.parts[name] for name in ("lokr_w2_b", "lokr_w1_b") if name in self.parts]
        return products[0].shape[0] if products else 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the weight that it changes."""
        first, second = self._size("lokr_w1"), self._size("lokr_w2")
        return first[0] * second[0], first[1] * second[1]

    def change(self, base: torch.Tensor) -> torch.Tensor:
        """What it adds to `base`, without its scale: float32 on the device and in the shape of `base`."""
        return torch.kron(self._factor("lokr_w1", base), self._factor("lokr_w2", base)).reshape(base.shape)

    def _size(self, name: str) -> tuple[int, int]:
        if name in self.parts:
            rows, columns = self.parts[name].shape
            return rows, columns
        return self.parts[f"{name}_a"].shape[0], self.parts[f"{name}_b"].shape[1]

    def _factor(self, name: str, base: torch.Tensor) -> torch.Tensor:
        def part(ending: str) -> torch.Tensor:
            return self.parts[name + ending].to(base.device, torch.float32)

        return part("") if name in self.parts else part("_a") @ part("_b")


Composed = Hadamard | Kronecker


def composed(parts: Mapping[str, torch.Tensor]) -> Composed | None:
    """The form that `parts` are of; None when one is missing, too many, or their sizes do not fit each other."""
    if any(part.ndim != 2 or not part.numel() for part in parts.values()):
        return None
    if set(parts) == set(HADAMARD):
        w1_a, w1_b, w2_a, w2_b = (parts[name] for name in HADAMARD)
        fits = w1_a.shape[1] == w1_b.shape[0] and w2_a.shape[1] == w2_b.shape[0]
        same = (w1_a.shape[0], w1_b.shape[1]) == (w2_a.shape[0], w2_b.shape[1])
        return Hadamard(parts) if fits and same else None
    for name in ("lokr_w1", "lokr_w2"):
        ends = [each.removeprefix(name) for each in parts if each.startswith(name)]
        if sorted(ends) not in ([""], ["_a", "_b"]):
            return None
        if ends != [""] and parts[f"{name}_a"].shape[1] != parts[f"{name}_b"].shape[0]:
            return None
    return Kronecker(parts) if set(parts) <= set(KRONECKER) else None


def with_magnitude(base: torch.Tensor, changed: torch.Tensor, magnitude: torch.Tensor) -> torch.Tensor:
    """DoRA: `changed [out, in]`, which is the weight plus its LoRA, with its rows or columns made `magnitude` long.

    Magnitudes `[out]`, as peft has them, and `[out, 1]` belong to rows, LyCORIS' usual `[1, in]` to columns (arXiv
    2402.09353, equation 5). All in float32; returns the shape of `base`.
    """
    flat = changed.flatten(1)
    of_columns = magnitude.ndim > 1 and magnitude.shape[0] == 1 and magnitude.numel() == flat.shape[1]
    norm = flat.norm(dim=0, keepdim=True) if of_columns else flat.norm(dim=1, keepdim=True)
    length = magnitude.to(flat).reshape(norm.shape)
    return (flat * (length / norm.clamp_min(torch.finfo(torch.float32).eps))).reshape(base.shape)
