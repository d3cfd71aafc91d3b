"""Skeleton files: one documented form in JSON, the same as arrays in npz, read with limits, written whole or not.

**JSON** (schema 1), UTF-8::

    {"format": "svi-skeleton", "schema_version": 1,
     "fps": "24", "width": 608, "height": 1088,
     "frames": [{"body": [x, y, c, ...], "left_hand": [...], "right_hand": [...], "face": [...]}, ...],
     "remarks": [["missing", 12, 20], ...],
     "origin": {"file": "dance.mp4", "sha256": "...", "steps": ["mirrored"]}}

``fps`` is text, a whole number or a fraction (``"30000/1001"``). Every frame lists x and y in pixels from the canvas's
top left corner and the confidence c from 0 to 1, one joint after the other: 20 of the body (nose, neck; right shoulder,
elbow, wrist; left ones; right hip, knee, ankle; left ones; right eye, left eye, right ear, left ear, left toes, right
toes; right is the person's right), 21 of each hand (wrist, then thumb, index, middle, ring and little finger from the
palm out), and 68 or 70 of the face. A missing joint is 0, 0, 0; a part that is left out is missing whole. ``remarks``
and ``origin`` may be left out: frames worth a look (``missing``, ``found again``, ``filled``, ``cut``; from, up to but
not including), and what the skeleton was made from.

**npz**, without pickle: float32 arrays ``body`` ``[N, 20, 3]``, ``left_hand``, ``right_hand`` ``[N, 21, 3]``, perhaps
``face``, and ``meta``, the bytes of the JSON above without its frames.
"""

from pathlib import Path

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadInput, NotAFile, Refused
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.poses.json_form import from_json, to_json
from svi_studio.media.poses.npz_form import from_npz, to_npz

MOST_BYTES = 256 << 20
_ZIP = b"PK\x03\x04"


def read_skeleton(path: Path) -> Skeleton:
    """The skeleton in the file ``path``, JSON or npz as its content says.

    Raises BadInput, one sentence, for a missing, damaged or foreign file, NewerVersion when a later program wrote it,
    NotAFile for a pipe or a device.
    """
    content = content_of(path)
    return from_npz(content, path) if content.startswith(_ZIP) else from_json(content, path)


def write_skeleton(path: Path, skeleton: Skeleton) -> None:
    """Writes ``path``, as npz where it ends so, else as JSON. The same skeleton gives the same bytes.

    Raises DiskFull or StudioError; then ``path`` is as it was.
    """
    atomic_write(path, skeleton_bytes(skeleton, npz=path.suffix.lower() == ".npz"))


def skeleton_bytes(skeleton: Skeleton, *, npz: bool = False) -> bytes:
    """The content of such a file; always the same for the same skeleton."""
    return to_npz(skeleton) if npz else to_json(skeleton)


def content_of(path: Path) -> bytes:
    """The bytes of a file of poses. Raises BadInput and NotAFile."""
    try:
        return read_plain(path, MOST_BYTES)
    except Refused as error:
        raise NotAFile(str(error)) from error
    except (FileNotFoundError, ValueError) as error:
        raise BadInput(f'There is no file "{path}": check the name.') from error
    except OSError as error:
        raise BadInput(f'"{path}" could not be read ({error.strerror}): check its permissions.') from error
