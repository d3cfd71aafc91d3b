"""Whether a file holds a skeleton or a video of drawn ones, and how long it lasts, told without reading it whole."""

from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Refused
from svi_studio.domain.text.command_name import command_name
from svi_studio.media.poses.opening import PoseKind, pose_kind
from svi_studio.media.poses.skeleton_file import MOST_BYTES, read_skeleton
from svi_studio.media.poses.video_times import video_times


def is_skeleton_file(path: Path) -> bool:
    """Whether ``path`` is one of our skeleton files, JSON or npz, by its first bytes. Raises BadInput."""
    try:
        with open_plain(path, MOST_BYTES * 1024) as stream:
            head = stream.read(64)
    except Refused as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f'The skeleton "{path}" could not be read ({error.strerror}): is it there?') from error
    return head.startswith(b"PK\x03\x04") or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def skeleton_seconds(path: Path) -> float:
    """How long the skeleton in ``path`` lasts, a skeleton file of ours or a video of a drawn one; reads it whole.

    Raises BadInput for anything else, and says how it becomes one.
    """
    kind = pose_kind(path)
    if kind is PoseKind.SKELETON:
        return float(read_skeleton(path).seconds)
    if kind is PoseKind.POSE_VIDEO:
        return float(video_times(path).seconds)
    what = "a video of no drawn skeleton" if kind is PoseKind.VIDEO else "from another program"
    raise BadInput(
        f'"{path}" is {what}: make a skeleton of it first, on the skeleton lane or, on the command line, with '
        f'"{command_name()} pose {path.name} -o dance.json".'
    )
