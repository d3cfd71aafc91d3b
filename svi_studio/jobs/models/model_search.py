"""Looks through folders for files of weights, in a thread, and says how far it is."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import Stopped, as_studio_error
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops

if TYPE_CHECKING:
    from svi_studio.domain.film.model_file import ModelFile

_TELL_S = 0.15


@dataclass(frozen=True, slots=True)
class SearchDone:
    """``files`` in ``folders`` by path; ``problems``: a sentence for each thing that could not be looked at."""

    folders: tuple[Path, ...]
    files: "tuple[ModelFile, ...]"
    problems: tuple[str, ...]


class ModelSearch(QObject):
    """Lives in the window's thread and never waits, except in ``close``.

    ``progress`` brings how many files and folders were looked at, and the last of them; ``found`` a ``SearchDone``,
    ``ended`` a sentence where nothing was found out, "" when it was cancelled. ``told`` brings a file and what it
    is, ``told_not`` a file and the sentence that says why nobody knows.
    """

    progress = Signal(int, str)
    found = Signal(object)
    ended = Signal(str)
    told = Signal(object, object)
    told_not = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = Background("model search", self)
        self._files = Background("what is this file", self)
        self._given_up = threading.Event()
        self.is_searching = False

    def search(self, folders: Sequence[Path]) -> None:
        """Looks through ``folders``, unless it does so already."""
        if self.is_searching:
            return
        self.is_searching = True
        self._given_up.clear()
        places = tuple(folders)
        self._work.submit(lambda: _searched(places, self._goes_on), self._found, self._ended)

    def cancel(self) -> None:
        """Gives up; ``ended`` follows."""
        self._given_up.set()

    def what_is(self, file: Path) -> None:
        """Looks at one file; ``told`` or ``told_not`` follows."""
        self._files.submit(
            lambda: _what_is(file),
            lambda row: self.told.emit(file, row),
            lambda error: self.told_not.emit(file, _sentence(error)),
        )

    def close(self) -> bool:
        """Gives up what is under way; returns whether the threads have ended."""
        self._given_up.set()
        return all([self._work.close(), self._files.close()])

    def _goes_on(self, count: int, folder: str) -> bool:
        self.progress.emit(count, folder)
        return not (self._given_up.is_set() or thread_stops())

    def _found(self, done: SearchDone) -> None:
        self.is_searching = False
        self.found.emit(done)

    def _ended(self, error: Exception) -> None:
        self.is_searching = False
        self.ended.emit("" if isinstance(error, Stopped) else _sentence(error))


def _searched(folders: Sequence[Path], goes_on: Callable[[int, str], bool]) -> SearchDone:
    from svi_studio.weights.scan.scan import scan_folder  # noqa: PLC0415 - the window opens without it

    files: dict[str, ModelFile] = {}
    problems: list[str] = []
    seen, told = 0, 0.0
    for folder in folders:

        def stops(folder: Path = folder) -> bool:
            """Asked once for every file and folder."""
            nonlocal seen, told
            seen += 1
            now = time.monotonic()
            if now - told < _TELL_S:
                return False
            told = now
            return not goes_on(seen, str(folder))

        try:
            scan = scan_folder(folder, should_stop=stops)
        except Stopped:
            raise
        except Exception as error:  # a folder that went away: the others still count
            problems.append(_sentence(error))
            continue
        files |= {each.path: each for each in scan.files}
        problems += scan.problems
    return SearchDone(tuple(folders), tuple(files[path] for path in sorted(files)), tuple(dict.fromkeys(problems)))


def _what_is(file: Path) -> "ModelFile":
    from svi_studio.weights.scan.scan import what_is  # noqa: PLC0415 - as above

    return what_is(file)


def _sentence(error: Exception) -> str:
    told = as_studio_error(error)
    if told is None:
        raise error
    return str(told)
