"""The 21 points of each hand of a body that was found: a guess from the body, a closer look, then the landmark network.

From MediaPipe (modules/holistic_landmark, hand_landmark). Which hand it is says the body's wrist, not the network.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from svi_studio.media.poses.networks.body import Body
from svi_studio.media.poses.networks.regions import Region, agree, followed_hand, hand_guess, recropped_hand
from svi_studio.media.poses.networks.runtime import Network

RECROP_SIDE = 256
HAND_SIDE = 224
LEAST_WRIST = 0.1
LEAST_FLAG = 0.5
_POINTS = 21
_FARTHEST = 0.5
"""Of the region's side: a hand whose wrist lies further from the body's wrist is somebody else's."""

_SAME = 0.25
"""Of the region's side: two hands whose points lie nearer to each other are one, found twice."""

SIDES = {"left": (15, 17, 19), "right": (16, 18, 20)}
"""The body's wrist, pinky and index finger on each side."""


@dataclass(frozen=True, slots=True)
class Hand:
    """21 points ``[21, 2]`` in pixels of the picture, and how sure the network is that it is a hand."""

    points: NDArray[np.float64]
    flag: float
    region: Region


@dataclass
class HandFinder:
    """The networks for hands, and where each hand was in the frame before; ``forget`` at a cut."""

    recrop: Network
    landmarks: Network
    _last: dict[str, Hand] = field(default_factory=dict)

    def forget(self) -> None:
        """The next frame has nothing to do with those before."""
        self._last.clear()

    def look(self, picture: NDArray[np.uint8], body: Body) -> dict[str, Hand]:
        """The hands of ``body``, by ``left`` and ``right``; one that is not seen is left out."""
        found = {side: hand for side in SIDES if (hand := self._hand(picture, body, side)) is not None}
        if len(found) == len(SIDES) and _are_one(found["left"], found["right"]):
            del found[_farther(found, body)]
        self._last = found
        return found

    def _hand(self, picture: NDArray[np.uint8], body: Body, side: str) -> Hand | None:
        wrist, pinky, index = SIDES[side]
        if body.visibility[wrist] < LEAST_WRIST:
            return None
        guess = hand_guess(body.points[wrist], body.points[index], body.points[pinky])
        if guess.side < 1:
            return None
        region = self._region(picture, guess, side)
        hand = self._points(picture, region)
        if hand is None:
            return None
        distance = float(np.linalg.norm(hand.points[0] - body.points[wrist]))
        return hand if distance <= _FARTHEST * max(region.side, guess.side) else None

    def _region(self, picture: NDArray[np.uint8], guess: Region, side: str) -> Region:
        """The closer look at the guess, or where the hand was before when both agree."""
        crop = guess.cropped(picture, RECROP_SIDE, repeat_edges=True)
        region = recropped_hand(
            guess.to_picture(self.recrop(np.asarray(crop / 255, np.float32))[0].reshape(2, 2) / RECROP_SIDE)
        )
        last = self._last.get(side)
        if last is not None:
            followed = followed_hand(last.points)
            return followed if agree(followed, region) else region
        return region

    def _points(self, picture: NDArray[np.uint8], region: Region) -> Hand | None:
        if region.side < 1:
            return None
        crop = region.cropped(picture, HAND_SIDE, repeat_edges=True)
        points, flag, *_ = self.landmarks(np.asarray(crop / 255, np.float32))
        sure = float(flag.ravel()[0])
        if sure < LEAST_FLAG:
            return None
        return Hand(region.to_picture(points.reshape(_POINTS, 3)[:, :2] / HAND_SIDE), sure, region)


def _are_one(one: Hand, other: Hand) -> bool:
    distance = np.linalg.norm(one.points - other.points, axis=1).mean()
    return bool(distance < _SAME * min(one.region.side, other.region.side))


def _farther(found: dict[str, Hand], body: Body) -> str:
    """Whose wrist lies further from its own on the body."""
    return max(found, key=lambda side: float(np.linalg.norm(found[side].points[0] - body.points[SIDES[side][0]])))
