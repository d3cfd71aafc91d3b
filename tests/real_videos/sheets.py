"""Contact sheets: a dozen frames of a video with the skeleton and the box that was drawn by hand laid over."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.poses.time_edits import trimmed
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.video_reader import stream_frames
from tests.real_videos.boxes import trunk_middle
from tests.real_videos.catalogue import Track
from tests.real_videos.counting import body_height

FRAMES = 12
WRONG = 4  # of them
COLUMNS = 4
SIDE = 240  # pixels of a frame on the sheet
MOST_BYTES = 150_000
_ROUND = 1.7  # body heights: how much of the picture is shown
_THICKNESS = 90  # so many of them make a body's height

Picture = NDArray[np.uint8]


def write_sheet(path: Path, video: Path, skeleton: Skeleton, track: Track, wrong: Sequence[int] = ()) -> None:
    """Writes twelve frames at most as a JPEG: of those for which a box was drawn, and a few of the ``wrong`` ones."""
    bad = spread(wrong, WRONG)
    numbers = sorted({*bad, *spread([each for each in track if each not in bad], FRAMES - len(bad))})
    pictures = dict(zip(numbers, frames_of(video, numbers), strict=True))
    tiles = [_tile(picture, skeleton, number, track) for number, picture in pictures.items()]
    for number, tile in zip(numbers, tiles, strict=True):
        is_there = bool(skeleton.has_person[number])
        label(tile, f"{number}{': nobody found' if not is_there else ': elsewhere' if number in wrong else ''}")
    path.write_bytes(jpeg(joined(tiles, COLUMNS)))


def spread(numbers: Sequence[int], most: int) -> list[int]:
    """At most so many of ``numbers``, from the first to the last, evenly."""
    if len(numbers) <= most:
        return list(numbers)
    return [numbers[round(place)] for place in np.linspace(0, len(numbers) - 1, most)]


def frames_of(video: Path, numbers: Iterable[int]) -> list[Picture]:
    """These frames of a video ``[H, W, 3]``, in order."""
    wanted, first, found = sorted(numbers), 0, []
    for batch in stream_frames(video):
        found += [batch[number - first].copy() for number in wanted if first <= number < first + len(batch)]
        first += len(batch)
        if first > wanted[-1]:
            break
    return found


def overlaid(picture: Picture, skeleton: Skeleton, number: int) -> Picture:
    """The picture with the skeleton of one frame over it, in the colours that the model sees."""
    height, width = picture.shape[:2]
    thickness = max(2, round(body_height(skeleton.body) / _THICKNESS))
    lines = draw_skeleton(trimmed(skeleton, number, number + 1), None, width, height, thickness=thickness)[0]
    return np.where(
        lines.any(2, keepdims=True), np.minimum(lines.astype(np.uint16) + 60, 255).astype(np.uint8), picture
    )


def joined(tiles: Sequence[Image.Image], columns: int) -> Image.Image:
    """Pictures of one size, row after row."""
    width, height = tiles[0].size
    sheet = Image.new("RGB", (columns * width, -(-len(tiles) // columns) * height))
    for place, tile in enumerate(tiles):
        sheet.paste(tile, (place % columns * width, place // columns * height))
    return sheet


def jpeg(sheet: Image.Image, most: int = MOST_BYTES) -> bytes:
    """As good as fits into ``most`` bytes."""
    for quality in range(85, 20, -5):
        file = io.BytesIO()
        sheet.save(file, "JPEG", quality=quality)
        if len(file.getvalue()) <= most:
            break
    return file.getvalue()


def _tile(picture: Picture, skeleton: Skeleton, number: int, track: Track) -> Image.Image:
    """The part of a frame round the person."""
    shown = Image.fromarray(overlaid(picture, skeleton, number))
    box = track.get(number)
    if box is not None:
        ImageDraw.Draw(shown).rectangle(box, outline=(255, 255, 255), width=max(1, round(shown.width / 400)))
    part = shown.crop(_part(shown.size, skeleton, number, track)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return part


def label(picture: Image.Image, words: str) -> None:
    """Writes into the upper left corner."""
    font = ImageFont.load_default(14)
    ImageDraw.Draw(picture).text((4, 2), words, (255, 255, 255), font, stroke_width=2, stroke_fill=(0, 0, 0))


def _part(size: tuple[int, int], skeleton: Skeleton, number: int, track: Track) -> tuple[int, int, int, int]:
    """A square round the person, inside of the picture where it is large enough."""
    middle, box = trunk_middle(skeleton.body)[number], track.get(number)
    middle = np.array(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)) if box else middle
    middle = np.where(np.isnan(middle), np.array(size) / 2, middle)
    side = min(round(_ROUND * body_height(skeleton.body)), *size)
    left, top = (round(min(max(place - side / 2, 0), long - side)) for place, long in zip(middle, size, strict=True))
    return left, top, left + side, top + side
