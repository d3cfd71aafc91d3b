"""What a person wears, as two colours: enough to tell that somebody else stands where they were."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE
from svi_studio.media.poses.tracking.found import Found, Picture

Colours = NDArray[np.float64]  # [2, 3]: upper body and thighs in CIE Lab; NaN where they are not seen

OTHER: Final = 28.0
"""Distance in Lab from which two people wear other clothes."""

_LEARNT: Final = 0.1  # of a new frame counts
_STEPS: Final = np.linspace(0.2, 0.8, 8)

_PATCHES: Final = (
    (Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_HIP),
    (Joint.RIGHT_HIP, Joint.LEFT_HIP, Joint.RIGHT_KNEE, Joint.LEFT_KNEE),
)


@dataclass
class Look:
    """The colours of one person, learnt frame by frame."""

    colours: Colours = field(default_factory=lambda: np.full((2, 3), np.nan))

    def distance(self, colours: Colours) -> float:
        """How far ``colours`` are from this person's; 0 when nothing can be compared."""
        apart = np.linalg.norm(self.colours - colours, axis=1)
        return float(np.nanmean(apart)) if np.isfinite(apart).any() else 0.0

    def learn(self, colours: Colours) -> None:
        """Takes a frame in, slowly."""
        known = np.where(np.isnan(self.colours), colours, self.colours)
        new = np.where(np.isnan(colours), known, colours)
        self.colours = (1 - _LEARNT) * known + _LEARNT * new


def colours_of(picture: Picture, found: Found) -> Colours:
    """The middle colours of the upper body and the thighs."""
    import cv2  # noqa: PLC0415 - slow to import

    colours = np.full((2, 3), np.nan)
    for number, corners in enumerate(_PATCHES):
        joints = found.body[list(corners)]
        if (joints[:, 2] <= SEEN_ABOVE).any():
            continue
        pixels = _inside(picture, joints[:, :2])
        lab = cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[0]
        colours[number] = np.median(lab, axis=0)
    return colours


def _inside(picture: Picture, corners: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Pixels ``[n, 3]`` of a grid between four corners: upper right and left, lower right and left."""
    across, down = np.meshgrid(_STEPS, _STEPS)
    across, down = across.ravel()[:, None], down.ravel()[:, None]
    upper = corners[0] * (1 - across) + corners[1] * across
    lower = corners[2] * (1 - across) + corners[3] * across
    at = (upper * (1 - down) + lower * down).astype(int)
    height, width = picture.shape[:2]
    return np.asarray(picture[np.clip(at[:, 1], 0, height - 1), np.clip(at[:, 0], 0, width - 1)])
