"""Brings sounds into the film: read and copied in the background, then laid under it as one step of undo."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.sound.sounds import Sounds
from svi_studio.domain.editing.track_edits import lay_piece, track_of
from svi_studio.domain.errors import Stopped, as_studio_error
from svi_studio.domain.film.sound_time import exact_rate, frames_of_sound
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.value import with_fields
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.project.media.media_store import MediaStore

if TYPE_CHECKING:
    from svi_studio.media.sounds.ready_sound import ReadySound


@dataclass(frozen=True, slots=True)
class ImportState:
    """``name``: the file that is read, empty when none is. ``share`` 0..1 of it, None while nobody knows its length."""

    name: str = ""
    share: float | None = None


@dataclass
class _Batch:
    """Files that come in together; ``at``: the film frame of the first, None = behind the sounds that are there."""

    paths: Sequence[Path]
    at: int | None
    then: Callable[[bool], object]
    cancelled: threading.Event = field(default_factory=threading.Event)
    found: list["_Found"] = field(default_factory=list)
    left: int = 0


class _Found(NamedTuple):
    """A sound in the film: its path there, what its file was called, and the sound itself."""

    file: str
    name: str
    sound: "ReadySound"


class SoundImport(QObject):
    """Files come in together, one after the other under the film; one that is no sound keeps no other from coming.

    ``state_changed`` carries an ImportState; ``refused`` a sentence about one file; ``laid`` the number of sounds that
    lie under the film now; ``noted`` what is to be known of one of them, or of its place, in sentences.
    """

    state_changed = Signal(object)
    refused = Signal(str)
    laid = Signal(int)
    noted = Signal(str)
    _told = Signal(str, float, object)

    def __init__(
        self, document: FilmDocument, playhead: Playhead, sounds: Sounds, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._playhead, self._sounds = document, playhead, sounds
        self._work = Background("sound import", self)
        self._batches: list[_Batch] = []
        self._told.connect(self._progressed)
        self.refused.connect(document.refused)

    @property
    def is_busy(self) -> bool:
        """Whether a sound is on its way into the film."""
        return bool(self._batches)

    def bring_in(
        self, paths: Sequence[Path], at: int | None = None, then: Callable[[bool], object] = lambda _laid: None
    ) -> None:
        """Lays the sounds of these files, or of these videos, under the film from the frame ``at`` on.

        None = behind the sounds that lie there already, or from the start; below 0 = the film begins within the sound.
        ``then`` hears at the end whether all of them lie there; not when the film is closed before.
        """
        if self._document.read_only:
            self._document.refused.emit(self._document.read_only_reason)
            then(False)
            return
        if not paths:
            return
        batch = _Batch(paths, at, then, left=len(paths))
        self._batches.append(batch)
        if len(self._batches) == 1:
            self.state_changed.emit(ImportState(paths[0].name))
        for path in paths:
            self._submit(batch, path)

    @Slot()
    def cancel(self) -> None:
        """Gives up all that is not laid yet."""
        for batch in self._batches:
            batch.cancelled.set()

    def close(self) -> bool:
        """Gives up, and ends the thread; returns whether it has ended."""
        self.cancel()
        ended = self._work.close()
        for batch in self._batches:
            _let_go(batch)
        self._batches.clear()
        return ended

    def _submit(self, batch: _Batch, path: Path) -> None:
        folder = self._document.folder

        def read() -> _Found:
            return _brought(folder, path, self._told.emit, lambda: batch.cancelled.is_set() or thread_stops())

        self._work.submit(read, lambda found: self._read(batch, found), lambda error: self._failed(batch, path, error))

    def _read(self, batch: _Batch, found: _Found) -> None:
        batch.found.append(found)
        self._count_down(batch)

    def _failed(self, batch: _Batch, path: Path, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("bringing in a sound failed", exc_info=error)
        if not isinstance(error, Stopped):
            words = self.tr("“{name}” could not be used as a sound: save it as WAV and try again.")
            self.refused.emit(str(told or words.format(name=path.name)))
        self._count_down(batch)

    def _count_down(self, batch: _Batch) -> None:
        batch.left -= 1
        if not batch.left:
            self._batches.remove(batch)
            batch.then(self._lay(batch) and len(batch.found) == len(batch.paths))
        if not self._batches:
            self.state_changed.emit(ImportState())

    def _lay(self, batch: _Batch) -> bool:
        if batch.cancelled.is_set() or not batch.found:
            _let_go(batch)
            return False
        rate, pieces = exact_rate(self._playhead.fps), []
        for file, name, sound in batch.found:
            pieces.append(Piece(file=file, start=0, length=frames_of_sound(sound.samples, rate), name=name))
            self._sounds.keep(file, sound)
        count = len(pieces)
        text = self.tr("Add sound") if count == 1 else self.tr("Add {} sounds").format(count)
        before = self._pieces()
        if not self._document.edit(text, lambda board: _with_sounds(board, pieces, batch.at)):
            return False
        self.laid.emit(count)
        notes = [(name, self._sounds.notes(file)) for file, name, _sound in batch.found]
        said = [self._place_words(batch, before), *(f"“{name}”: {words}" for name, words in notes if words)]
        if any(said):
            self.noted.emit(" ".join(filter(None, said)))
        return True

    def _place_words(self, batch: _Batch, before: Sequence[Piece]) -> str:
        """Where the first sound begins, in a sentence, when there was no room for it where it was to; else empty."""
        wanted, first = max(batch.at or 0, 0), batch.found[0]
        laid = (each for each in self._pieces() if each not in before and each.file == first.file)
        start = min((each.start for each in laid), default=wanted)
        if batch.at is None or start == wanted:
            return ""
        words = self.tr("There was no room for “{name}” at {wanted}, so it begins at {start}: move it, or undo.")
        fps = self._playhead.fps
        return words.format(name=first.name, wanted=timecode(wanted, fps), start=timecode(start, fps))

    def _pieces(self) -> tuple[Piece, ...]:
        return track_of(self._document.storyboard, InputKind.SOUND).pieces

    @Slot(str, float, object)
    def _progressed(self, name: str, done: float, of: float | None) -> None:
        if self._batches and not self._batches[0].cancelled.is_set():
            self.state_changed.emit(ImportState(name, min(done / of, 1.0) if of else None))


def _brought(
    folder: Path, path: Path, tell: Callable[[str, float, float | None], object], should_stop: Callable[[], bool]
) -> _Found:
    """The sound of ``path`` and its place in the film; read first, so that nothing is copied that is no sound."""
    from svi_studio.media.sounds.sound_store import ready_sound  # noqa: PLC0415 - most films are silent

    def told(done: float, of: float | None) -> None:
        tell(path.name, done, of)

    ready_sound(path, told, should_stop).close()
    file = MediaStore(folder).add(path, should_stop)
    return _Found(file, visible(path.stem)[:200], ready_sound(folder / file, None, should_stop))


def _with_sounds(board: Storyboard, pieces: Sequence[Piece], at: int | None) -> Storyboard:
    """The film with these pieces, one after the other from frame ``at`` on."""
    for piece in pieces:
        there = track_of(board, InputKind.SOUND).pieces
        if at is None:
            at = there[-1].stop if there else 0
        before = min(-at, piece.length - 1) if at < 0 else 0
        fields = {"start": max(at, 0), "offset": before, "length": piece.length - before}
        board = lay_piece(board, InputKind.SOUND, with_fields(piece, fields))
        at = next(each.stop for each in track_of(board, InputKind.SOUND).pieces if each not in there)
    return board


def _let_go(batch: _Batch) -> None:
    for found in batch.found:
        found.sound.close()
