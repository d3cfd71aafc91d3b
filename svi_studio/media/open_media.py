"""Opens somebody's video or sound with PyAV: by a demuxer that is named, and nothing is read but the file itself."""

from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.media.demuxers import demuxer_of

if TYPE_CHECKING:
    from av.container import InputContainer

READ_TIMEOUT = 30.0  # seconds; a network disk may be slow, a pipe with a video's name never answers
ONLY_FILES = "file"
"""The protocols that ffmpeg may use: none that leads to another computer, device, pipe or piece of text."""


def open_media(path: Path) -> "InputContainer":
    """Opens ``path``; closes it again. Raises BadInput for a playlist and other files, av.FFmpegError or OSError."""
    import av  # noqa: PLC0415 - late: the window is on the screen before anything is decoded

    return av.open(
        as_address(path),
        format=demuxer_of(path),
        options={"protocol_whitelist": ONLY_FILES},
        metadata_errors="replace",
        timeout=READ_TIMEOUT,
    )


def as_address(path: Path) -> str:
    """A file's name as ffmpeg takes it for a file, whatever it looks like: with a colon, a dash, a pattern."""
    return f"file:{path}"


def source_arguments(path: Path) -> list[str]:
    """What makes the program ffmpeg read ``path`` as ``open_media`` does. Raises BadInput."""
    return ["-protocol_whitelist", ONLY_FILES, "-f", demuxer_of(path), "-i", as_address(path)]
