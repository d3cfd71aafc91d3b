"""What was seen of videos, kept for all trainings in one place: a video is looked through once, whatever the recipe."""

import os
import time
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from svi_studio.disk.atomic import plain_errors
from svi_studio.domain.errors import StudioError
from svi_studio.settings import FOOTAGE
from trainer.footage.clips.analysis import Analysis
from trainer.footage.clips.analysis_file import load_analysis

MOST_BYTES = 2 << 30
"""About a thousand hours of video."""

_ENDING = ".npz"
_DRAFT = ".tmp"
_OLD_DRAFT = 24 * 3600.0  # seconds after which nobody writes it any more


def analyses_folder() -> Path:
    """The folder named by ``SVI_FOOTAGE``, else one in the user's cache folder."""
    named = FOOTAGE.text()
    return Path(named).expanduser() if named else user_cache_path("svi-studio", appauthor=False) / "footage"


class AnalysisStore:
    """Analyses by the fingerprint of their video, each whole or not there, the ones used last up to ``most`` bytes.

    Several scans may use it at once. ``spare`` is a folder that is there in any case, for a cache that cannot be made;
    what an earlier version kept there is found as well.
    """

    def __init__(self, spare: Path, folder: Path | None = None, most: int = MOST_BYTES) -> None:
        self._spare, self._most = spare, most
        self._folder = folder or analyses_folder()
        try:
            with plain_errors(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
        except StudioError:
            self._folder = spare

    def file(self, mark: str) -> Path:
        """Where the analysis of the video with this fingerprint belongs."""
        return self._folder / f"{mark[:32]}{_ENDING}"

    def find(self, mark: str) -> Analysis | None:
        """The analysis of the video with this fingerprint; None when there is none, or only a damaged one."""
        for path in (self.file(mark), self._spare / f"{mark[:32]}{_ENDING}"):
            found = load_analysis(path)
            if found is not None:
                with suppress(OSError):
                    os.utime(path)  # used just now: others go first
                return found
        return None

    def tidy(self) -> None:
        """Removes the analyses that were used longest ago where there are too many, and what a kill left behind."""
        files: list[tuple[float, int, Path]] = []
        for path in self._listed():
            with suppress(OSError):
                facts = path.stat()
                if path.suffix == _ENDING:
                    files.append((facts.st_mtime, facts.st_size, path))
                elif path.suffix == _DRAFT and facts.st_mtime < time.time() - _OLD_DRAFT:
                    path.unlink()
        left = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if left <= self._most:
                break
            with suppress(OSError):
                path.unlink()
                left -= size

    def _listed(self) -> list[Path]:
        try:
            return list(self._folder.iterdir())
        except OSError:
            return []
