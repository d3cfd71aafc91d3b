"""Poses as OpenPose writes them, one JSON file a frame in a folder, and as ComfyUI does, all frames in one file."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadInput, Refused, from_os_error
from svi_studio.domain.poses.assumed import USUAL_FPS, Assumed
from svi_studio.domain.poses.joints import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint
from svi_studio.domain.poses.people import Person, everybody, one_person, place_of
from svi_studio.domain.poses.skeleton import MOST_FRAMES, Skeleton
from svi_studio.media.poses.facts_form import unreadable
from svi_studio.media.poses.json_form import json_document

_MOST_BYTES: Final = 4 << 20  # of one frame's file
_MOST_PEOPLE: Final = 100
_MOST_HOLE: Final = 1000  # numbers that may be missing between two files
_NUMBERED: Final = re.compile(r"(.*?)_?(\d{1,12})(_keypoints|_pose|_openpose)?\.json", re.IGNORECASE)
_USUAL_SIZES: Final = (
    *((512, 512), (512, 768), (768, 512), (640, 480), (480, 640), (832, 480), (480, 832), (1024, 1024)),
    *((1280, 720), (720, 1280), (1920, 1080), (1080, 1920), (2560, 1440), (1440, 2560), (3840, 2160), (2160, 3840)),
)
_SHARES: Final = 1.5
"""Coordinates that are all smaller are no pixels."""

_FROM_25: Final = {
    **{Joint(number): number for number in range(8)},
    **{Joint(number): number + 1 for number in range(8, 14)},
    Joint.RIGHT_EYE: 15,
    Joint.LEFT_EYE: 16,
    Joint.RIGHT_EAR: 17,
    Joint.LEFT_EAR: 18,
}
"""Where the joints stand in OpenPose's list of 25, which has the middle of the hips at 8."""

_TOES_25: Final = {Joint.LEFT_TOES: (19, 20), Joint.RIGHT_TOES: (22, 23)}  # big and small toe


@dataclass(frozen=True)
class Wanted:
    """What such files do not say: frames a second, the canvas (width, height) in pixels, and who is meant.

    ``at`` is where that person is (x, y) at ``seconds``. None of ``fps`` = the usual 30, of ``at`` = the largest one.
    """

    fps: Fraction | None = None
    size: tuple[int, int] | None = None
    at: tuple[float, float] | None = None
    seconds: float = 0.0


class Poses(NamedTuple):
    """The skeleton of one person, and what had to be assumed for it."""

    skeleton: Skeleton
    assumed: Assumed = Assumed()


def read_openpose_folder(folder: Path, wanted: Wanted) -> Poses:
    """The poses in a folder of ``NAME_000000000012_keypoints.json``; missing numbers are missing frames.

    Raises BadInput, one sentence, for no such files, those of several videos, damaged ones, or unknown shares.
    """
    files = _frame_files(folder)
    first, last = min(files), max(files)
    if last - first - len(files) > _MOST_HOLE:
        raise BadInput(f'The pose files in "{folder}" leave out too many numbers: renumber them.')
    frames: list[Sequence[_Raw]] = [
        _people(_document(files[number]), files[number]) if number in files else () for number in range(first, last + 1)
    ]
    return _poses(frames, None, wanted, folder)


def read_comfy_file(document: Any, path: Path, wanted: Wanted) -> Poses:
    """The poses in ComfyUI's POSE_KEYPOINT, a list of frames that each say their canvas. Raises BadInput."""
    listed = document if isinstance(document, list) else [document]
    if not 1 <= len(listed) <= MOST_FRAMES or not all(is_openpose(frame) for frame in listed):
        raise unreadable(path, "it is no list of frames with people")
    sides = [listed[0].get(name) for name in ("canvas_width", "canvas_height")]
    is_said = all(type(side) in (int, float) and 1 <= side <= 100_000 for side in sides)
    canvas = (round(sides[0]), round(sides[1])) if is_said else None
    return _poses([_people(frame, path) for frame in listed], canvas, wanted, path)


def is_openpose(document: Any) -> bool:
    """Whether a JSON value is one frame of OpenPose's."""
    return isinstance(document, dict) and isinstance(document.get("people"), list)


def has_openpose_files(folder: Path) -> bool:
    """Whether a folder holds files that are named like OpenPose's."""
    try:
        return any(_NUMBERED.fullmatch(file.name) for file in folder.iterdir())
    except OSError:
        return False


@dataclass(frozen=True)
class _Raw:
    """One person as the file has it: body ``[18 or 25, 3]``, hands, face; a part that is not there is None."""

    body: NDArray[np.float32]
    left_hand: NDArray[np.float32] | None
    right_hand: NDArray[np.float32] | None
    face: NDArray[np.float32] | None

    def parts(self) -> Iterator[NDArray[np.float32]]:
        """Those that are there."""
        yield from (part for part in (self.body, self.left_hand, self.right_hand, self.face) if part is not None)


def _frame_files(folder: Path) -> dict[int, Path]:
    groups: defaultdict[str, dict[int, Path]] = defaultdict(dict)
    try:
        for file in folder.iterdir():
            if match := _NUMBERED.fullmatch(file.name):
                groups[match[1]][int(match[2])] = file
    except OSError as error:
        raise from_os_error(error, folder) from error
    if not groups:
        raise BadInput(f'There are no pose files (..._keypoints.json) in "{folder}": choose the folder that has them.')
    if len(groups) > 1:
        raise BadInput(f'"{folder}" holds poses of {len(groups)} videos: put each into a folder of its own.')
    (files,) = groups.values()
    if len(files) > MOST_FRAMES:
        raise BadInput(f'"{folder}" holds more than {MOST_FRAMES:,} pose files: take fewer at once.')
    return files


def _document(file: Path) -> Any:
    try:
        return json_document(read_plain(file, _MOST_BYTES), file)
    except Refused as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise from_os_error(error, file) from error


def _people(document: Any, path: Path) -> list[_Raw]:
    if not is_openpose(document):
        raise unreadable(path, "it has no list of people")
    people = document["people"]
    if len(people) > _MOST_PEOPLE:
        raise unreadable(path, f"it has more than {_MOST_PEOPLE} people")
    found = [_person(person, path) for person in people]
    return [person for person in found if person is not None]


def _person(person: Any, path: Path) -> _Raw | None:
    if not isinstance(person, dict):
        raise unreadable(path, "a person in it is no object")
    body = _numbers(person.get("pose_keypoints_2d"), (18, 25), "pose_keypoints_2d", path)
    hands = [
        _numbers(person.get(name), (HAND_JOINTS,), name, path)
        for name in ("hand_left_keypoints_2d", "hand_right_keypoints_2d")
    ]
    face = _numbers(person.get("face_keypoints_2d"), FACE_JOINTS, "face_keypoints_2d", path)
    return None if body is None else _Raw(body, hands[0], hands[1], face)


def _numbers(listed: Any, sizes: tuple[int, ...], name: str, path: Path) -> NDArray[np.float32] | None:
    """``[points, 3]``; None for an empty list, null or nothing."""
    if listed is None or listed == []:
        return None
    if not isinstance(listed, list) or len(listed) not in {size * 3 for size in sizes}:
        count = len(listed) // 3 if isinstance(listed, list) else 0
        raise unreadable(path, f"{name} has {count} points and not {' or '.join(map(str, sizes))}")
    if not all(type(each) in (int, float) and abs(each) < 1e9 for each in listed):
        raise unreadable(path, f"{name} has something that is no number of a picture")
    return np.asarray(listed, np.float32).reshape(-1, 3)


def _poses(frames: Sequence[Sequence[_Raw]], canvas: tuple[int, int] | None, wanted: Wanted, path: Path) -> Poses:
    points = [part for people in frames for person in people for part in person.parts()]
    if not points:
        raise BadInput(f'Nobody is in the poses of "{path}": choose another dance.')
    there = np.concatenate([part[part[:, 2] > 0, :2] for part in points])
    width, height = wanted.size or canvas or _guessed_size(there, path)
    factors, shift = _to_pixels(there, width, height)
    people = [[_placed(person, factors, shift) for person in frame] for frame in frames]
    fps = wanted.fps or USUAL_FPS
    skeleton = Skeleton.of_parts(fps, width, height, one_person(people, wanted.at, round(wanted.seconds * fps)))
    frame, places = everybody(people) if wanted.at is None else (0, ())
    taken = None
    if places and skeleton.has_person[frame]:
        there = place_of({"body": skeleton.body[frame]}).tolist()
        taken = min(range(len(places)), key=lambda place: math.dist(places[place], there))
    return Poses(skeleton, Assumed(places, frame, taken, None if wanted.fps else fps))


def _guessed_size(there: NDArray[np.float32], path: Path) -> tuple[int, int]:
    """The smallest usual canvas that holds all points."""
    if not len(there) or np.abs(there).max() <= _SHARES:
        raise BadInput(
            f'The poses in "{path}" are shares of a picture whose size is not said: use poses in pixels, or say the '
            "size on the command line, as in --size 1280x720."
        )
    right, bottom = there.max(axis=0)
    for width, height in sorted(_USUAL_SIZES, key=lambda size: size[0] * size[1]):
        if right <= width and bottom <= height:
            return width, height
    return int(np.ceil(right)), int(np.ceil(bottom))


def _to_pixels(there: NDArray[np.float32], width: int, height: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Factors and shift (x, y) that make pixels of the coordinates: they may count from 0 to 1, or from -1 to 1."""
    size = np.array((width, height), np.float32)
    if not len(there) or np.abs(there).max() > _SHARES:
        return np.ones(2, np.float32), np.zeros(2, np.float32)
    if there.min() < -0.05:
        return np.asarray(size / 2), np.asarray(size / 2)
    return size, np.zeros(2, np.float32)


def _placed(person: _Raw, factors: NDArray[np.float32], shift: NDArray[np.float32]) -> Person:
    def placed(points: NDArray[np.float32]) -> NDArray[np.float32]:
        moved = points.copy()
        moved[:, :2] = moved[:, :2] * factors + shift
        moved[points[:, 2] <= 0] = 0
        return moved

    parts = {"body": _listed(placed(person.body))}
    for name in ("left_hand", "right_hand", "face"):
        if (points := getattr(person, name)) is not None:
            parts[name] = placed(points)
    return parts


def _listed(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The body's list of 20 from OpenPose's 18 or 25."""
    body = np.zeros((BODY_JOINTS, 3), np.float32)
    if len(points) == 18:
        body[:18] = points
        return body
    for joint, number in _FROM_25.items():
        body[joint] = points[number]
    for joint, (big, small) in _TOES_25.items():
        if min(points[big, 2], points[small, 2]) > 0:
            body[joint] = (points[big] + points[small]) / 2
    return body
