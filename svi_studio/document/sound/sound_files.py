"""Which files count as sounds, judged by their names; their content is checked when they come into the film."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.file_endings import SOUND_ENDINGS, VIDEO_ENDINGS


def is_sound(path: Path) -> bool:
    """Whether the file is called like a sound."""
    return path.suffix.lower() in SOUND_ENDINGS


def may_have_sound(path: Path) -> bool:
    """Whether the file is called like a sound, or like a video, which may have one."""
    return is_sound(path) or path.suffix.lower() in VIDEO_ENDINGS


def sound_filter() -> str:
    """What a file dialog shows of a folder when a sound is wanted."""
    endings = (*SOUND_ENDINGS, *VIDEO_ENDINGS)
    patterns = " ".join(f"*{ending} *{ending.upper()}" for ending in endings)
    return f"{QCoreApplication.translate('SoundFiles', 'Sounds and videos')} ({patterns})"
