"""Which pictures move: told by what stands in their files, without decoding any."""

import os
import struct
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from svi_studio.disk.plain_file import open_plain

_MOST_BYTES = 1 << 40
_HEAD_BYTES = 32
_PNG = b"\x89PNG\r\n\x1a\n"
_WEBP_FLAGS = 20  # the place of the flags of an extended WebP
_WEBP_MOVES = 2  # the flag
_MOST_OF_A_GIF = 32 << 20  # bytes; a picture of one frame is smaller
_GIF_HEAD = 13  # bytes before its table of colours


def moves(path: Path) -> bool:
    """Whether the file is a PNG, WebP or AVIF picture of several frames. Raises OSError and Refused."""
    with open_plain(path, _MOST_BYTES) as file:
        head = file.read(_HEAD_BYTES)
        if head.startswith(_PNG):
            return _png_frames(file) > 1
    if head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X":
        return len(head) > _WEBP_FLAGS and bool(head[_WEBP_FLAGS] & _WEBP_MOVES)
    return head[4:12] == b"ftypavis"


def is_single_gif(path: Path) -> bool:
    """Whether the file is a GIF of one frame, which is a picture and no video. Raises OSError and Refused."""
    with open_plain(path, _MOST_BYTES) as file:
        head = file.read(_GIF_HEAD)
        if len(head) < _GIF_HEAD or head[:6] not in (b"GIF87a", b"GIF89a"):
            return False
        _pass_colours(file, head[10])
        return _gif_frames(BytesIO(file.read(_MOST_OF_A_GIF))) == 1


def _png_frames(file: BinaryIO) -> int:
    """How many frames a PNG says that it has; that stands before its picture, if anywhere."""
    file.seek(len(_PNG))
    while len(start := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", start)
        if name == b"acTL":
            frames = file.read(4)
            return int.from_bytes(frames, "big")
        if name == b"IDAT":
            break
        file.seek(length + 4, os.SEEK_CUR)
    return 1


def _gif_frames(file: BinaryIO) -> int:
    """How many frames follow, at most two."""
    frames = 0
    while frames < 2:
        match file.read(1):
            case b"\x2c":
                frames += 1
                _pass_colours(file, (file.read(9) or b"\0")[-1])
            case b"\x21":
                pass
            case _:
                break
        file.seek(1, os.SEEK_CUR)  # how codes begin, or what kind of note it is
        while size := (file.read(1) or b"\0")[0]:
            file.seek(size, os.SEEK_CUR)
    return frames


def _pass_colours(file: BinaryIO, flags: int) -> None:
    """Skips the table of colours that ``flags`` tell of, three bytes each."""
    if flags & 0x80:
        file.seek(3 << (flags & 7) + 1, os.SEEK_CUR)
