"""Searches for pictures, shows them small and brings one here, away from the window's thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QImage

from svi_studio.document.story.small_pictures import SmallPictures
from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.pictures.found_picture import FoundPicture, PicturePage
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from PIL import Image

translate = QCoreApplication.translate
Cancelled = Callable[[], bool]
_LANES = 3  # small pictures that are read at a time
_MOST_SIDE = 400  # pixels of a small picture's longer side


def _search(words: str, page: int, cancelled: Cancelled) -> PicturePage:
    from svi_studio.storyline.pictures.search import search  # noqa: PLC0415 - the window opens without HTTP

    return search(words, page, cancelled=cancelled)


def _thumbnail(picture: FoundPicture, cancelled: Cancelled) -> "Image.Image":
    from svi_studio.storyline.pictures.fetch import read_thumbnail  # noqa: PLC0415 - the window opens without HTTP

    return read_thumbnail(picture, cancelled=cancelled)


def _fetch(picture: FoundPicture, folder: Path, cancelled: Cancelled) -> Path:
    from svi_studio.storyline.pictures.fetch import fetch  # noqa: PLC0415 - the window opens without HTTP

    return fetch(picture, folder, cancelled=cancelled)


@dataclass(frozen=True)
class PictureSources:
    """Where pictures come from: the internet, unless something else is given."""

    search: Callable[[str, int, Cancelled], PicturePage] = _search
    thumbnail: Callable[[FoundPicture, Cancelled], "Image.Image"] = _thumbnail
    fetch: Callable[[FoundPicture, Path, Cancelled], Path] = _fetch


class PictureSearch(QObject):
    """Lives in the window's thread. An answer that came too late, after a cancel or a newer search, is dropped."""

    found = Signal(object)
    """The ``PicturePage`` of the newest search."""
    failed = Signal(str)
    """One sentence: why the newest search brought nothing at all."""
    thumbnail_ready = Signal(object)
    """Ask ``thumbnail`` for this ``FoundPicture`` now, or ``is_missing``."""
    fetched = Signal(object, object)
    """A ``FoundPicture`` lies at this ``Path`` now."""
    fetch_failed = Signal(object, str)
    """A ``FoundPicture`` could not be brought here, and one sentence that says why."""

    def __init__(self, parent: QObject | None = None, sources: PictureSources | None = None) -> None:
        super().__init__(parent)
        self._sources = sources or PictureSources()
        self._small = SmallPictures()
        self._asked: set[str] = set()
        self._missing: set[str] = set()
        self._wanted = threading.Event()  # each is cleared for good when what was asked under it is not wanted any more
        self._fetching = threading.Event()
        self._searcher = Background("picture search", self)
        self._fetcher = Background("picture fetch", self)
        self._lanes = [Background(f"small pictures {lane + 1}", self) for lane in range(_LANES)]
        self._next_lane = 0

    def search(self, words: str, page: int = 1) -> None:
        """Looks for ``words``; ends with ``found`` or ``failed``.

        A search and small pictures under way are given up.
        """
        self.cancel_search()
        wanted = self._wanted = _begun()

        def done(found: PicturePage) -> None:
            if wanted.is_set():
                self.found.emit(found)

        def failed(error: Exception) -> None:
            if wanted.is_set() and not isinstance(error, Stopped):
                self.failed.emit(_sentence(error))

        self._searcher.submit(lambda: self._sources.search(words, page, _not(wanted)), done, failed)

    def thumbnail(self, picture: FoundPicture) -> QImage | None:
        """The small picture; None = coming (``thumbnail_ready`` tells), or not to be had."""
        url = picture.thumbnail_url
        image = self._small.get(url)
        if image is None and url not in self._asked and url not in self._missing:
            self._asked.add(url)
            if not self._wanted.is_set():
                self._wanted = _begun()
            self._read(picture, self._wanted)
        return image

    def is_missing(self, picture: FoundPicture) -> bool:
        """Whether the small picture could not be read."""
        return picture.thumbnail_url in self._missing

    def fetch(self, picture: FoundPicture, folder: Path) -> None:
        """Brings a whole picture to ``folder``; ends with ``fetched`` or ``fetch_failed``.

        An older request is given up.
        """
        self.cancel_fetch()
        wanted = self._fetching = _begun()

        def done(path: Path) -> None:
            if wanted.is_set():
                wanted.clear()
                self.fetched.emit(picture, path)

        def failed(error: Exception) -> None:
            if wanted.is_set():
                wanted.clear()
                self.fetch_failed.emit(picture, _sentence(error))

        self._fetcher.submit(lambda: self._sources.fetch(picture, folder, _not(wanted)), done, failed)

    @property
    def is_fetching(self) -> bool:
        """Whether a whole picture is on its way."""
        return self._fetching.is_set()

    def cancel_search(self) -> None:
        """Gives up the search and the small pictures under way; those that are here stay."""
        self._wanted.clear()
        self._asked.clear()
        self._missing.clear()

    def cancel_fetch(self) -> None:
        """Gives up the whole picture that is on its way."""
        self._fetching.clear()

    def shutdown(self) -> bool:
        """Gives everything up and ends the threads; returns whether all have ended. Nothing is emitted any more."""
        self.cancel_search()
        self.cancel_fetch()
        ended = [worker.close() for worker in (self._searcher, self._fetcher, *self._lanes)]
        return all(ended)

    def _read(self, picture: FoundPicture, wanted: threading.Event) -> None:
        url = picture.thumbnail_url

        def done(image: QImage) -> None:
            self._small.put(url, image)
            if wanted.is_set():
                self._asked.discard(url)
                self.thumbnail_ready.emit(picture)

        def failed(error: Exception) -> None:
            if wanted.is_set():
                self._asked.discard(url)
                self._missing.add(url)
                self.thumbnail_ready.emit(picture)

        lane = self._lanes[self._next_lane]
        self._next_lane = (self._next_lane + 1) % len(self._lanes)
        lane.submit(lambda: _small(self._sources, picture, _not(wanted)), done, failed)


def _begun() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


def _not(wanted: threading.Event) -> Cancelled:
    return lambda: not wanted.is_set()


def _small(sources: PictureSources, picture: FoundPicture, cancelled: Cancelled) -> QImage:
    if cancelled():
        raise Stopped("The search was stopped.")
    image = sources.thumbnail(picture, cancelled)
    image.thumbnail((_MOST_SIDE, _MOST_SIDE))
    width, height = image.size
    return QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _sentence(error: Exception) -> str:
    if isinstance(error, StudioError):
        return str(error)
    return translate("PictureSearch", "Something went wrong with the pictures: use a picture of your own.")
