"""Reads what an exported film says about itself."""

import re
from pathlib import Path

from svi_studio.media.ffmpeg import ask_ffmpeg, read_failure
from svi_studio.media.open_media import source_arguments

_PATIENCE = 60.0  # seconds


def read_tags(path: Path) -> dict[str, str]:
    """Title, comment and other notes of a film, keys in lower case; raises BadInput when it cannot be read."""
    done = ask_ffmpeg(["-loglevel", "error", *source_arguments(path), "-f", "ffmetadata", "pipe:1"], path, _PATIENCE)
    if done.returncode != 0:
        raise read_failure(path, done.stderr.decode("utf-8", "replace"))
    return _parse_tags(done.stdout.decode("utf-8", "replace"))


def _parse_tags(text: str) -> dict[str, str]:
    """ffmpeg's metadata format: ``key=value`` lines; a backslash keeps the next character, also the end of a line."""
    pairs = re.findall(r"^([^=;#\n\[]+)=((?:\\[\s\S]|[^\\\n])*)$", text, re.MULTILINE)
    return {key.lower(): re.sub(r"\\([\s\S])", r"\1", value) for key, value in pairs}
