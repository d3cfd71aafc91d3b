"""By what a large file is known again in an instant: its size, its beginning and its end."""

import hashlib
import os
from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, Incomplete

_SAMPLE = 64 << 10


def file_print(path: Path) -> str:
    """SHA-256 (64 hex digits) of the size of the file ``path``, its first 64 kB and its last.

    Another file in its place is noticed, and one that grew or was cut; that it was copied or touched makes no
    difference. Raises Incomplete when it is not there, BadWeights when it cannot be read.
    """
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            size = os.fstat(file.fileno()).st_size
            digest = hashlib.sha256(f"{size}\0".encode())
            digest.update(file.read(_SAMPLE) or b"")  # None: of the system's own, with nothing to say now
            file.seek(max(0, size - _SAMPLE))
            digest.update(file.read(_SAMPLE) or b"")
    except FileNotFoundError as error:
        raise Incomplete(f"{path} is not there: check that its drive is there.") from error
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"{path} could not be read ({error.strerror}): check that its drive is there.") from error
    return digest.hexdigest()
