"""Draws the picture by which a model of the paper theatre knows its own world: all backdrops, one below the other.

Run ``python -m trainer.paper_theatre.world_picture`` to write it into the bundled model.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.paper_theatre.scenes import SCENES, backdrop
from trainer.paper_theatre.stage import FINE, PLAIN, Staging


def world_picture(staging: Staging = PLAIN) -> Image.Image:
    """The backdrops in the order of ``SCENES``."""
    return Image.fromarray(np.concatenate([backdrop(scene, staging) for scene in SCENES]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the backdrops that tell a picture of the paper theatre.")
    parser.add_argument("--target", type=Path, default=Path("resources/models/svi-mini/world.png"))
    parser.add_argument("--fine", action="store_true", help="at the size of svi-theatre")
    options = parser.parse_args()
    world_picture(FINE if options.fine else PLAIN).save(options.target, optimize=True)
