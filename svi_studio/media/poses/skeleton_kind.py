"""Whether a file holds a skeleton or a video of drawn ones, and how long it lasts, told without reading it whole."""

from fractions import Fraction
from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Refused
from svi_studio.domain.text.command_name import command_name
from svi_studio.media.open_media import open_media
from svi_studio.media.poses.opening import PoseKind, pose_kind
from svi_studio.media.poses.skeleton_file import MOST_BYTES, read_skeleton
from svi_studio.media.video_reader import count_frames

_FASTEST = 1000


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


def video_rate(path: Path) -> Fraction:
    """Frames a second of the video ``path``. Raises BadInput for anything else."""
    import av  # noqa: PLC0415 - late: the window is on the screen before anything is decoded

    try:
        with open_media(path) as container:
            stream = container.streams.video[0] if container.streams.video else None
            rate = stream and (stream.average_rate or stream.guessed_rate)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise BadInput(f'The skeleton "{path}" could not be read as a video: get the file again.') from error
    if not rate or not 0 < rate <= _FASTEST:
        raise BadInput(f'"{path}" is neither a skeleton file nor a video: use JSON, npz or a skeleton video.')
    return Fraction(rate)


def skeleton_seconds(path: Path) -> float:
    """How long the skeleton in ``path`` lasts, a skeleton file of ours or a video of a drawn one; reads it whole.

    Raises BadInput for anything else, and says how it becomes one.
    """
    kind = pose_kind(path)
    if kind is PoseKind.SKELETON:
        return float(read_skeleton(path).seconds)
    if kind is PoseKind.POSE_VIDEO:
        return float(count_frames(path) / video_rate(path))
    what = "a video of no drawn skeleton" if kind is PoseKind.VIDEO else "from another program"
    raise BadInput(
        f'"{path}" is {what}: make a skeleton of it first, on the skeleton lane or, on the command line, with '
        f'"{command_name()} pose {path.name} -o dance.json".'
    )
