"""How long a WAV says that its sound is: ffmpeg believes the size of the file instead, and says nothing of a cut."""

import struct
from pathlib import Path

from svi_studio.disk.plain_file import open_plain

_MOST_CHUNKS = 100  # before the one that has the sound
_MOST_BYTES = 1 << 40
_UNKNOWN = {0, 0xFFFF_FFFF, 0xFFFF_FFFE}  # what a program writes that does not know yet


def said_by_wav(path: Path) -> float | None:
    """The seconds that the header of a WAV claims; None where it claims nothing. Raises OSError."""
    with open_plain(path, _MOST_BYTES) as file:
        if file.read(12)[8:] != b"WAVE":
            return None
        rate = 0
        for _ in range(_MOST_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                return None
            name, size = head[:4], struct.unpack("<I", head[4:])[0]
            if name == b"data":
                return None if not rate or size in _UNKNOWN else size / rate
            if name == b"fmt ":
                fields = file.read(16)
                rate = struct.unpack("<I", fields[8:12])[0] if len(fields) == 16 else 0
                size -= 16
            file.seek(size + size % 2, 1)
    return None
