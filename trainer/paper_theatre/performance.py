"""A puppet that follows tracks: its mouth a curve, its body a skeleton, in every frame of a clip."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre.puppet import HEIGHT as PUPPET_HEIGHT
from trainer.paper_theatre.puppet import REST, Pose, drawn_puppet
from trainer.paper_theatre.render import paste
from trainer.paper_theatre.scenes import Pixels, panned
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import FLOOR, PLAIN, Staging


@dataclass(frozen=True)
class Moment:
    """What the puppet does in one frame: its pose, its mouth (0 to 3), and how far it is from its place (units)."""

    pose: Pose = REST
    mouth: float = 0.0
    right: float = 0
    up: float = 0


STILL = Moment()


def draw_moment(stage: Still, moment: Moment, staging: Staging = PLAIN) -> Pixels:
    """One frame, uint8 [height, width, 3]; a moment of rest is exactly `render_still`."""
    return moment_and_mask(stage, moment, staging)[0]


def moment_and_mask(stage: Still, moment: Moment, staging: Staging = PLAIN) -> tuple[Pixels, npt.NDArray[np.bool_]]:
    """One frame, and where the puppet (with its rim) covers the backdrop, bool [height, width]."""
    canvas = np.asarray(panned(stage.scene, stage.offset, staging) / 255, dtype=np.float32)
    mask = np.zeros_like(canvas)
    sprite = drawn_puppet(stage.colour, moment.pose, moment.mouth, 100 * stage.facing, staging)
    across, down = stage.x + moment.right, FLOOR - PUPPET_HEIGHT - moment.up
    place = (round(across * staging.pixels), round(down * staging.pixels))
    paste(canvas, sprite, *place)
    paste(mask, np.repeat(sprite[..., 3:], 4, axis=2), *place)
    return np.asarray((canvas * 255).round().clip(0, 255), dtype=np.uint8), np.asarray(mask[..., 0] > 0.1)


def draw_moments(stage: Still, moments: tuple[Moment, ...], staging: Staging = PLAIN) -> Pixels:
    """A clip, uint8 [N, height, width, 3]."""
    return np.stack([draw_moment(stage, moment, staging) for moment in moments])
