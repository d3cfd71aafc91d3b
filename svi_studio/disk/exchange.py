"""Two folders trade their names in one step, so that the old or the new one stands under a name at every moment."""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_HERE = -100  # AT_FDCWD: a path is taken as it stands
_EXCHANGE, _SWAP = 2, 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_UNABLE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV, errno.EPERM}


def exchange_names(one: Path, other: Path) -> bool:
    """Lets ``one`` and ``other`` trade names in one step.

    False when this system or this disk cannot do that; nothing is changed then. Raises OSError.
    """
    exchange = _exchange()
    if exchange is None:
        return False
    if exchange(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _exchange() -> Callable[[bytes, bytes], int] | None:
    """The system's own call, where it has one."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            linux = library.renameat2
            return lambda one, other: int(linux(_HERE, one, _HERE, other, _EXCHANGE))
        if sys.platform == "darwin":
            darwin = library.renamex_np
            return lambda one, other: int(darwin(one, other, _SWAP))
    except (OSError, AttributeError, TypeError):
        pass
    return None
