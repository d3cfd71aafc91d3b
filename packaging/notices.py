"""Writes resources/THIRD-PARTY.md: every package that SVI Studio runs on, with its licence as its maker declares it.

Run it with the Python of .venv after ``lock.py``.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata

from lock import CUDA_FILE, HOUSE, locked

TARGET = HOUSE / "resources" / "THIRD-PARTY.md"
HEADING = """# What SVI Studio stands on

SVI Studio itself is licensed under Apache-2.0 ([LICENSE](../LICENSE)). It installs the packages below from their
makers and changes none of them; each brings its licence along, in its `dist-info` folder of .venv. Four need a word:

- **Qt and PySide6** (the window) are used under the LGPL, version 3: they lie in .venv as libraries of their own, and
  you may put your own builds in their place.
- **ffmpeg**, the program inside `imageio-ffmpeg`, is licensed under the GPL, version 3. SVI Studio starts it as a
  program of its own, to write films. Its source is at ffmpeg.org; IMAGEIO_FFMPEG_EXE names another one to use.
- **FFmpeg's libraries** inside `av` are built under the LGPL, version 3; the wheel brings x264 and x265 (GPL) beside
  them. They read films, and are libraries of their own too.
- **NVIDIA's libraries** come with torch on Linux, under NVIDIA's own terms, and are not open source.

The bundled model, the pictures and the storyboards in `resources` are this project's own, under Apache-2.0 too.

| package | version | licence |
|---|---|---|
"""
SPELLED = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
}
ELSEWHERE = {"colorama": "BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause", "backports-tarfile": "MIT"}


def main() -> int:
    """Writes the page; returns the exit status."""
    pins = sorted(locked("requirements.txt") | locked(CUDA_FILE))
    rows = ["| {} | {} | {} |".format(*pin.split("=="), licence_of(pin.split("==")[0])) for pin in pins]
    TARGET.write_text(HEADING + "\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    return 0


def licence_of(package: str) -> str:
    """The licence that a package declares: its expression, else its classifier, else the short text."""
    try:
        facts = metadata(package)
    except PackageNotFoundError:
        return ELSEWHERE.get(package) or ("Apache-2.0 or MIT" if package == "triton" else nvidia(package))
    classes = [line.split(" :: ")[-1] for line in facts.get_all("Classifier") or () if line.startswith("License")]
    words = facts.get("License-Expression") or facts.get("License") or ""
    if not words or len(words) > 120 or "\n" in words:
        words = classes[0] if classes else ""
    if not words:
        raise SystemExit(f"{package} declares no licence: look it up and name it in ELSEWHERE.")
    return SPELLED.get(words, words)


def nvidia(package: str) -> str:
    """The licence of NVIDIA's libraries, which no computer without a card installs."""
    if re.match("nvidia-|cuda-", package):
        return "NVIDIA's own terms"
    raise SystemExit(f"{package} is not installed here: name its licence in ELSEWHERE.")


if __name__ == "__main__":
    sys.exit(main())
