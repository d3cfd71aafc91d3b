"""What a transformer says to one prompt, alone or together with other branches of guidance, block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from svi_studio.engine.conditions.attachment import attachment_of
from svi_studio.engine.denoising.transformer_call import predict, timesteps, transformer_input

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.denoising.held import Held


def _apart() -> None:
    """Branches of guidance are called one after the other."""
    return


@dataclass(frozen=True, eq=False)
class Branch:
    """A `Velocity` for latents `[1, C, T, h, w]` when all else stays as it is, without gradients.

    `transformer` is what is called, `network()` its module when branches are to go through it together, None when they
    are not. The other tensors are those of `predict`. Latents that are `held` are put in first, have no noise, and no
    velocity.
    """

    transformer: Callable[..., Any]
    y: Tensor
    text: Tensor
    tokens: Tensor | None
    extra: Mapping[str, Tensor] = field(default_factory=dict)
    held: Held | None = None
    network: Callable[[], nn.Module | None] = _apart

    @torch.no_grad()
    def __call__(self, latents: Tensor, sigma: float) -> Tensor:
        """The velocity at `sigma` in (0, 1], float32."""
        known, levels = self._noisy(latents, sigma)
        return self._velocity(
            predict(self.transformer, known, levels, y=self.y, text=self.text, tokens=self.tokens, extra=self.extra)
        )

    @torch.no_grad()
    def with_others(self, others: Sequence[Branch], latents: Tensor, sigma: float) -> list[Tensor]:
        """The velocities of this one and of `others` on the same transformer: each as if it were alone, bit for bit."""
        branches, network = [self, *others], self.network()
        if network is None:
            return [branch(latents, sigma) for branch in branches]
        calls = [_Call(network, branch, *branch._noisy(latents, sigma)) for branch in branches]
        for block in network.get_submodule("blocks").children():
            for call in calls:
                call.go_through(block)
        return [branch._velocity(call.end()) for branch, call in zip(branches, calls, strict=True)]

    def _noisy(self, latents: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
        """The latents as the transformer sees them, and their noise levels, `[1]` or `[1, T]`."""
        if self.held is None:
            return latents, torch.tensor([sigma], device=self.y.device)
        return self.held.put_into(latents), self.held.levels(sigma).to(self.y.device)

    def _velocity(self, predicted: Tensor) -> Tensor:
        whole = predicted.float()  # guidance subtracts two close predictions: not in half precision
        return whole if self.held is None else self.held.still(whole)


def at_once(branches: Sequence[Callable[[Tensor, float], Tensor]], latents: Tensor, sigma: float) -> list[Tensor]:
    """The velocities of `branches`, which differ in what they are told: together where that is wanted, else in turn."""
    first, *others = branches
    if isinstance(first, Branch):
        alike = [each for each in others if isinstance(each, Branch)]
        if len(alike) == len(others):
            return first.with_others(alike, latents, sigma)
    return [each(latents, sigma) for each in branches]


class _Call:
    """One call of a `WanTransformer3DModel` in the steps of its own `forward`, which others come between."""

    def __init__(self, network: nn.Module, branch: Branch, latents: Tensor, levels: Tensor) -> None:
        owner: Any = network
        self._owner, self._extra, self._attachment = owner, branch.extra, attachment_of(network)
        self._tell()
        noisy, timestep = transformer_input(latents, branch.y), timesteps(levels, latents)
        self._shape = [size // patch for size, patch in zip(noisy.shape[2:], owner.config.patch_size, strict=True)]
        self._rotary = owner.rope(noisy)
        self._hidden = owner.patch_embedding(noisy).flatten(2).transpose(1, 2).contiguous()
        by_token = timestep.shape[1] if timestep.ndim == 2 else None
        self._time, modulation, text, picture = owner.condition_embedder(
            timestep.flatten(), branch.text, branch.tokens, timestep_seq_len=by_token
        )
        self._modulation = modulation.unflatten(1 if by_token is None else 2, (6, -1))
        self._told = text if picture is None else torch.cat([picture, text], dim=1)

    def go_through(self, block: nn.Module) -> None:
        """The next block."""
        self._tell()
        self._hidden = block(self._hidden, self._told, self._modulation, self._rotary)

    def end(self) -> Tensor:
        """What the transformer returns, `[1, C, T, h, w]`."""
        owner, hidden, time = self._owner, self._hidden, self._time
        table = owner.scale_shift_table
        if time.ndim == 3:
            parts = (table.unsqueeze(0).to(time.device) + time.unsqueeze(2)).chunk(2, dim=2)
            shift, scale = (part.squeeze(2) for part in parts)
        else:
            shift, scale = (table.to(time.device) + time.unsqueeze(1)).chunk(2, dim=1)
        normal = (owner.norm_out(hidden.float()) * (1 + scale) + shift).type_as(hidden)
        patches = owner.proj_out(normal).reshape(len(normal), *self._shape, *owner.config.patch_size, -1)
        moved: Tensor = patches.permute(0, 7, 1, 4, 2, 5, 3, 6)
        return moved.flatten(6, 7).flatten(4, 5).flatten(2, 3)

    def _tell(self) -> None:
        if self._attachment is not None:
            self._attachment.tell(self._extra)
