"""Finds people with the detector, landmark and hand networks that set-up fetches."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from svi_studio.media.poses.networks.body import BODY_POINTS, SEEN, Body, BodyFinder
from svi_studio.media.poses.networks.detector import Detection, PoseDetector
from svi_studio.media.poses.networks.hands import Hand, HandFinder
from svi_studio.media.poses.networks.network_files import HAND_LANDMARKS, HAND_RECROP, POSE_DETECTION, POSE_LANDMARKS
from svi_studio.media.poses.networks.regions import Region, body_region, whole_picture, wrapped
from svi_studio.media.poses.networks.runtime import TfliteNetwork
from svi_studio.media.poses.tracking.found import Found, Joints, Picture, without_doubles

_PARTS: Final = (2, 3, 4)
"""Squares of a half, a third and a quarter of the long side: the detector is sure of people from a quarter of it on."""

_LARGE: Final = 0.4  # of the long side: a body that the whole picture is enough for
_CLEAR: Final = 0.7  # of the joints' visibility
_NEAR: Final = (1.2, 2.0)  # times the last region
_CLICKED: Final = (1, 2, 3, 4, 6)  # parts of the long side that the squares round a place have
_SAME_PLACE: Final = 0.15  # of the region
_SAME_SIZE: Final = 1.33  # times
_SAME_TURN: Final = np.radians(25)
_ASIDE: Final = (1.15, 0.2)
"""How much larger a region is looked at to see whether a body is steady, and how far turned (radians)."""

_STEADY: Final = 0.015
"""Of the region: how far joints may move when they are looked at from a little beside.

In films of people it is 0.003 to 0.012 in 98 of 100 frames, in the dark, in a blur or half hidden up to 0.1; on cars,
fences and bicycles it is 0.02 to 0.1, or another look sees nobody.
"""

_MOST_LOOKS: Final = 12
_MOST_THREADS: Final = 4


class BlazePeople:
    """See ``PeopleFinder``."""

    def __init__(self, detector: PoseDetector, body: BodyFinder, hands: HandFinder) -> None:
        self._detector, self._body, self._hands = detector, body, hands

    @classmethod
    def load(cls, folder: Path | None = None) -> "BlazePeople":
        """Loads the files from where set-up puts them. Raises BadInput when they or the runtime are missing."""
        threads = max(1, min(_MOST_THREADS, (os.cpu_count() or 1) // 2))
        files = (POSE_DETECTION, POSE_LANDMARKS, HAND_RECROP, HAND_LANDMARKS)
        detection, landmarks, recrop, hand = (TfliteNetwork(file, folder, threads) for file in files)
        return cls(PoseDetector(detection), BodyFinder(landmarks), HandFinder(recrop, hand))

    def people(self, picture: Picture) -> list[Found]:
        """Looks at the whole picture, and in smaller and smaller squares of it: the detector often sees one of two."""
        height, width = picture.shape[:2]
        return self._in_squares(picture, [whole_picture(width, height), *squares(width, height)])

    def at_a_glance(self, picture: Picture) -> list[Found]:
        """Looks at the whole picture first, which takes a twentieth of the time."""
        height, width = picture.shape[:2]
        found = self._in_squares(picture, [whole_picture(width, height)])
        return found if found and _is_large_and_clear(found[0], max(width, height)) else self.people(picture)

    def at(self, picture: Picture, x: float, y: float) -> list[Found]:
        """Looks in squares of several sizes round the place."""
        long = max(picture.shape[:2])
        return self._in_squares(picture, [Region(x, y, long / parts) for parts in _CLICKED])

    def follow(self, picture: Picture, last: Found) -> Found | None:
        """Looks once, where the last frame says."""
        body: Body = last.more
        return self._found(picture, self._body.look(picture, body.next_region))

    def near(self, picture: Picture, last: Found) -> list[Found]:
        """Looks in two upright squares round the last place."""
        around = [Region(last.region.x, last.region.y, last.region.side * factor) for factor in _NEAR]
        return self._in_squares(picture, around)

    def is_steady(self, picture: Picture, found: Found) -> bool:
        """Looks from a little nearer and farther, and with the head tilted both ways."""
        body: Body = found.more
        looks = [self._body.look(picture, region) for region in _beside(body.next_region)]
        return float(np.median([_apart_by(body, each) for each in looks])) <= _STEADY * body.next_region.side

    def hands(self, picture: Picture, found: Found) -> dict[str, Joints]:
        """From the wrists of the body."""
        hands = self._hands.look(picture, found.more)
        return {f"{side}_hand": _joints(hand) for side, hand in hands.items()}

    def forget(self) -> None:
        """Forgets where the hands were."""
        self._hands.forget()

    def _in_squares(self, picture: Picture, around: Iterable[Region]) -> list[Found]:
        detections = [each for square in around for each in self._detector.find(picture, square)]
        looks = (self._look(picture, each) for each in _apart(detections)[:_MOST_LOOKS])
        return without_doubles([each for each in looks if each is not None and each.is_upright])

    def _look(self, picture: Picture, detection: Detection) -> Found | None:
        """Who is there, looked at twice: a second look from where the first one leads finds a real person again."""
        first = self._found(picture, self._body.look(picture, body_region(detection.points[:2])))
        if first is None:
            return None
        second = self.follow(picture, first)
        return second if second is not None and _agree(first.region, second.region) else None

    def _found(self, picture: Picture, body: Body | None) -> Found | None:
        if body is None:
            return None
        height, width = picture.shape[:2]
        next_region = body.next_region
        if next_region.side < 1:
            return None
        region = Region(float(body.hips[0]), float(body.hips[1]), next_region.side, next_region.turn)
        found = Found(body.joints(width, height), region, body.flag, body)
        return found if found.is_body else None


def _agree(first: Region, second: Region) -> bool:
    """Whether two looks at one frame see the same person."""
    moved = float(np.hypot(first.x - second.x, first.y - second.y)) / first.side
    turned = abs(wrapped(first.turn - second.turn))
    return moved <= _SAME_PLACE and 1 / _SAME_SIZE <= second.side / first.side <= _SAME_SIZE and turned <= _SAME_TURN


def _beside(region: Region) -> list[Region]:
    """Slightly larger, smaller, and turned both ways."""
    larger, turned = _ASIDE
    turns = [Region(region.x, region.y, region.side, region.turn + each) for each in (-turned, turned)]
    return [region.scaled(larger), region.scaled(1 / larger), *turns]


def _apart_by(body: Body, other: Body | None) -> float:
    """Pixels between the points of two looks, in the middle over those that the first one sees."""
    seen = body.visibility[:BODY_POINTS] >= SEEN
    if other is None or not seen.any():
        return np.inf
    apart = np.linalg.norm(body.points[:BODY_POINTS] - other.points[:BODY_POINTS], axis=1)
    return float(np.median(apart[seen]))


def squares(width: int, height: int) -> list[Region]:
    """Overlapping squares, a half, a third and a quarter of the long side wide, that cover the picture."""
    found = []
    for parts in _PARTS:
        side = max(width, height) / parts
        found += [Region(x, y, side) for y in _middles(height, side) for x in _middles(width, side)]
    return found


def _middles(length: int, side: float) -> list[float]:
    """The middles of squares that overlap by about a half and cover ``length``."""
    if length <= side:
        return [length / 2]
    count = int(np.ceil((length - side) / (side / 2))) + 1
    return [float(each) for each in np.linspace(side / 2, length - side / 2, count)]


def _apart(detections: list[Detection]) -> list[Detection]:
    """Each body once, best first: several squares show the same one."""
    kept: list[Detection] = []
    for each in sorted(detections, key=lambda found: -found.score):
        side = 2 * float(np.linalg.norm(each.points[1] - each.points[0]))
        if side >= 1 and not any(np.linalg.norm(each.points[0] - other.points[0]) < side / 4 for other in kept):
            kept.append(each)
    return kept


def _is_large_and_clear(found: Found, long: int) -> bool:
    visibility = float(np.mean(found.more.visibility[:BODY_POINTS]))
    return found.region.side >= _LARGE * long and visibility >= _CLEAR


def _joints(hand: Hand) -> Joints:
    """With the network's certainty for each point."""
    return np.concatenate((hand.points, np.full((len(hand.points), 1), hand.flag)), axis=1, dtype=np.float32)
