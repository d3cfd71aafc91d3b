"""A puppet that follows tracks: its mouth a curve, its body a skeleton, in every frame of a clip."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre.puppet import HEIGHT as PUPPET_HEIGHT
from trainer.paper_theatre.puppet import REST, Pose, drawn_puppet
from trainer.paper_theatre.render import paste
from trainer.paper_theatre.scenes import Pixels, backdrop
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import FLOOR, HEIGHT, WIDTH


@dataclass(frozen=True)
class Moment:
    """What the puppet does in one frame: its pose, its mouth (0 to 3), and how far it is from its place (pixels)."""

    pose: Pose = REST
    mouth: float = 0.0
    right: int = 0
    up: int = 0


STILL = Moment()


def draw_moment(stage: Still, moment: Moment) -> Pixels:
    """One frame, uint8 [HEIGHT, WIDTH, 3]; a moment of rest is exactly `render_still`."""
    canvas = np.asarray(np.roll(backdrop(stage.scene), -stage.offset, axis=1) / 255, dtype=np.float32)
    sprite = drawn_puppet(stage.colour, moment.pose, moment.mouth, 100 * stage.facing)
    paste(canvas, sprite, stage.x + moment.right, FLOOR - PUPPET_HEIGHT - moment.up)
    return np.asarray((canvas * 255).round().clip(0, 255), dtype=np.uint8)


def moment_mask(stage: Still, moment: Moment) -> npt.NDArray[np.bool_]:
    """Where the puppet (with its rim) covers the backdrop, bool [HEIGHT, WIDTH]."""
    mask = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32)
    sprite = drawn_puppet(stage.colour, moment.pose, moment.mouth, 100 * stage.facing)
    opaque = np.repeat(sprite[..., 3:], 4, axis=2)
    paste(mask, opaque, stage.x + moment.right, FLOOR - PUPPET_HEIGHT - moment.up)
    return np.asarray(mask[..., 0] > 0.1)


def draw_moments(stage: Still, moments: tuple[Moment, ...]) -> Pixels:
    """A clip, uint8 [N, HEIGHT, WIDTH, 3]."""
    return np.stack([draw_moment(stage, moment) for moment in moments])
