"""Files that the film names and that are not there, and how they are found again."""

import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.film_files import named_files, named_pictures, named_pieces, relinked
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.media.images import look_at
from svi_studio.project.media.media_store import MediaStore
from svi_studio.project.media.relink import MissingFile, find_relink, missing_media


class MissingMedia(QObject):
    """``files`` lead nowhere (MissingFile values). They are looked up in a thread, also after edits that add files.

    Signals: ``changed`` when ``files`` did; ``found_again`` after a relink; ``refused`` with a sentence.
    """

    changed = Signal()
    found_again = Signal()
    refused = Signal(str)

    def __init__(self, document: FilmDocument, work: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files: tuple[MissingFile, ...] = ()
        self._document = document
        self._work = work
        self._closed = False
        self._known = {*named_files(document.storyboard)}
        document.changed.connect(self._edited)
        self.refused.connect(document.refused)

    def close(self) -> None:
        """Gives up a search that is under way."""
        self._closed = True

    def look(self) -> None:
        """Looks again which files are missing."""
        folder, board = self._document.folder, self._document.storyboard
        self._work.submit(lambda: missing_media(folder, board), self._looked, self._failed)

    def relink(self, name: str, path: Path) -> None:
        """The missing file ``name`` is ``path`` from now on: it is copied into the film."""
        self._bring_back({name: path})

    def relink_from(self, folder: Path) -> None:
        """Searches a folder for the missing files, by content and by name, and brings back all that are there."""
        files = self.files
        self._work.submit(lambda: find_relink(folder, files, lambda: self._closed), self._bring_back, self._failed)

    @property
    def names(self) -> tuple[str, ...]:
        """The relative paths of the missing files."""
        return tuple(file.path for file in self.files)

    def is_picture(self, name: str) -> bool:
        """Whether the film uses the file ``name`` as a picture."""
        return name in named_pictures(self._document.storyboard)

    def is_sound(self, name: str) -> bool:
        """Whether the file ``name`` lies under the film to be heard."""
        return name in named_pieces(self._document.storyboard, InputKind.SOUND)

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        if not (change.order or change.film or change.clip_ids):
            return
        files = {*named_files(change.after)}
        if files != self._known:
            self._known = files
            self.look()

    def _looked(self, files: tuple[MissingFile, ...]) -> None:
        if files != self.files:
            self.files = files
            self.changed.emit()

    def _bring_back(self, found: Mapping[str, Path]) -> None:
        if not found:
            self.refused.emit(self.tr("None of the missing files is in that folder: choose another one."))
            return
        folder, board = self._document.folder, self._document.storyboard
        self._work.submit(lambda: _copied(folder, found, board), self._copied, self._failed)

    def _copied(self, names: Mapping[str, str]) -> None:
        others = {old: new for old, new in names.items() if old != new}
        if others:
            self._document.edit(self.tr("Find missing files"), lambda board: relinked(board, others))
        self.look()
        self.found_again.emit()

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("looking for missing files failed", exc_info=error)
        self.refused.emit(str(told or self.tr("The missing files could not be looked for.")))


def _copied(folder: Path, found: Mapping[str, Path], board: Storyboard) -> dict[str, str]:
    """Copies the files into the film, once those that it reads in a while are known to be what they must be."""
    store, pictures, sounds = MediaStore(folder), named_pictures(board), named_pieces(board, InputKind.SOUND)
    for name, path in found.items():
        if name in pictures:
            look_at(path, thread_stops)
        if name in sounds:
            from svi_studio.media.sound import check_sound  # noqa: PLC0415 - numpy comes with the first sound

            check_sound(path)
    return {name: store.add(path, thread_stops) for name, path in found.items()}
