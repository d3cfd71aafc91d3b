"""Draws the pictures that a film of the bundled model can start from: every subject, in every colour, in every scene.

Run ``python -m trainer.paper_theatre.starting_pictures`` to write them to ``resources/storyline/pictures``.
"""

import argparse
import hashlib
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from PIL import Image

from svi_studio.domain.poses.puppet import puppet_skeleton
from svi_studio.media.poses.skeleton_file import write_skeleton
from trainer.paper_theatre.puppet import JOINTS
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.render import render_still, skeletons
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.script import Script, Still
from trainer.paper_theatre.stage import CELL, FINE, HEIGHT, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import COLOURS, SMALL, SUBJECTS

INDEX = "index.json"
PUPPET_JOINTS_FILE = "puppet.joints.json"
"""Where the joints of the puppet lie in its pictures, which all show it at the same place: a skeleton of one frame."""


def starting_stills() -> Iterator[Still]:
    """Each subject alone in the middle of the stage, where it can go both ways."""
    for subject in SUBJECTS:
        width = PUPPET_WIDTH if subject == "puppet" else SMALL
        middle = (WIDTH - width) // 2 // CELL * CELL
        for colour in COLOURS:
            for scene in SCENES:
                yield Still(scene=scene, subject=subject, colour=colour, x=middle)


def picture_name(stage: Still) -> str:
    """The file of a picture, for example ``boat-red-beach.png``."""
    return f"{stage.subject}-{stage.colour}-{stage.scene}.png"


def write_pictures(folder: Path) -> None:
    """Writes the pictures, and beside them an index of what each shows, as the storyline helper reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    for stage in starting_stills():
        (folder / picture_name(stage)).write_bytes(_png(stage, FINE))
    pictures = ",\n".join(json.dumps(_entry(stage)) for stage in starting_stills())
    head = f'{{"schema_version": 1, "width": {FINE.width}, "height": {FINE.height}, "pictures": [\n'
    (folder / INDEX).write_text(f"{head}{pictures}\n]}}\n", encoding="utf-8")
    write_joints(folder / PUPPET_JOINTS_FILE)


def write_joints(file: Path) -> None:
    """Writes where the puppet of the pictures has its joints: who draws it knows, and nobody has to look for it."""
    stage = next(each for each in starting_stills() if each.subject == "puppet")
    track = skeletons(Script(stage, "rest"))[:1]
    joints = {name: track[:, number] for number, name in enumerate(JOINTS)}
    write_skeleton(file, puppet_skeleton(joints, Fraction(1), WIDTH, HEIGHT))


def _entry(stage: Still) -> dict[str, str]:
    shown = {"lead": stage.subject, "colour": stage.colour, "place": stage.scene}
    digests = {"sha256": _digest(stage, FINE), "earlier": _digest(stage, PLAIN)}
    return {"file": picture_name(stage), **shown, **digests}


def _png(stage: Still, staging: Staging) -> bytes:
    file = io.BytesIO()
    Image.fromarray(render_still(stage, staging)).save(file, "PNG", optimize=True)
    return file.getvalue()


def _digest(stage: Still, staging: Staging) -> str:
    return hashlib.sha256(_png(stage, staging)).hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the pictures that films of the bundled model start from.")
    parser.add_argument("--target", type=Path, default=Path("resources/storyline/pictures"))
    write_pictures(parser.parse_args().target)
