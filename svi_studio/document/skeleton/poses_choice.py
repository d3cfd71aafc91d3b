"""Poses of another program that do not say all: what was assumed of them, and how they are read when that is known."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.poses.assumed import Assumed

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class PosesChoice:
    """The poses at ``path``, read as ``skeleton`` by what was ``assumed``; ``start``: the film frame that is wished."""

    path: Path
    skeleton: "Skeleton"
    assumed: Assumed
    start: int | None = None

    def read(self, fps: Fraction, person: int | None) -> "Skeleton":
        """The skeleton of ``person``, None = who was taken. For a thread. Raises BadInput."""
        if person is None or person == self.assumed.taken:
            return self.skeleton.with_parts({}, fps=fps)
        from svi_studio.media.poses.opening import open_poses  # noqa: PLC0415 - with numpy, for a skeleton
        from svi_studio.media.poses.openpose import Wanted  # noqa: PLC0415 - as above

        at, seconds = self.assumed.people[person], self.assumed.frame / float(fps)
        return open_poses(self.path, Wanted(fps, (self.skeleton.width, self.skeleton.height), at, seconds)).skeleton
