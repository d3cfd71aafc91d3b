"""Writes the examples that come with the program: storyboards, first pictures, and a dance with its tune.

Run ``python -m trainer.paper_theatre.examples``. The speech is a recording and stays as it is: espeak-ng read the
project's own words.
"""

import argparse
import json
from math import ceil, pi, sin
from pathlib import Path
from typing import Any

import soundfile
from PIL import Image

from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
from svi_studio.media.poses.skeleton_file import write_skeleton
from trainer.paper_theatre.performance import Moment
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.puppet import REST, Pose
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script, Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import FINE
from trainer.paper_theatre.tune import RATE, dance_tune

EXPERTS = "svi-theatre-experts"
CLIPS = 10
FRAMES = CLIPS * (FINE.num_frames - 1) + 1  # the last frame of a clip is the first of the next
BEAT = 10 * FINE.frames  # frames
SWAY, BOUNCE = 3, 1.5  # units
TRAVELLER = Still("meadow", "puppet", "red", 16)
SOLOIST = Still("room", "puppet", "blue", 24)
SPEAKER = Still("night", "puppet", "red", 24)
DANCER = Still("beach", "puppet", "purple", 24)
SAILOR = Still("beach", "boat", "orange", 32)

JOURNEY = (
    "The red puppet dances in the meadow.",
    "The red puppet moves right in the meadow.",
    "The scene changes to the beach. The red puppet rests.",
    "The red puppet dances on the beach.",
    "The red puppet moves left on the beach.",
    "The scene changes to the night. The red puppet rests.",
    "The red puppet moves right at night.",
    "The scene changes to the city. The red puppet rests.",
    "The red puppet dances in the city.",
    "The red puppet leaves to the right in the city.",
)
VOYAGE = (
    "The orange boat moves right on the beach.",
    "The orange boat turns around on the beach.",
    "The orange boat moves left on the beach.",
    "The orange boat rests on the beach.",
    "The orange boat jumps on the beach.",
    "The orange boat turns around on the beach.",
    "The orange boat moves right on the beach.",
    "The orange boat turns around on the beach.",
    "The orange boat jumps on the beach.",
    "The orange boat leaves to the right on the beach.",
)

_OPEN = Pose(95, 95, 95, 95, 8, 8)
_HIGH = Pose(150, 168, 150, 168, 6, 6)
_HIPS = Pose(50, -50, 50, -50, 10, 10)
_KICK = Pose(100, 80, 35, 12, 6, 48)
_KNEE = Pose(60, 150, 60, 150, 6, 40, 0, 80)
PHRASE = (_OPEN, _HIGH, _KICK, _KICK.mirrored, _HIPS, _KNEE, _HIPS, _KNEE.mirrored)
"""The poses of a dance, one a beat, over and over."""


def write_examples(folder: Path) -> None:
    """Writes all examples into ``folder``, all but the speech."""
    speech = _track("sound", "first-speech.ogg")
    dance = (_track("sound", "first-dance.ogg"), _track("skeleton", "first-dance.npz"))
    write_skeleton(folder / "first-dance.npz", skeleton_of(DANCER, first_dance(), FINE))
    tune = dance_tune(ceil(FRAMES / BEAT), BEAT / FINE.fps, FRAMES / FINE.fps)
    soundfile.write(folder / "first-dance.ogg", tune, RATE, format="OGG", subtype="VORBIS")
    _write(folder / "first-film.json", "A red puppet sees the world", "film", TRAVELLER, JOURNEY)
    _write(folder / "first-shot.json", "The dancer", "shot", SOLOIST, _one("dance", SOLOIST))
    _write(folder / "first-speech.json", "The puppet's speech", "talk", SPEAKER, _one("talk", SPEAKER), speech)
    _write(folder / "first-dance.json", "The puppet's dance", "dance", DANCER, _one("dance", DANCER), *dance)
    _write(folder / "first-pro.json", "A boat at the beach", "pro", SAILOR, VOYAGE, model=EXPERTS)


def first_dance() -> tuple[Moment, ...]:
    """From rest into `PHRASE`, swaying, with a bounce on every beat."""
    return tuple(_step(frame) for frame in range(FRAMES))


def _step(frame: int) -> Moment:
    beat, within = divmod(frame, BEAT)
    before = PHRASE[(beat - 1) % len(PHRASE)] if beat else REST
    share = min(1.0, within / BEAT / 0.7)  # a pose is held until the next beat
    share = share * share * (3 - 2 * share)
    begun = min(1.0, frame / BEAT)
    right = begun * SWAY * sin(pi * frame / BEAT / 2)
    up = begun * BOUNCE * sin(pi * within / BEAT) ** 2
    return Moment(before.towards(PHRASE[beat % len(PHRASE)], share), 0.0, FINE.on_grid(right), FINE.on_grid(up))


def _one(action: str, stage: Still) -> tuple[str, ...]:
    return (prompt_for(Script(stage, action)), *[""] * (CLIPS - 1))


def _track(kind: str, file: str) -> dict[str, Any]:
    return {"kind": kind, "pieces": [{"file": file, "start": 0, "length": FRAMES}], "fps": float(FINE.fps)}


def _write(
    file: Path,
    title: str,
    family: str,
    stage: Still,
    prompts: tuple[str, ...],
    *tracks: dict[str, Any],
    model: str = NEW_FILM_MODEL,
) -> None:
    picture = file.with_suffix(".png")
    Image.fromarray(render_still(stage, FINE)).save(picture, optimize=True)
    board = {
        "schema_version": 3,
        "title": title,
        "family": family,
        "model": model,
        "reference_image": picture.name,
        "seed": 0,
        "clips": [{"id": f"c{number}", "prompt": prompt} for number, prompt in enumerate(prompts, 1)],
    }
    if tracks:
        board["tracks"] = tracks
    file.write_text(json.dumps(board, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the examples that come with the program.")
    parser.add_argument("--target", type=Path, default=Path("resources/storyboards"))
    write_examples(parser.parse_args().target)
