"""A model that counts: its latents hold the numbers of their frames, and it goes on from the last one that it sees."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from svi_studio.domain.film.family import FamilyProfile

CHANNELS = 16
KNOWN = 4  # the channel that says that a latent holds numbers, which zeros do not
Frames = np.ndarray


def picture(number: int, height: int = 16, width: int = 32) -> Frames:
    """A frame ``[H, W, 3]`` of one colour, which is its number."""
    return np.full((height, width, 3), (number // 200, number % 200, 77), np.uint8)


def read(frames: Frames) -> list[int]:
    """The numbers of ``frames [n, H, W, 3]``."""
    return [int(frame[3, 3, 0]) * 200 + int(frame[3, 3, 1]) for frame in frames]


def encode_video(_vae: Any, video: torch.Tensor) -> torch.Tensor:
    """Stands in for the autoencoder's: ``[1, 3, n, H, W]`` to ``[1, 16, T, H / 8, W / 8]``."""
    colours = ((video[0, :, :, 3, 3] + 1) * 127.5).round()  # [3, n]
    numbers = colours[0] * 200 + colours[1]
    numbers[colours[2] != 77] = -1  # padding
    return _latents(numbers, video.shape[3] // 8, video.shape[4] // 8)


def decode_frames(_vae: Any, latents: torch.Tensor, *, tiled: bool = False) -> Frames:
    """Stands in for the autoencoder's."""
    return np.stack([picture(number) for number in _numbers(latents)])


class Counter:
    """A transformer whose clean clip is: what it is told that is known, then the numbers that follow."""

    def __init__(self, profile: FamilyProfile) -> None:
        self._profile = profile

    def __call__(self, *, hidden_states: torch.Tensor, timestep: torch.Tensor, **_others: Any) -> tuple[torch.Tensor]:
        noisy, beside = hidden_states[:, :CHANNELS], hidden_states[:, CHANNELS + 4 :]
        clean = self._clean(self._told(noisy, beside, timestep), noisy.shape)
        return ((noisy - clean) / (timestep.max() / 1000),)

    def _told(self, noisy: torch.Tensor, beside: torch.Tensor, timestep: torch.Tensor) -> list[int]:
        """The numbers of the frames that are known."""
        if self._profile.hand_off == "frames":
            numbers = _numbers(beside)
            known = self._profile.num_motion_frames
            return numbers[:known] if numbers[:known] == [*range(numbers[0], numbers[0] + known)] else numbers[:1]
        if self._profile.hand_off == "held":
            still = int((timestep.view(noisy.shape[2], -1).amax(dim=1) == 0).sum())
            return _numbers(noisy[:, :, :still])
        return _numbers(beside[:, :, : int(beside[0, KNOWN, :, 0, 0].sum())])

    def _clean(self, told: list[int], shape: torch.Size) -> torch.Tensor:
        count = 4 * shape[2] - 3
        numbers = [*told, *range(told[-1] + 1, told[-1] + 1 + count - len(told))]
        return _latents(torch.tensor(numbers, dtype=torch.float32), shape[3], shape[4])


def _latents(numbers: torch.Tensor, height: int, width: int) -> torch.Tensor:
    groups = torch.cat([numbers[:1].repeat(4), numbers[1:]]).view(-1, 4)  # the first latent stands for one frame
    latents = torch.zeros(1, CHANNELS, len(groups), height, width)
    latents[0, :4] = groups.T[:, :, None, None] / 100
    latents[0, KNOWN] = 1
    return latents


def _numbers(latents: torch.Tensor) -> list[int]:
    """Backwards through ``_latents``."""
    return list(_each(latents[0, :4, :, 0, 0]))


def _each(groups: torch.Tensor) -> Iterator[int]:
    for place in range(groups.shape[1]):
        yield from (round(float(number) * 100) for number in groups[3 if place == 0 else 0 :, place])
