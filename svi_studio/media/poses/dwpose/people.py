"""Finds people with DWPose: a box round everybody, then 133 points in the box."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE
from svi_studio.media.poses.dwpose.session import OnnxSession, Session
from svi_studio.media.poses.dwpose.simcc import find_points
from svi_studio.media.poses.dwpose.wholebody import parts_of
from svi_studio.media.poses.dwpose.yolox import find_boxes
from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.tracking.found import Found, Joints, Picture, without_doubles

_SAME_BOX: Final = 0.5  # of the last region: how far a box may have moved from one frame to the next


class DwPosePeople:
    """See ``PeopleFinder``."""

    def __init__(self, detector: Session, pose: Session) -> None:
        self._detector, self._pose = detector, pose

    @classmethod
    def load(cls, detector: Path, pose: Path) -> "DwPosePeople":
        """Loads the two files. Raises BadInput when they can't be used."""
        return cls(OnnxSession(detector), OnnxSession(pose))

    def people(self, picture: Picture) -> list[Found]:
        """Everybody that the detector sees in the whole picture."""
        return without_doubles([self._found(picture, box) for box in find_boxes(self._detector, picture)])

    def at_a_glance(self, picture: Picture) -> list[Found]:
        """Everybody: its detector sees small ones too."""
        return self.people(picture)

    def at(self, picture: Picture, x: float, y: float) -> list[Found]:
        """Those whose box holds the place."""
        boxes = find_boxes(self._detector, picture)
        inside = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
        return [self._found(picture, box) for box in boxes[inside]]

    def follow(self, picture: Picture, last: Found) -> Found | None:
        """The person in the box that is nearest to the last one."""
        near = self.near(picture, last)
        return near[0] if near else None

    def near(self, picture: Picture, last: Found) -> list[Found]:
        """Those whose box has its middle near the last person's."""
        boxes = find_boxes(self._detector, picture)
        middle = _middle(last.more[0])
        distances = np.linalg.norm((boxes[:, :2] + boxes[:, 2:4]) / 2 - middle, axis=1)
        likely = [int(number) for number in np.argsort(distances) if distances[number] <= _SAME_BOX * last.region.side]
        return [self._found(picture, boxes[number]) for number in likely]

    def is_steady(self, picture: Picture, found: Found) -> bool:
        """Its detector, which knows people from many other things, has said so."""
        del picture, found
        return True

    def hands(self, picture: Picture, found: Found) -> dict[str, Joints]:
        """They came with the body."""
        del picture
        return {name: points for name, points in found.more[1].items() if points.any()}

    def forget(self) -> None:
        """Every frame stands for itself."""

    def _found(self, picture: Picture, box: NDArray[np.float32]) -> Found:
        points = find_points(self._pose, picture, box[:4])
        parts = {name: part[0] for name, part in parts_of(points[None]).items()}
        body = parts.pop("body")
        hips = body[[Joint.RIGHT_HIP, Joint.LEFT_HIP]]
        x, y = hips[:, :2].mean(axis=0) if (hips[:, 2] > SEEN_ABOVE).all() else _middle(box)
        side = float(max(box[2] - box[0], box[3] - box[1], 1.0))
        return Found(body, Region(float(x), float(y), side), float(min(box[4], 1.0)), (box, parts))


def _middle(box: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((box[:2] + box[2:4]) / 2, np.float32)
