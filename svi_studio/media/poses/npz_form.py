"""A skeleton as arrays in an npz file: nothing is unpickled, and no more memory is taken than the file may claim."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import FACE_JOINTS
from svi_studio.domain.poses.skeleton import MOST_FRAMES, Skeleton
from svi_studio.domain.text.strict_json import strict_json
from svi_studio.media.poses.facts_form import document_of, facts_of, unreadable
from svi_studio.media.poses.npy_arrays import Damaged, npz_arrays, npz_names

_MOST_PART = MOST_FRAMES * max(FACE_JOINTS) * 12 + 4096
_MOST_BYTES = {"meta": 8 << 20, **dict.fromkeys(("body", "left_hand", "right_hand", "face"), _MOST_PART)}
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
        return {"meta", "body"} <= set(npz_names(content))
    except Damaged:
        return False


def _arrays(content: bytes, path: Path) -> dict[str, NDArray[Any]]:
    try:
        names = npz_names(content)
        if len(set(names)) != len(names) or not names or not set(names) <= _MOST_BYTES.keys():
            raise unreadable(path, "it holds other arrays than those of a skeleton")
        arrays = npz_arrays(content, _MOST_BYTES)
    except Damaged as error:
        raise unreadable(path, str(error)) from error
    for name, array in arrays.items():
        kind, dimensions = (np.dtype(np.uint8), 1) if name == "meta" else (np.dtype(np.float32), 3)
        if array.dtype != kind or array.ndim != dimensions:
            raise unreadable(path, f"its array {name} has another form than it must have")
    return arrays
