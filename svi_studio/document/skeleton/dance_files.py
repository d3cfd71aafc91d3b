"""Which files and folders may hold a dance, judged by their names; their content is looked at when they are used."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document.pictures.video_files import VIDEOS

POSE_ENDINGS = (".json", ".npz")
ENDINGS = (*POSE_ENDINGS, *VIDEOS)


def is_dance(path: Path) -> bool:
    """Whether that may be a video of somebody, a skeleton, or a folder with one file a frame."""
    return path.suffix.lower() in ENDINGS or (not path.suffix and path.is_dir())


def dance_filter() -> str:
    """What a file dialog shows of a folder when a dance is wanted."""
    patterns = " ".join(f"*{ending} *{ending.upper()}" for ending in ENDINGS)
    return f"{QCoreApplication.translate('Skeleton', 'Videos and pose files')} ({patterns})"
