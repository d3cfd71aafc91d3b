"""Whether a film's file is still the one that was planned with."""

import hashlib
from pathlib import Path

from svi_studio.domain.errors import BadInput


def check_unchanged(path: Path, sha256: str, what: str = "picture") -> None:
    """A take is known by the hash of the files that were planned with; others must not get that name.

    Raises BadInput when `path` has another content by now, OSError when it cannot be read.
    """
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise BadInput(f'The {what} "{path}" was changed after the render began: start the render again.')
