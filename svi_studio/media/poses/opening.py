"""Tells what somebody dropped on the skeleton lane: a skeleton, other programs' poses, a rendered dance, or a video."""

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.assumed import USUAL_FPS, Assumed
from svi_studio.domain.poses.skeleton import Origin, Skeleton
from svi_studio.media.demuxers import demuxer_of, has_pictures, read_head
from svi_studio.media.frames import Frames
from svi_studio.media.poses.facts_form import FORMAT, unreadable
from svi_studio.media.poses.json_form import from_json, json_document
from svi_studio.media.poses.npz_form import from_npz, is_own_npz
from svi_studio.media.poses.openpose import (
    Poses,
    Wanted,
    has_openpose_files,
    is_openpose,
    read_comfy_file,
    read_openpose_folder,
)
from svi_studio.media.poses.skeleton_file import content_of
from svi_studio.media.poses.wholebody_file import NPY, read_wholebody
from svi_studio.media.video_reader import stream_frames

_ZIP: Final = b"PK\x03\x04"
_LOOKS: Final = 60
"""Frames in which a rendered dance must show something."""

_BLACK: Final = 24  # levels; compressed black is not quite black
_VIVID: Final = 90  # levels between the strongest and the weakest channel
_MOST_GROUND, _LEAST_GROUND = 0.998, 0.6
_LEAST_VIVID: Final = 0.6


class PoseKind(StrEnum):
    """What a file or folder is, for the skeleton lane."""

    SKELETON = "skeleton"
    POSES = "poses"
    POSE_VIDEO = "pose video"
    VIDEO = "video"


def pose_kind(path: Path) -> PoseKind:
    """What lies at ``path``: SKELETON our own file, POSES another program's, POSE_VIDEO a rendered skeleton, VIDEO.

    Raises BadInput, one sentence, for anything else.
    """
    if path.is_dir():
        if has_openpose_files(path):
            return PoseKind.POSES
        raise BadInput(f'There are no pose files (..._keypoints.json) in "{path}": choose the folder that has them.')
    head = read_head(path)
    if head.startswith(_ZIP):
        return PoseKind.SKELETON if is_own_npz(content_of(path)) else PoseKind.POSES
    if head.startswith(NPY):
        return PoseKind.POSES
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return PoseKind.SKELETON if FORMAT.encode() in head else PoseKind.POSES
    if not has_pictures(demuxer_of(path)):
        raise BadInput(f'"{path}" is a sound without a picture: choose a dance.')
    return PoseKind.POSE_VIDEO if is_pose_video(path) else PoseKind.VIDEO


def read_poses(path: Path) -> Skeleton:
    """The skeleton in a file of ours or of another program, or in a folder of OpenPose's; as ``open_poses``."""
    return open_poses(path).skeleton


def open_poses(path: Path, wanted: Wanted | None = None) -> Poses:
    """The skeleton in a file of ours or of another program, or in a folder of OpenPose's, and what was assumed.

    ``wanted`` fills in what other programs do not say. Raises BadInput in one sentence, NewerVersion.
    """
    hints = wanted or Wanted()
    if path.is_dir():
        return _named(read_openpose_folder(path, hints), path)
    content = content_of(path)
    if content.startswith(_ZIP) and is_own_npz(content):
        return Poses(from_npz(content, path))
    if content.startswith((_ZIP, NPY)):
        fps = hints.fps or USUAL_FPS
        one = Poses(read_wholebody(content, path, fps, hints.size), Assumed(fps=None if hints.fps else fps))
        return _named(one, path)
    if FORMAT.encode() in content[:4096]:
        return Poses(from_json(content, path))
    document = json_document(content, path)
    if is_openpose(document) or (isinstance(document, list) and document and is_openpose(document[0])):
        return _named(read_comfy_file(document, path, hints), path)
    raise unreadable(path, "it is neither a skeleton of this program nor OpenPose's")


def is_pose_video(path: Path) -> bool:
    """Whether a video shows drawn skeletons: vivid lines on black, as the authors' programs render them.

    Raises BadInput when it can't be read.
    """
    frames = stream_frames(path, batch=1)
    shown = (frame[0] for frame in islice(frames, _LOOKS))
    try:
        return next((_is_drawn(frame) for frame in shown if not _is_black(frame)), False)
    finally:
        frames.close()  # type: ignore[attr-defined]


def _is_black(frame: Frames) -> bool:
    return bool((frame.max(axis=-1) <= _BLACK).mean() > _MOST_GROUND)


def _is_drawn(frame: Frames) -> bool:
    strongest = frame.max(axis=-1).astype(np.int16)
    drawn = strongest > _BLACK
    vivid = strongest - frame.min(axis=-1) >= _VIVID
    return bool(1 - drawn.mean() >= _LEAST_GROUND and vivid[drawn].mean() >= _LEAST_VIVID)


def _named(poses: Poses, path: Path) -> Poses:
    origin = Origin(path.name[:200], "", ("read from another program's poses",))
    return poses._replace(skeleton=poses.skeleton.with_parts({}, origin=origin))
