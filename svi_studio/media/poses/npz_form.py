"""A skeleton as arrays in an npz file: nothing is unpickled, and no more memory is taken than the file may claim."""

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import FACE_JOINTS
from svi_studio.domain.poses.skeleton import MOST_FRAMES, Skeleton
from svi_studio.domain.text.strict_json import strict_json
from svi_studio.media.poses.facts_form import document_of, facts_of, unreadable

_NAMES = {"meta", "body", "left_hand", "right_hand", "face"}
_MOST_MEMBER_BYTES = MOST_FRAMES * max(FACE_JOINTS) * 12 + 4096
_MOST_META_BYTES = 8 << 20
_HEADER_BYTES = 10_000
_MAX_DEPTH = 5


def to_npz(skeleton: Skeleton) -> bytes:
    """The content of an npz file; always the same for the same skeleton."""
    meta = json.dumps(document_of(skeleton), ensure_ascii=False).encode("utf-8", "backslashreplace")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        arrays: dict[str, NDArray[Any]] = {"meta": np.frombuffer(meta, np.uint8), **skeleton.parts}
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy")
            info.create_system = 3  # the same bytes on every system
            archive.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def from_npz(content: bytes, path: Path) -> Skeleton:
    """The skeleton in ``content``; ``path`` is for the sentence. Raises BadInput and NewerVersion."""
    arrays = _arrays(content, path)
    if "meta" not in arrays or "body" not in arrays:
        raise unreadable(path, "it lacks the arrays meta and body")
    try:
        document = strict_json(arrays.pop("meta").tobytes().decode("utf-8"), _MAX_DEPTH)
    except ValueError as error:
        raise unreadable(path, "its meta is not JSON") from error
    facts = facts_of(document if isinstance(document, dict) else {}, path)
    for name in ("left_hand", "right_hand"):
        arrays.setdefault(name, np.zeros((len(arrays["body"]), 21, 3), np.float32))
    try:
        return facts.of(arrays)
    except BadInput as error:
        raise BadInput(f'"{path}": {error}') from error


def is_own_npz(content: bytes) -> bool:
    """Whether an npz file is one of this program's, by the names in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {"meta.npy", "body.npy"} <= set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _arrays(content: bytes, path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = [each.filename.removesuffix(".npy") for each in members]
            if len(set(names)) != len(names) or not set(names) <= _NAMES:
                raise unreadable(path, "it holds other arrays than those of a skeleton")
            return {name: _array(archive, member, name, path) for name, member in zip(names, members, strict=True)}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise unreadable(path, "it is a damaged npz file") from error


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, path: Path) -> NDArray[Any]:
    """One array, whose header must claim no more than the file then holds."""
    most = _MOST_META_BYTES if name == "meta" else _MOST_MEMBER_BYTES
    if member.file_size > most:
        raise unreadable(path, f"its array {name} claims to be larger than any skeleton")
    with archive.open(member) as file:
        data = io.BytesIO(file.read(most + 1))
    if npy.read_magic(data) != (1, 0):
        raise ValueError("another version of the header")
    shape, fortran, kind = npy.read_array_header_1_0(data, max_header_size=_HEADER_BYTES)
    wanted, dimensions = (np.uint8, 1) if name == "meta" else (np.float32, 3)
    rest = data.getbuffer()[data.tell() :]
    if kind != wanted or fortran or len(shape) != dimensions or len(rest) != int(np.prod(shape)) * kind.itemsize:
        raise unreadable(path, f"its array {name} has another form than it must have")
    return np.frombuffer(rest, kind).reshape(shape)
