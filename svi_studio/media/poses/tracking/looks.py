"""What a person wears, as a few colours.

Upper body and thighs are enough to tell that somebody else stands where they were. Whoever is met elsewhere, as after a
cut, is known by forearms and shins too: in black are many, but some have bare arms.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE
from svi_studio.media.poses.tracking.found import Found, Picture

Colours = NDArray[np.float64]
"""``[4, 3]``: of upper body, thighs, forearms and shins a fifth of CIE's L, and a, b; NaN where they are not seen."""

Places = NDArray[np.float64]  # [n, 2], pixels

OTHER: Final = 15.0
"""Distance from which two people wear other clothes; in films of people one stays below 10, but for a glaring sun."""

ALIKE: Final = 8.0
"""Distance up to which they surely wear the same."""

_BRIGHTNESS: Final = 0.2
"""How much brightness counts beside colour: light falls otherwise on a body that turns."""

_LEARNT: Final = 0.1  # of a new frame counts
_STEPS: Final = np.linspace(0.2, 0.8, 8)
_CLOTHES: Final = 2
"""The first parts, which are seen alike from frame to frame: beside an arm that is fast lies what is behind it."""

_LEAST_KNOWN: Final = 2  # parts that must be seen to know somebody by them

_PATCHES: Final = (
    (Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_HIP),
    (Joint.RIGHT_HIP, Joint.LEFT_HIP, Joint.RIGHT_KNEE, Joint.LEFT_KNEE),
)
_LIMBS: Final = (
    ((Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST), (Joint.LEFT_ELBOW, Joint.LEFT_WRIST)),
    ((Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE), (Joint.LEFT_KNEE, Joint.LEFT_ANKLE)),
)
_PARTS: Final = len(_PATCHES) + len(_LIMBS)


@dataclass
class Look:
    """The colours of one person, learnt frame by frame."""

    colours: Colours = field(default_factory=lambda: np.full((_PARTS, 3), np.nan))

    def distance(self, colours: Colours) -> float:
        """How far the clothes of ``colours`` are from this person's; 0 when nothing can be compared."""
        apart = np.linalg.norm(self.colours - colours, axis=1)[:_CLOTHES]
        return float(np.nanmean(apart)) if np.isfinite(apart).any() else 0.0

    def is_known(self, colours: Colours) -> bool:
        """Whether whoever has ``colours`` is surely this person: enough of them is seen, and it is alike."""
        apart = np.linalg.norm(self.colours - colours, axis=1)
        return bool(np.isfinite(apart).sum() >= _LEAST_KNOWN and np.nanmean(apart) <= ALIKE)

    def learn(self, colours: Colours) -> None:
        """Takes a frame in, slowly; one that may show somebody else teaches nothing."""
        if self.distance(colours) > ALIKE:
            return
        known = np.where(np.isnan(self.colours), colours, self.colours)
        new = np.where(np.isnan(colours), known, colours)
        self.colours = (1 - _LEARNT) * known + _LEARNT * new


def colours_of(picture: Picture, found: Found) -> Colours:
    """The middle colours of the upper body, the thighs, the forearms and the shins."""
    import cv2  # noqa: PLC0415 - slow to import

    colours = np.full((_PARTS, 3), np.nan)
    parts = [*(_across(found, patch) for patch in _PATCHES), *(_along(found, limbs) for limbs in _LIMBS)]
    for number, places in enumerate(parts):
        if len(places):
            pixels = _pixels(picture, places)
            lab = cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[0]
            colours[number] = np.median(lab, axis=0) * (_BRIGHTNESS, 1, 1)
    return colours


def _across(found: Found, patch: tuple[Joint, ...]) -> Places:
    """A grid between four joints: upper right and left, lower right and left; empty unless all are seen."""
    joints = found.body[list(patch)]
    if (joints[:, 2] <= SEEN_ABOVE).any():
        return np.zeros((0, 2))
    corners = joints[:, :2]
    across, down = np.meshgrid(_STEPS, _STEPS)
    across, down = across.ravel()[:, None], down.ravel()[:, None]
    upper = corners[0] * (1 - across) + corners[1] * across
    lower = corners[2] * (1 - across) + corners[3] * across
    return np.asarray(upper * (1 - down) + lower * down, np.float64)


def _along(found: Found, limbs: tuple[tuple[Joint, Joint], ...]) -> Places:
    """On the lines between the two joints of those limbs of which both are seen."""
    ends = [found.body[list(limb)] for limb in limbs]
    lines = [one[:2] + (other[:2] - one[:2]) * _STEPS[:, None] for one, other in ends if _are_seen(one, other)]
    return np.concatenate(lines) if lines else np.zeros((0, 2))


def _are_seen(*joints: NDArray[np.float32]) -> bool:
    return all(joint[2] > SEEN_ABOVE for joint in joints)


def _pixels(picture: Picture, places: Places) -> NDArray[np.uint8]:
    """``[n, 3]``: those at ``places``."""
    at, (height, width) = places.astype(int), picture.shape[:2]
    return np.asarray(picture[np.clip(at[:, 1], 0, height - 1), np.clip(at[:, 0], 0, width - 1)])
