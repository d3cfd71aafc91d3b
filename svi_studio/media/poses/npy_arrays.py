"""Arrays of numbers in .npy and .npz files of strangers: nothing is evaluated, and nothing larger than said is read."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_START: Final = b"\x93NUMPY\x01\x00"
_HEADER: Final = re.compile(
    rb"\{\s*'descr'\s*:\s*'([<>|=][fiu]\d{1,2})'\s*,\s*'fortran_order'\s*:\s*False\s*,"
    rb"\s*'shape'\s*:\s*\(\s*(\d{1,9}(?:\s*,\s*\d{1,9}){0,7})\s*,?\s*\)\s*,?\s*\}\s*"
)
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NO_ZIP: Final = "it is a damaged npz file"


class Damaged(Exception):  # noqa: N818 - says what it is
    """What is wrong with a file of arrays, as a phrase that goes behind a colon."""


def npy_array(data: bytes, name: str = "of points") -> NDArray[Any]:
    """The array ``name`` in a .npy file, of plain numbers, whose header claims what the file holds. Raises Damaged.

    The header is matched and not evaluated, as numpy's own reader would: there, a stranger's text can raise anything.
    """
    wrong = f"its array {name} has another form than it must have"
    begin = len(_START) + 2
    stop = begin + int.from_bytes(data[len(_START) : begin], "little")
    found = _HEADER.fullmatch(data[begin:stop])
    if not data.startswith(_START) or found is None:
        raise Damaged(wrong)
    try:
        kind = np.dtype(found[1].decode())
        shape = [int(side) for side in found[2].split(b",")]
        return np.frombuffer(memoryview(data)[stop:], kind).reshape(shape)
    except (TypeError, ValueError) as error:
        raise Damaged(wrong) from error


def npz_names(content: bytes) -> list[str]:
    """The names of the arrays in a .npz file, a name as often as it stands there. Raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [name.removesuffix(".npy") for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Damaged(_NO_ZIP) from error


def npz_arrays(content: bytes, most: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    """The arrays in a .npz file that ``most`` names, with the bytes that each can have at most. Raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {each.filename.removesuffix(".npy"): each for each in archive.infolist()}
            wanted = {name: members[name] for name in most if name in members}
            for name, each in wanted.items():
                if each.file_size > most[name]:
                    raise Damaged(f"its array {name} claims to be larger than any skeleton")
                if each.compress_type not in _PLAIN:
                    raise Damaged(f"its array {name} is packed otherwise than arrays are")
            return {name: npy_array(archive.read(each), name) for name, each in wanted.items()}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Damaged(_NO_ZIP) from error
