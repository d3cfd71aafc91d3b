"""A test film as a video that people can watch: all arms beside each other, each with its name above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from svi_studio.disk.atomic import plain_errors
from svi_studio.media.video_reader import stream_frames
from svi_studio.media.video_writer import open_writer

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

_PIECE_QUALITY, _QUALITY = 7, 6  # a piece is compressed once more
_LEAST_HEIGHT = 240  # pixels; smaller pictures are enlarged by whole numbers
_LABEL, _LETTERS, _GAP = 28, 18, 4  # pixels
_PAPER, _INK = (28, 28, 30), (200, 200, 200)


def write_piece(path: Path, frames: Frames, fps: float) -> None:
    """Keeps the frames `[N, H, W, 3]` of one clip. Raises StudioError or DiskFull."""
    with plain_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    height, width = frames.shape[1:3]
    with open_writer(path, width=width, height=height, fps=fps, quality=_PIECE_QUALITY) as writer:
        writer.write(frames)


def join_films(path: Path, arms: Sequence[tuple[str, Sequence[Path]]], fps: float, size: tuple[int, int]) -> bool:
    """Writes a film of `arms`, each a name and the pieces that it is made of, at `size` (width, height) each.

    An arm that ends early shows its last frame from there on. False without any piece. Raises StudioError or DiskFull.
    """
    there = [(name, pieces) for name, pieces in arms if pieces and all(piece.is_file() for piece in pieces)]
    if not there:
        return False
    larger = max(1, -(-_LEAST_HEIGHT // size[1]))
    label = _labels([name for name, _ in there], size[0] * larger)
    streams = [_frames(pieces) for _, pieces in there]
    height, width = _LABEL + size[1] * larger, label.shape[1]
    with open_writer(path, width=width, height=height, fps=fps, quality=_QUALITY) as writer:
        shown: list[Frames | None] = [None] * len(streams)
        while any([_advance(shown, number, stream) for number, stream in enumerate(streams)]):  # noqa: C419 - all of them
            writer.write(_beside(shown, label, size, larger)[None])
    return True


def _frames(pieces: Sequence[Path]) -> Iterator[Frames]:
    for piece in pieces:
        for batch in stream_frames(piece):
            yield from batch


def _advance(shown: list[Frames | None], number: int, stream: Iterator[Frames]) -> bool:
    """Puts the next frame of an arm into `shown`; False when it has none left."""
    frame = next(stream, None)
    if frame is not None:
        shown[number] = frame
    return frame is not None


def _beside(shown: Sequence[Frames | None], label: Frames, size: tuple[int, int], larger: int) -> Frames:
    width, height = size
    sheet = np.empty((_LABEL + height * larger, label.shape[1], 3), np.uint8)
    sheet[:] = _PAPER
    sheet[:_LABEL] = label
    for number, frame in enumerate(shown):
        if frame is not None:
            left = number * (width * larger + _GAP)
            big = frame[:height, :width].repeat(larger, axis=0).repeat(larger, axis=1)
            sheet[_LABEL : _LABEL + big.shape[0], left : left + big.shape[1]] = big
    return sheet


def _labels(names: Sequence[str], width: int) -> Frames:
    sheet = Image.new("RGB", (len(names) * (width + _GAP) - _GAP, _LABEL), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(_LETTERS)
    for number, name in enumerate(names):
        draw.text((number * (width + _GAP) + 4, 2), name, _INK, font)
    return np.asarray(sheet)
