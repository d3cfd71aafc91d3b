"""Floats to frames and pictures to floats."""

import numpy as np
import torch
from PIL import Image

from svi_studio.engine.denoising.pixels import resize_picture, to_signed
from svi_studio.engine.latents.frames import truncate_into


def truncated(values: list[float]) -> list[int]:
    video = torch.tensor(values).view(1, 1, 1, -1).expand(3, 1, 1, -1).clone()
    frames = torch.empty(1, 1, len(values), 3, dtype=torch.uint8)
    truncate_into(video, frames)
    return frames[0, 0, :, 0].tolist()


def test_values_are_truncated_and_clipped() -> None:
    assert truncated([-1.5, -1.0, 0.0, 0.9999, 1.0, 1.5]) == [0, 0, 127, 254, 255, 255]


def test_channels_and_frames_keep_their_places() -> None:
    video = torch.linspace(-1, 1, 3 * 2 * 4 * 5).view(3, 2, 4, 5)
    frames = torch.empty(2, 4, 5, 3, dtype=torch.uint8)
    wanted = ((video + 1) * 127.5).to(torch.uint8).permute(1, 2, 3, 0)
    truncate_into(video.clone(), frames)
    assert torch.equal(frames, wanted)


def test_black_is_minus_one_and_white_is_one() -> None:
    frames = np.array([0, 255], dtype=np.uint8).reshape(1, 1, 2, 1).repeat(3, axis=3)
    assert to_signed(frames).shape == (3, 1, 1, 2)
    assert to_signed(frames)[0].flatten().tolist() == [-1.0, 1.0]


def test_a_picture_is_squashed_to_the_films_size() -> None:
    assert resize_picture(Image.new("L", (70, 20), 77), 32, 48).shape == (1, 48, 32, 3)
