"""Which files and folders may hold a dance, judged by their names; their content is looked at when they are used."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.file_endings import VIDEO_ENDINGS

POSE_ENDINGS = (".json", ".npz")
ENDINGS = (*POSE_ENDINGS, *VIDEO_ENDINGS, ".ts")


def is_dance(path: Path) -> bool:
    """Whether that may be a video of somebody, a skeleton, or a folder with one file a frame."""
    return path.suffix.lower() in ENDINGS or (not path.suffix and path.is_dir())


def is_video(path: Path) -> bool:
    """Whether it is called like a video."""
    return path.suffix.lower() in (*VIDEO_ENDINGS, ".ts")


def dance_filter() -> str:
    """What a file dialog shows of a folder when a dance is wanted."""
    patterns = " ".join(f"*{ending} *{ending.upper()}" for ending in ENDINGS)
    return f"{QCoreApplication.translate('Skeleton', 'Videos and pose files')} ({patterns})"
