"""How a dance would lie on a body in a picture: its first pose there, and whether the two are built alike."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from svi_studio.document.skeleton.pose import Pose, pose_of, skeleton_of
from svi_studio.domain.errors import BadInput

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton

_SAMPLE = 48
"""Frames of the dance that tell how the dancer is built: spread over all of it."""


class Fitting:
    """One dance against one body after the other, quick enough for every move of a hand."""

    def __init__(self, dance: "Skeleton") -> None:
        self._first = first_whole(dance)
        self._sample = _sample_of(dance)

    def first_pose(self, picture: Pose) -> Pose | None:
        """The dance's first whole pose, on that body; None where they cannot be compared."""
        from svi_studio.domain.poses.alignment import aligned  # noqa: PLC0415 - with numpy, for a skeleton

        if self._first is None or not picture.body:
            return None
        try:
            return pose_of(aligned(self._first, skeleton_of(picture)), 0)
        except BadInput:
            return None

    def problem(self, picture: Pose) -> str:
        """Why they cannot be aligned, in a sentence; empty when they can."""
        from svi_studio.domain.poses.alignment import can_align  # noqa: PLC0415 - as above

        if self._first is None:
            return QCoreApplication.translate(
                "Skeleton", "The dance never shows both shoulders and both hips, so it cannot be aligned."
            )
        if picture.body and not can_align(self._first, skeleton_of(picture)):
            return QCoreApplication.translate(
                "Skeleton", "Both shoulders, both hips and the neck are needed: bring them back with a right click."
            )
        return ""

    def warning(self, picture: Pose, *, aligns: bool = False) -> str:
        """A sentence when the two are built much otherwise; empty when alike. ``aligns``: they are being aligned."""
        from svi_studio.domain.poses.proportions import difference_of  # noqa: PLC0415 - as above

        difference = difference_of(self._sample, skeleton_of(picture)) if picture.body else ""
        if not difference:
            return ""
        words = QCoreApplication.translate("Skeleton", "{difference}: align the dance to the picture.")
        if aligns:
            words = QCoreApplication.translate("Skeleton", "{difference}: see whether the dance still suits that body.")
        return words.format(difference=difference)


def first_whole(dance: "Skeleton") -> "Skeleton | None":
    """The first frame that shows shoulders and hips, as a skeleton of that frame alone."""
    import numpy as np  # noqa: PLC0415 - as above

    from svi_studio.domain.poses.joints import Joint  # noqa: PLC0415 - as above
    from svi_studio.domain.poses.skeleton import SEEN_ABOVE  # noqa: PLC0415 - as above
    from svi_studio.domain.poses.time_edits import trimmed  # noqa: PLC0415 - as above

    needed = [Joint.NECK, Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_HIP]
    whole = np.flatnonzero((dance.body[:, needed, 2] > SEEN_ABOVE).all(axis=1))
    return trimmed(dance, int(whole[0]), int(whole[0]) + 1) if len(whole) else None


def _sample_of(dance: "Skeleton") -> "Skeleton":
    """Some frames of a dance, spread over it."""
    step = max(1, dance.num_frames // _SAMPLE)
    return dance.with_parts({name: points[::step] for name, points in dance.parts.items()}, remarks=())
