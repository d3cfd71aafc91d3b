"""Decoded frames to uint8 and into the encoder, against going through a list of PIL pictures as the authors do."""

import time
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image

from svi_studio.engine.latents.frames import truncate_into
from svi_studio.media.ffmpeg import Ffmpeg
from tests.benchmarks.figure import Figure

SHAPE = (3, 81, 480, 832)
ROUNDS = 3
BATCH = 16


def measure() -> Figure:
    """Wall-clock seconds for one clip of 81 frames of 832 x 480, best of three.

    The ffmpeg at the other end takes the frames and compresses nothing, so that the way there is what is measured.
    """
    video = torch.rand(SHAPE) * 2 - 1
    lists = min(_seconds(_through_lists, video) for _ in range(ROUNDS))
    straight = min(_seconds(_straight, video) for _ in range(ROUNDS))
    details = {"straight_seconds": round(straight, 3), "pil_lists_seconds": round(lists, 3)}
    return Figure("frames into the encoder / through PIL lists", straight / lists, 0.5, "x", details)


def _seconds(way: Callable[[torch.Tensor, Ffmpeg], None], video: torch.Tensor) -> float:
    """The chunks come fresh from a decoder, so each way gets a copy of its own to use up."""
    own = video.clone()
    size = f"{SHAPE[3]}x{SHAPE[2]}"
    encoder = Ffmpeg(
        ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-i", "pipe:0", "-c", "copy", "-f", "null", "-"], feed=True
    )
    start = time.perf_counter()
    way(own, encoder)
    status, _ = encoder.finish()
    seconds = time.perf_counter() - start
    assert status == 0
    return seconds


def _straight(video: torch.Tensor, encoder: Ffmpeg) -> None:
    """As the program does: a decoder's chunk at a time into one uint8 clip, then batches of it into the pipe."""
    frames = torch.empty(*SHAPE[1:], 3, dtype=torch.uint8)
    for start in range(0, SHAPE[1], 4):
        truncate_into(video[:, start : start + 4], frames[start : start + 4])
    clip = frames.numpy()
    for start in range(0, len(clip), BATCH):
        encoder.pipe_in.write(memoryview(clip[start : start + BATCH]).cast("B"))


def _through_lists(video: torch.Tensor, encoder: Ffmpeg) -> None:
    """The whole clip as floats, as uint8, as PIL pictures, and each picture as an array again."""
    frames = ((video.permute(1, 2, 3, 0).float() + 1) * 127.5).clip(0, 255).numpy().astype(np.uint8)
    pictures = [Image.fromarray(frame) for frame in frames]
    for picture in pictures:
        encoder.pipe_in.write(np.array(picture).tobytes())
