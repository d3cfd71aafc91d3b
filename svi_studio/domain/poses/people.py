"""One person out of poses in which people have no identity: from frame to frame the one whose neck is nearest."""

from collections.abc import Iterable, Mapping, Sequence
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


def one_person(
    frames: Sequence[Sequence[Person]], at: tuple[float, float] | None = None, begin: int = 0
) -> dict[str, Points]:
    """The parts of one person over all ``frames``, ``[N, joints, 3]``; a frame without them is missing.

    It begins with who is nearest to ``at`` (x, y in pixels) in the first frame from ``begin`` on that shows anybody,
    else with the largest one there, and follows them from there in both directions.
    """
    seen = [[person for person in people if _is_seen(person)] for people in frames]
    found: list[Person | None] = [None] * len(frames)
    begin = min(begin, len(frames))
    start = next((number for number in (*range(begin, len(frames)), *range(begin)[::-1]) if seen[number]), None)
    if start is not None:
        first = found[start] = min(seen[start], key=lambda person: _start_order(person, at))
        _follow(seen, range(start + 1, len(frames)), first, found)
        _follow(seen, range(start)[::-1], first, found)
    return _stacked(found)


def everybody(frames: Sequence[Sequence[Person]]) -> tuple[int, tuple[tuple[float, float], ...]]:
    """The first frame with the most people, and where their necks are there, from the left: (x, y) in pixels."""
    counts = [sum(map(_is_seen, people)) for people in frames]
    frame = int(np.argmax(counts)) if counts else 0
    places = sorted(tuple(place_of(person).tolist()) for person in frames[frame] if _is_seen(person)) if counts else []
    return frame, tuple((x, y) for x, y in places)


def _follow(seen: Sequence[Sequence[Person]], numbers: Iterable[int], last: Person, found: list[Person | None]) -> None:
    """Puts who ``last`` is into ``found`` in the frames ``numbers``, in that order, where they are near enough."""
    since = 0
    for number in numbers:
        since += 1
        if not seen[number]:
            continue
        before = last
        nearest = min(seen[number], key=lambda person: _distance(person, before))
        if _distance(nearest, before) <= _FARTHEST * min(since, _MOST_PATIENCE) * _size(before):
            found[number] = last = nearest
            since = 0


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
