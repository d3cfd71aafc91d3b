"""Writes what the examples of Talk and Dance are made from: storyboards, first pictures, and a dance.

Run ``python -m trainer.paper_theatre.examples``. The speech is a recording and stays as it is: espeak-ng read the
project's own words.
"""

import argparse
import json
from math import pi, sin
from pathlib import Path

from PIL import Image

from svi_studio.media.poses.skeleton_file import write_skeleton
from trainer.paper_theatre.performance import Moment
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.puppet import Pose
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script, Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import NUM_FRAMES

CLIPS = 10
FRAMES = CLIPS * (NUM_FRAMES - 1) + 1  # the last frame of a clip is the first of the next
BEAT = 10  # frames
SPEAKER = Still("night", "puppet", "red", 24)
DANCER = Still("beach", "puppet", "purple", 24)


def write_examples(folder: Path) -> None:
    """Writes both examples into ``folder``, all but the speech."""
    speech = {"kind": "sound", "pieces": [{"file": "first-speech.ogg", "start": 0, "length": FRAMES}]}
    _write(folder / "first-speech.json", "The puppet's speech", "talk", SPEAKER, speech)
    steps = first_dance()
    write_skeleton(folder / "first-dance.npz", skeleton_of(DANCER, steps))
    dance = {"kind": "skeleton", "pieces": [{"file": "first-dance.npz", "start": 0, "length": FRAMES}]}
    _write(folder / "first-dance.json", "The puppet's dance", "dance", DANCER, dance)


def first_dance() -> tuple[Moment, ...]:
    """A slow jig on the spot: a kick, and the other one, then with bent knees, arms at the sides."""
    return tuple(_step(frame) for frame in range(FRAMES))


def _step(frame: int) -> Moment:
    beat, within = divmod(frame, BEAT)
    lift = sin(pi * within / BEAT) ** 2  # 0, 1, 0 in every beat
    leg, knee = round(6 + 44 * lift), round(80 * lift) if beat % 4 >= 2 else 0
    return Moment(Pose(left_leg=leg, left_knee=knee) if beat % 2 else Pose(right_leg=leg, right_knee=knee))


def _write(file: Path, title: str, family: str, stage: Still, track: object) -> None:
    picture = file.with_suffix(".png")
    Image.fromarray(render_still(stage)).save(picture, optimize=True)
    prompts = [prompt_for(Script(stage, family)), *[""] * (CLIPS - 1)]
    board = {
        "schema_version": 3,
        "title": title,
        "family": family,
        "model": "svi-mini",
        "reference_image": picture.name,
        "seed": 0,
        "clips": [{"id": f"c{number}", "prompt": prompt} for number, prompt in enumerate(prompts, 1)],
        "tracks": [track],
    }
    file.write_text(json.dumps(board, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the examples of Talk and Dance.")
    parser.add_argument("--target", type=Path, default=Path("resources/storyboards"))
    write_examples(parser.parse_args().target)
