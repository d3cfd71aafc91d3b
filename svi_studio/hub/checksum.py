"""The checksums a hub names: SHA-256 of large files, and what git calls a small one."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import Stopped
from svi_studio.net.errand import never

_PIECE = 4 << 20
_MOST = 1 << 43
_GIT_DIGITS = 40


def is_whole(path: Path, checksum: str, size: int, cancelled: Callable[[], bool] = never) -> bool:
    """Whether the file is ``size`` bytes with that checksum: 64 digits of SHA-256, 40 of git's SHA-1 of a blob.

    Raises Stopped, StudioError.
    """
    with plain_errors(path), open_plain(path, _MOST) as stream:
        if path.stat().st_size != size:
            return False
        if len(checksum) == _GIT_DIGITS:
            digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        else:
            digest = hashlib.sha256()
        while piece := stream.read(_PIECE):
            if cancelled():
                raise Stopped("The check was stopped; what came is kept.")
            digest.update(piece)
    return digest.hexdigest() == checksum
