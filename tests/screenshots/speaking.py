"""Puts the first seconds of a film into a small animated picture, with the sound that its puppet hears under it.

``./svi render resources/storyboards/first-speech.json -o speech.mp4``, then
``python -m tests.screenshots.speaking speech.mp4 resources/storyboards/first-speech.ogg speaking.webp``.
"""

import argparse
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from svi_studio.media.sounds.sound_store import ready_sound

FILM = (480, 288)
STRIP = 72
SECONDS = 8
RATE = 12  # pictures a second, at least: a picture in a page should be small
GROUND, WAVE, PLAYED, HEAD = (24, 26, 32), (86, 92, 108), (112, 176, 255), (255, 255, 255)

Picture = NDArray[np.uint8]


def film_frames(path: Path) -> tuple[list[Image.Image], Fraction]:
    """The first seconds of a film, small, at `RATE` or a little more, and that rate."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        rate = stream.average_rate or Fraction(RATE)
        step = max(1, int(rate) // RATE)
        frames = [frame.to_image() for frame in islice(container.decode(stream), 0, SECONDS * int(rate), step)]
    return [frame.resize(FILM, Image.Resampling.NEAREST) for frame in frames], rate / step


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


def animate(frames: list[Image.Image], rate: Fraction, path: Path) -> None:
    """Writes an animated WebP that plays for ever."""
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=round(1000 / rate), loop=0, quality=60, method=6
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("film", "sound", "output"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    film, rate = film_frames(options.film)
    frames = []
    for shown, strip in zip(film, wave_strips(options.sound, len(film), rate), strict=True):
        frame = Image.new("RGB", (FILM[0], FILM[1] + STRIP))
        frame.paste(shown, (0, 0))
        frame.paste(strip, (0, FILM[1]))
        frames.append(frame)
    animate(frames, rate, options.output)


if __name__ == "__main__":
    main()
