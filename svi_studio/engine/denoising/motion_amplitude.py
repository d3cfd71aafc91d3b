"""More motion, by a condition that says so more loudly: what users of SVI do about clips that hardly move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

MOST: Final = 6.0
"""Conditions that go beyond are cut off: latents are about standard normal, and a network has seen nothing larger."""


def with_motion_amplitude(latents: Tensor, amplitude: float, known: int, *, ends: bool) -> Tensor:
    """The condition `latents [1, C, T, h, w]`, all but the first `known` of which differ from latent 0 more strongly.

    Of that difference the mean over each latent frame stays, so that colours and brightness do, and only the rest is
    multiplied by `amplitude`; up to 1 that does nothing. With `ends` the last latent is a picture and stays as well.
    The source is the community's (the nodes called PainterI2V, and Wan2GP); 1.15 is usual, more shows.
    """
    stop = latents.shape[2] - ends
    if amplitude <= 1 or known >= stop:
        return latents
    first, unknown = latents[:, :, :1], latents[:, :, known:stop]
    difference = unknown - first
    mean = difference.mean(dim=(1, 3, 4), keepdim=True)
    widened = first + (mean + (difference - mean) * amplitude)
    changed = latents.clone()
    changed[:, :, known:stop] = widened.clamp(-MOST, MOST)
    return changed
