"""Which files count as videos, judged by their names; their content is checked when they are used."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.file_endings import VIDEO_ENDINGS

VIDEOS: Final = (*VIDEO_ENDINGS, ".ts")


def is_video(path: Path) -> bool:
    """Whether the file is called like a video."""
    return path.suffix.lower() in VIDEOS


def video_filter() -> str:
    """What a file dialog shows of a folder when a video is wanted."""
    patterns = " ".join(f"*{ending} *{ending.upper()}" for ending in VIDEOS)
    return f"{QCoreApplication.translate('VideoFiles', 'Videos')} ({patterns})"
