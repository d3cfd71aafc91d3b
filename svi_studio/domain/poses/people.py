"""One person out of poses in which people have no identity: from frame to frame the one whose neck is nearest."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import BODY_JOINTS, HAND_JOINTS, Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, no_points

Person = Mapping[str, NDArray[np.float32]]
"""One person in one frame: ``body`` ``[20, 3]``, and where they are known the hands and the face."""

_FARTHEST: Final = 0.5
"""Of the body's size, for every frame that has passed: who is further away is somebody else."""

_MOST_PATIENCE: Final = 4  # times that


def one_person(frames: Sequence[Sequence[Person]], at: tuple[float, float] | None = None) -> dict[str, Points]:
    """The parts of one person over all ``frames``, ``[N, joints, 3]``; a frame without them is missing.

    It begins with who is nearest to ``at`` (x, y in pixels) in the first frame that shows anybody, else with the
    largest one there.
    """
    found: list[Person | None] = [None] * len(frames)
    last: Person | None = None
    since = 0
    for number, people in enumerate(frames):
        candidates = [person for person in people if _is_seen(person)]
        since += 1
        if not candidates:
            continue
        if last is None:
            last = min(candidates, key=lambda person: _start_order(person, at))
        else:
            before = last
            nearest = min(candidates, key=lambda person: _distance(person, before))
            if _distance(nearest, last) > _FARTHEST * min(since, _MOST_PATIENCE) * _size(last):
                continue
            last = nearest
        found[number], since = last, 0
    return _stacked(found)


def place_of(person: Person) -> NDArray[np.float32]:
    """The neck ``[2]``, or the middle of what is seen."""
    body = person["body"]
    if body[Joint.NECK, 2] > SEEN_ABOVE:
        return body[Joint.NECK, :2]
    return np.asarray(body[body[:, 2] > SEEN_ABOVE, :2].mean(axis=0), np.float32)


def _is_seen(person: Person) -> bool:
    return bool((person["body"][:, 2] > SEEN_ABOVE).sum() > 1)


def _size(person: Person) -> float:
    seen = person["body"][person["body"][:, 2] > SEEN_ABOVE, :2]
    return float(np.ptp(seen, axis=0).max()) or 1.0


def _distance(one: Person, other: Person) -> float:
    return float(np.linalg.norm(place_of(one) - place_of(other)))


def _start_order(person: Person, at: tuple[float, float] | None) -> float:
    return -_size(person) if at is None else float(np.linalg.norm(place_of(person) - np.asarray(at)))


def _stacked(found: Sequence[Person | None]) -> dict[str, Points]:
    parts = {"body": no_points(len(found), BODY_JOINTS)}
    parts |= {name: no_points(len(found), HAND_JOINTS) for name in ("left_hand", "right_hand")}
    faces = [person["face"] for person in found if person is not None and "face" in person]
    if faces:
        parts["face"] = no_points(len(found), len(faces[0]))
    for number, person in enumerate(found):
        for name, points in (person or {}).items():
            if points.shape == parts[name].shape[1:]:
                parts[name][number] = points
    return parts
