"""The steps that a skeleton under a film can be changed by; each says in the skeleton what was done. For a thread."""

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton


ALIGNED = "aligned to the picture"


def mirror(skeleton: "Skeleton") -> "Skeleton":
    """Left and right turned round."""
    from svi_studio.domain.poses.shape_edits import mirrored  # noqa: PLC0415 - with numpy, for a skeleton

    return mirrored(skeleton).done("mirrored")


def scale(skeleton: "Skeleton", factor: float) -> "Skeleton":
    """``factor`` times as large. Raises BadInput."""
    from svi_studio.domain.poses.shape_edits import scaled  # noqa: PLC0415 - as above

    return scaled(skeleton, factor).done(f"scaled to {factor:.0%}")


def retime(skeleton: "Skeleton", factor: Fraction) -> "Skeleton":
    """``factor`` times as fast. Raises BadInput."""
    from svi_studio.domain.poses.time_edits import retimed  # noqa: PLC0415 - as above

    return retimed(skeleton, factor).done(f"speed {float(factor):.0%}")


def align(skeleton: "Skeleton", picture: "Skeleton") -> "Skeleton":
    """With the proportions and the place of the person in ``picture``. Raises BadInput."""
    from svi_studio.domain.poses.alignment import aligned  # noqa: PLC0415 - as above

    return aligned(skeleton, picture).done(ALIGNED)


def lengthen(skeleton: "Skeleton", part: tuple[int, int, int], fps: Fraction, *, loop: bool) -> "Skeleton":
    """The frames that a film at ``fps`` plays, made longer by a loop or by its last pose.

    ``part``: the first of them and the one after the last, and how many there shall be, all in film frames.
    """
    from svi_studio.domain.poses.time_edits import fitted, trimmed  # noqa: PLC0415 - as above

    rate = skeleton.fps / fps
    first = min(int(part[0] * rate), skeleton.num_frames - 1)
    stop = min(math.ceil(part[1] * rate), skeleton.num_frames)
    played = trimmed(skeleton, first, max(stop, first + 1))
    longer = fitted(played, max(1, math.ceil(part[2] * rate)), loop=loop)
    return longer.done("looped" if loop else "last pose held")
