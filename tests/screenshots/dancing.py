"""Puts a film of Dance beside the skeleton that it follows, as a small animated picture.

``./svi render resources/storyboards/first-dance.json -o dance.mp4``, then
``python -m tests.screenshots.dancing dance.mp4 resources/storyboards/first-dance.npz dancing.webp``.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.poses.skeleton_file import read_skeleton
from tests.screenshots.speaking import FILM, animate, film_frames

GAP = 8
GROUND = (24, 26, 32)


def skeleton_frames(file: Path, count: int, rate: float, speed: float) -> list[Image.Image]:
    """The skeleton at each of ``count`` frames of a film, as high as the film, so many times as fast."""
    skeleton = read_skeleton(file)
    width = round(skeleton.width * FILM[1] / skeleton.height)
    last = len(skeleton.body) - 1
    at = [min(last, round(number / rate * float(skeleton.fps) * speed)) for number in range(count)]
    return [Image.fromarray(np.asarray(frame)) for frame in draw_skeleton(skeleton, at, width, FILM[1], thickness=3)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("film", "skeleton", "output"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--speed", type=float, default=1.0, help="of the skeleton in the film")
    options = parser.parse_args()
    film, rate = film_frames(options.film)
    drawn = skeleton_frames(options.skeleton, len(film), float(rate), options.speed)
    frames = []
    for shown, pose in zip(film, drawn, strict=True):
        frame = Image.new("RGB", (pose.width + GAP + FILM[0], FILM[1]), GROUND)
        frame.paste(pose, (0, 0))
        frame.paste(shown, (pose.width + GAP, 0))
        frames.append(frame)
    animate(frames, rate, options.output)


if __name__ == "__main__":
    main()
