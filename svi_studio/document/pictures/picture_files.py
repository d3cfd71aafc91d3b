"""Which files count as pictures, judged by their names; their content is checked when they are copied."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.media.pictures.kinds import ENDINGS


def is_picture(path: Path) -> bool:
    """Whether the file is called like a picture that a film can use."""
    return path.suffix.lower() in ENDINGS


def picture_patterns() -> str:
    """Their names as a file dialog asks for them; some systems tell large letters from small ones."""
    return " ".join(f"*{ending} *{ending.upper()}" for ending in ENDINGS)


def picture_filter() -> str:
    """What a file dialog shows of a folder when a picture is wanted."""
    return f"{QCoreApplication.translate('PictureFiles', 'Pictures')} ({picture_patterns()})"
