"""Small videos of every kind, made on the spot."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
MILLISECONDS = Fraction(1, 1000)


def write_video(
    path: Path,
    pictures: Iterable[Pictures],
    *,
    fps: int = 16,
    times: Sequence[float] | None = None,
    turned: int = 0,
    pixel: Fraction = Fraction(1),
    codec: str = "libx264",
) -> Path:
    """Write ``pictures`` ``[H, W, 3]`` without loss, at ``fps`` or at ``times`` (seconds), ``turned`` by degrees."""
    with av.open(str(path), "w") as container:
        stream = None
        for number, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(codec, rate=fps, options={"qp": "0"} if codec == "libx264" else {})
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv444p"
                stream.codec_context.sample_aspect_ratio = pixel
                stream.codec_context.time_base = MILLISECONDS if times else Fraction(1, fps)
                if turned:
                    stream.set_display_rotation(turned)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base = MILLISECONDS if times else Fraction(1, fps)
            frame.pts = round(times[number] * 1000) if times else number
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode())
    return path


def grey(level: int, width: int = 64, height: int = 48) -> Pictures:
    """One even picture."""
    return np.full((height, width, 3), level, np.uint8)


def counted(count: int, first: int = 0) -> list[Pictures]:
    """Pictures of eight black and white stripes that spell their number in binary digits."""
    stripes = [
        np.array([255 * (number >> bit & 1) for bit in range(8)], np.uint8) for number in range(first, first + count)
    ]
    return [np.broadcast_to(stripe.repeat(8)[None, :, None], (48, 64, 3)).copy() for stripe in stripes]


def numbers(frames: Pictures) -> list[int]:
    """The numbers that ``counted`` pictures spell."""
    bits = frames[:, 24, 4::8, 1] > 127
    return [int(each) for each in (bits * 2 ** np.arange(8)).sum(axis=1)]


def scene(seed: int, count: int, width: int = 96, height: int = 64) -> list[Pictures]:
    """A patterned background, another for every seed, before which a bright disc flies."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 200, (4, 6, 3), np.uint8)
    ground = coarse.repeat(height // 4, axis=0).repeat(width // 6, axis=1)
    down, across = np.mgrid[: ground.shape[0], : ground.shape[1]]
    angle = rng.uniform(0, 6.28)
    pictures = []
    for number in range(count):
        x = width * (0.5 + 0.35 * np.cos(angle + number * 0.15))
        y = height * (0.5 + 0.35 * np.sin(angle + number * 0.15))
        picture = ground.copy()
        picture[(down - y) ** 2 + (across - x) ** 2 < (height / 6) ** 2] = (250, 240, 200)
        pictures.append(picture)
    return pictures
