"""What tells one video file from another without reading gigabytes: its size and samples of its content."""

import hashlib
from pathlib import Path

_SAMPLE = 1 << 18
_SAMPLES = 16


def fingerprint(path: Path) -> str:
    """SHA-256, as 64 hexadecimal digits, of the size and 16 samples of 256 KB; of a small file all. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        digest = hashlib.sha256(size.to_bytes(8, "little"))
        last = max(size - _SAMPLE, 0)
        for index in range(_SAMPLES):
            file.seek(last * index // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
