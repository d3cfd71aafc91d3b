"""Old cameras' half pictures become whole ones, and bright telephone videos look as they do on a screen."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc

from svi_studio.media.videos.video import Video


def encoded(path: Path, frames: Iterable[av.VideoFrame], pix_fmt: str, options: dict[str, str], high: bool) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "0", **options})
        stream.width, stream.height, stream.pix_fmt = 96, 64, pix_fmt
        stream.codec_context.time_base = Fraction(1, 25)
        if high:
            stream.codec_context.color_trc = ColorTrc.ARIB_STD_B67
            stream.codec_context.color_primaries = ColorPrimaries.BT2020
            stream.codec_context.colorspace = Colorspace.BT2020
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def middle_of(path: Path) -> np.ndarray:
    with Video(path) as video:
        frames = [each.frame for each in video.frames()]
        return video.upright(frames[len(frames) // 2]).astype(int)


def half_pictures(count: int) -> Iterable[av.VideoFrame]:
    """A white bar that moves on between the even and the odd rows of every frame."""
    for number in range(count):
        picture = np.full((64, 96, 3), 30, np.uint8)
        for row in range(64):
            left = 6 * number + 4 * (row % 2)
            picture[row, left : left + 16] = 220
        yield av.VideoFrame.from_ndarray(picture, format="rgb24")


def combed(picture: np.ndarray) -> float:
    """How much rows differ from both of their neighbours in the same direction, in levels."""
    above, row, below = picture[:-2], picture[1:-1], picture[2:]
    same_way = np.sign(row - above) == np.sign(row - below)
    return float((np.minimum(abs(row - above), abs(row - below)) * same_way).mean())


def test_half_pictures_are_not_combed(tmp_path: Path) -> None:
    path = encoded(
        tmp_path / "film.mp4", half_pictures(12), "yuv444p", {"flags": "+ildct", "x264-params": "tff=1"}, False
    )
    plain = next(half_pictures(7)).to_ndarray(format="rgb24").astype(int)

    assert combed(middle_of(path)) < 0.25 * combed(plain)


def test_colours_of_a_high_range_video_are_those_of_a_screen(tmp_path: Path) -> None:
    red = np.zeros((64, 96, 3), np.uint16)
    red[:] = (0.62 * 65535, 0.35 * 65535, 0.2 * 65535)  # a clear red of the wide colours of HLG, which a screen has too
    source = av.VideoFrame.from_ndarray(red, format="rgb48le")
    frames = [source.reformat(format="yuv420p10le", dst_colorspace=Colorspace.BT2020) for _ in range(3)]

    shown = middle_of(encoded(tmp_path / "film.mp4", frames, "yuv420p10le", {}, True)).mean(axis=(0, 1))

    assert shown[0] - shown[1] > 1.5 * (0.62 - 0.35) * 255
