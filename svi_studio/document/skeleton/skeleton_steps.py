"""The steps that a skeleton under a film can be changed by; each says in the skeleton what was done. For a thread."""

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
