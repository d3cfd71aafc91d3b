"""Where an export goes: a folder that is remembered, and a name made from the title; and what is wrong with it."""

import os
from pathlib import Path

from platformdirs import user_videos_path
from PySide6.QtCore import QCoreApplication

from svi_studio.document.export.kinds import ExportKind
from svi_studio.document.opening.new_film import free_path
from svi_studio.document.preferences import Preferences
from svi_studio.domain.text.plain_name import plain_name

_FOLDER = "export_folder"


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportTarget", text)


def last_folder(preferences: Preferences) -> Path:
    """The folder of the last export, if it is still there, else the user's videos, else the home folder."""
    remembered = preferences.text(_FOLDER)
    places = [Path(remembered)] if remembered else []
    return next((place for place in (*places, user_videos_path()) if place.is_dir()), Path.home())


def remember_folder(preferences: Preferences, folder: Path) -> None:
    """Remembers the folder for the next export."""
    preferences.set_text(_FOLDER, str(folder))


def free_name(folder: Path, title: str, kind: ExportKind) -> str:
    """A file name after the title that is not there yet, with the ending of ``kind``."""
    return free_path(folder, title, kind.suffix).name


def with_ending(name: str, kind: ExportKind) -> str:
    """``name`` as the user wrote it, safe, and with the ending of ``kind``; empty stays empty."""
    stem = name.strip()
    for ending in (".mp4", ".mov", ".mkv", ".png", ".jpg", ".jpeg"):
        if stem.lower().endswith(ending):
            if kind.is_sheet and ending in {".png", ".jpg", ".jpeg"}:
                return f"{plain_name(stem[: -len(ending)])}{stem[-len(ending) :]}" if stem != ending else ""
            stem = stem[: -len(ending)]
            break
    return f"{plain_name(stem)}{kind.suffix}" if stem else ""


def target_problem(target: Path, kind: ExportKind) -> str:
    """Why nothing can be written there, in one sentence; empty when it can, as far as a look tells."""
    if not target.parent.is_dir():
        return _tr("The folder no longer exists: choose another one.")
    if not os.access(target.parent, os.W_OK):
        return _tr("This folder is read-only: choose another one.")
    if kind.suffix and target.is_dir():
        return _tr("A folder of this name exists: choose another name.")
    if not kind.suffix and target.is_file():
        return _tr("A file of this name exists: choose another name.")
    if not kind.suffix and target.is_dir() and any(target.iterdir()) and not (target / "film.json").is_file():
        return _tr("A folder of this name exists and holds other files: choose another name.")
    return ""


def replaces_something(target: Path) -> bool:
    """Whether an earlier export goes when this one is done."""
    return target.is_file() or (target.is_dir() and any(target.iterdir()))
