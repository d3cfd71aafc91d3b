"""Puts two films of the examples into one small animated picture: what the puppet hears or follows is under it.

``./svi render resources/storyboards/first-speech.json -o speech.mp4``, the same for ``first-dance``, then
``python -m tests.screenshots.talk_and_dance speech.mp4 dance.mp4 talk-and-dance.webp``.
"""

import argparse
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from svi_studio.domain.poses.time_edits import resampled
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.sounds.sound_store import ready_sound
from svi_studio.resource_files import resource_path

FILM = (480, 288)
STRIP = 72
GAP = 12
SECONDS = 8
GROUND, WAVE, PLAYED, HEAD = (24, 26, 32), (86, 92, 108), (112, 176, 255), (255, 255, 255)

Picture = NDArray[np.uint8]


def film_frames(path: Path) -> tuple[list[Image.Image], Fraction]:
    """The first seconds of a film, small, and its rate."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        rate = stream.average_rate or Fraction(12)
        frames = [frame.to_image() for frame in islice(container.decode(stream), SECONDS * int(rate))]
    return [frame.resize(FILM, Image.Resampling.NEAREST) for frame in frames], rate


def wave_strips(sound: Path, count: int, rate: Fraction) -> list[Image.Image]:
    """The waveform of the sound under each of ``count`` frames, with what was heard in another colour."""
    with ready_sound(sound) as ready:
        columns = ready.columns(0, float(count / rate) * 48_000 / FILM[0], FILM[0])
        peaks = np.maximum(np.abs(columns.min), np.abs(columns.max)).max(axis=0)
    heights = (peaks / max(float(peaks.max()), 1e-6) * (STRIP / 2 - 6)).astype(int)
    strips = []
    for number in range(count):
        strip = Image.new("RGB", (FILM[0], STRIP), GROUND)
        draw, head = ImageDraw.Draw(strip), round((number + 0.5) / count * FILM[0])
        for x, height in enumerate(heights):
            colour = PLAYED if x <= head else WAVE
            draw.line((x, STRIP // 2 - height, x, STRIP // 2 + height), colour)
        draw.line((head, 0, head, STRIP), HEAD, 2)
        strips.append(strip)
    return strips


def skeleton_strips(file: Path, count: int, rate: Fraction) -> list[Image.Image]:
    """The skeleton that each frame follows, between those that come before and after it."""
    skeleton = resampled(read_skeleton(file), rate)
    drawn = draw_skeleton(skeleton, range(min(count, skeleton.num_frames)), thickness=8)
    seen = np.argwhere(drawn.any(axis=(0, 3)))
    (top, left), (bottom, right) = seen.min(axis=0), seen.max(axis=0) + 1
    width = round(STRIP * (right - left) / (bottom - top))
    small = [Image.fromarray(each[top:bottom, left:right]).resize((width, STRIP - 4)) for each in drawn]
    strips = []
    for number in range(count):
        strip = Image.new("RGB", (FILM[0], STRIP))
        middle = (FILM[0] - width) // 2
        for place in range(-2, 3):
            shown = small[min(max(number + 4 * place, 0), len(small) - 1)]
            strip.paste(shown, (middle + place * (width + 8), 2))
        ImageDraw.Draw(strip).rectangle((middle - 4, 0, middle + width + 3, STRIP - 1), outline=HEAD)
        strips.append(strip)
    return strips


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("speech", "dance", "output"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    (speech, rate), (dance, _) = film_frames(options.speech), film_frames(options.dance)
    count = min(len(speech), len(dance))
    waves = wave_strips(resource_path("storyboards", "first-speech.ogg"), count, rate)
    bones = skeleton_strips(resource_path("storyboards", "first-dance.npz"), count, rate)
    frames = []
    for parts in zip(speech, waves, dance, bones, strict=False):
        frame = Image.new("RGB", (2 * FILM[0] + GAP, FILM[1] + STRIP), (255, 255, 255))
        places = ((0, 0), (0, FILM[1]), (FILM[0] + GAP, 0), (FILM[0] + GAP, FILM[1]))
        for part, place in zip(parts, places, strict=True):
            frame.paste(part, place)
        frames.append(frame)
    milliseconds = round(1000 / rate)
    frames[0].save(
        options.output, save_all=True, append_images=frames[1:], duration=milliseconds, loop=0, quality=72, method=4
    )


if __name__ == "__main__":
    main()
