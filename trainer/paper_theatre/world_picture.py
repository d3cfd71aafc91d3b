"""Draws the picture by which a model of the paper theatre knows its own world: all backdrops, one below the other.

Run ``python -m trainer.paper_theatre.world_picture`` to write it into the bundled model.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.paper_theatre.scenes import SCENES, backdrop


def world_picture() -> Image.Image:
    """The backdrops in the order of ``SCENES``."""
    return Image.fromarray(np.concatenate([backdrop(scene) for scene in SCENES]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the backdrops that tell a picture of the paper theatre.")
    parser.add_argument("--target", type=Path, default=Path("resources/models/svi-mini/world.png"))
    world_picture().save(parser.parse_args().target, optimize=True)
