"""A skeleton as JSON: numbers to a hundredth of a pixel, a part that nobody sees left out."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS
from svi_studio.domain.poses.skeleton import MOST_FRAMES, Points, Skeleton
from svi_studio.domain.text.strict_json import StrictError, strict_json
from svi_studio.media.poses.facts_form import document_of, facts_of, unreadable

_MAX_DEPTH = 5
_SIZES = {"body": (BODY_JOINTS,), "left_hand": (HAND_JOINTS,), "right_hand": (HAND_JOINTS,), "face": FACE_JOINTS}


def to_json(skeleton: Skeleton) -> bytes:
    """The content of a JSON file, one line a frame."""
    document = document_of(skeleton)
    parts = {name: _texts(points) for name, points in skeleton.parts.items()}
    frames = (
        "{" + ",".join(f'"{name}":{texts[number]}' for name, texts in parts.items() if texts[number]) + "}"
        for number in range(skeleton.num_frames)
    )
    head = json.dumps(document, ensure_ascii=False)
    return (head[:-1] + ', "frames": [\n' + ",\n".join(frames) + "\n]}\n").encode("utf-8", "backslashreplace")


def from_json(content: bytes, path: Path) -> Skeleton:
    """The skeleton in ``content``; ``path`` is for the sentence. Raises BadInput and NewerVersion."""
    document = json_document(content, path)
    if not isinstance(document, dict) or "frames" not in document:
        raise unreadable(path, "it lacks the frames of a skeleton")
    frames = document.pop("frames")
    facts = facts_of(document, path)
    if not isinstance(frames, list) or not 1 <= len(frames) <= MOST_FRAMES:
        raise unreadable(path, f"it must have 1 to {MOST_FRAMES:,} frames")
    parts = _arrays(frames, path)
    try:
        return facts.of(parts)
    except BadInput as error:
        raise BadInput(f'"{path}": {error}') from error


def json_document(content: bytes, path: Path) -> Any:
    """The JSON value in ``content``. Raises BadInput for what is none, in one sentence."""
    try:
        return strict_json(content.decode("utf-8-sig"), _MAX_DEPTH)
    except ValueError as error:
        reason = str(error) if isinstance(error, StrictError) else "it is not text in UTF-8"
        raise unreadable(path, reason) from error


def _texts(points: Points) -> list[str]:
    """A list of numbers a frame; empty where nothing is seen."""
    seen = np.asarray((points[..., 2] > 0).any(axis=1))
    rounded = np.round(points.astype(np.float64), 2)
    return [_text(frame.ravel().tolist()) if there else "" for there, frame in zip(seen, rounded, strict=True)]


def _text(numbers: list[float]) -> str:
    return json.dumps([int(each) if each == int(each) else each for each in numbers], separators=(",", ":"))


def _arrays(frames: list[Any], path: Path) -> dict[str, Points]:
    """Every part of all frames ``[N, joints, 3]``. Raises BadInput."""
    for number, frame in enumerate(frames, 1):
        if not isinstance(frame, dict) or not frame.keys() <= _SIZES.keys():
            raise unreadable(path, f"frame {number} is no list of body, left_hand, right_hand and face")
    parts = {name: _part(frames, name, sizes, path) for name, sizes in _SIZES.items()}
    if not parts["face"].any():
        del parts["face"]
    return parts


def _part(frames: list[Any], name: str, sizes: tuple[int, ...], path: Path) -> Points:
    lengths = {len(frame[name]) for frame in frames if isinstance(frame.get(name), list)}
    joints = next((size for size in sizes if size * 3 in lengths), sizes[0])
    points = np.zeros((len(frames), joints, 3), np.float32)
    for number, frame in enumerate(frames):
        if name not in frame:
            continue
        numbers = frame[name]
        if not isinstance(numbers, list) or len(numbers) != joints * 3:
            count = len(numbers) if isinstance(numbers, list) else 0
            raise unreadable(path, f"{name} in frame {number + 1} has {count} numbers and not {joints * 3}")
        if not all(type(each) in (int, float) and abs(each) < 1e9 for each in numbers):
            raise unreadable(path, f"{name} in frame {number + 1} has something that is no number of a picture")
        points[number] = np.asarray(numbers, np.float32).reshape(joints, 3)
    return points
