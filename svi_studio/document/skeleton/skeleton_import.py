"""Brings dances into a film: told apart by what they hold, read or searched for, kept in its media and laid."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from svi_studio.document.commands.tracks import TrackCommands
from svi_studio.document.skeleton.changes import SkeletonChanges
from svi_studio.document.skeleton.dance_search import DanceSearch
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.keeping import keep_skeleton
from svi_studio.document.skeleton.poses_choice import PosesChoice
from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.project.media.media_store import MediaStore

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton


MOST_LETTERS = 200
"""Of a file's name: what a piece keeps of it."""


class SkeletonImport(QObject):
    """``busy`` says what goes on, empty when nothing. ``laid``: the place of a new piece. ``search_wanted`` brings a
    DanceSearch of a video in which somebody has to be chosen; ``searches_changed``: one began, got on or ended.
    ``choice_wanted`` brings a PosesChoice: poses that do not say all; they are laid when it comes back in ``take``.

    ``sources`` says where the files of dances came from, as far as they came while the film is open, ``notes`` what
    there is to know of them, both by their path below the film's folder.
    """

    busy = Signal(str)
    laid = Signal(int)
    search_wanted = Signal(object)
    choice_wanted = Signal(object)
    searches_changed = Signal()

    def __init__(
        self, skeleton: FilmSkeleton, changes: SkeletonChanges, tracks: TrackCommands, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._skeleton, self._changes, self._tracks = skeleton, changes, tracks
        self._document = skeleton.document
        self._work = Background("skeleton import", self)
        self.searches: list[DanceSearch] = []
        self.sources: dict[str, Path] = {}
        self.notes: dict[str, str] = {}

    def bring_in(self, path: Path, start: int | None = None) -> None:
        """A dance at ``path``: a video is searched, else it is read. ``start``: its film frame, None = a free one."""
        if self._document.read_only:
            self._document.refused.emit(self._document.read_only_reason)
            return

        folder, fps = self._document.folder, self._skeleton.shelf.fps

        def told(brought: "_Brought | PosesChoice | None") -> None:
            self.busy.emit("")
            if brought is None:
                self.search(path, start)
            elif isinstance(brought, PosesChoice):
                self.choice_wanted.emit(replace(brought, start=start))
            else:
                self._lay(brought, path, start)

        self.busy.emit(self.tr("Reading the dance"))
        self._work.submit(lambda: _brought(path, folder, fps), told, self._failed)

    def take(self, choice: PosesChoice, fps: Fraction, person: int | None) -> None:
        """Lays the poses of ``choice`` at ``fps`` frames a second; ``person``: another one of its people."""
        folder, film_fps = self._document.folder, self._skeleton.shelf.fps
        self.busy.emit(self.tr("Reading the dance"))

        def told(brought: "_Brought") -> None:
            self.busy.emit("")
            self._lay(brought, choice.path, choice.start)

        self._work.submit(lambda: _kept(choice.read(fps, person), folder, film_fps), told, self._failed)

    def search(self, video: Path, start: int | None = None, replaces: Piece | None = None) -> DanceSearch:
        """Begins to look for a dancer in ``video``; the new skeleton takes the place of the piece ``replaces``."""
        search = DanceSearch(video, start, replaces, self)
        self.searches.append(search)
        search.found.connect(lambda skeleton: self._found(search, skeleton))
        search.closed.connect(lambda: self._forget(search))
        for signal in (search.changed, search.advanced):
            signal.connect(self.searches_changed)
        self.searches_changed.emit()
        self.search_wanted.emit(search)
        search.begin()
        return search

    def search_again(self, index: int, video: Path | None = None) -> bool:
        """Looks for another dancer in the video of the piece at ``index``; returns whether that is still there."""
        pieces = self._skeleton.pieces
        if not 0 <= index < len(pieces):
            return False
        piece = pieces[index]
        named = (source for source in self.sources.values() if source.name[:MOST_LETTERS] == piece.name)
        source = video or self.sources.get(piece.file) or next(named, None)  # a changed skeleton is another file
        if source is None or not source.is_file():
            return False
        self.search(source, piece.start, piece)
        return True

    def close(self) -> bool:
        """Ends all searches and the thread; returns whether they have ended."""
        ended = [search.close() for search in self.searches]
        self.searches.clear()
        return all([*ended, self._work.close()])

    def _found(self, search: DanceSearch, skeleton: "Skeleton") -> None:
        place = None if search.replaces is None else self._place_of(search.replaces)
        if place is not None:
            self._changes.replace(place, skeleton, self.tr("Another dancer"))
        else:
            self._keep(skeleton, search.video, search.start, search.note)
        self._forget(search)

    def _place_of(self, piece: Piece) -> int | None:
        """Where that piece lies now; the film was edited while the search went on, and others may have come before."""
        pieces = self._skeleton.pieces
        same = [place for place, each in enumerate(pieces) if each.file == piece.file]
        return min(same, key=lambda place: abs(pieces[place].start - piece.start), default=None)

    def _forget(self, search: DanceSearch) -> None:
        if search in self.searches:
            self.searches.remove(search)
            search.close()
            search.deleteLater()
            self.searches_changed.emit()

    def _keep(self, skeleton: "Skeleton", source: Path, start: int | None, note: str) -> None:
        folder, fps = self._document.folder, self._skeleton.shelf.fps
        self._work.submit(
            lambda: _kept(skeleton, folder, fps), lambda brought: self._lay(brought, source, start, note), self._failed
        )

    def _lay(self, brought: "_Brought", source: Path, start: int | None, note: str = "") -> None:
        file, length = brought
        self.sources[file], self.notes[file] = source, note
        wanted = self._free_start(start)
        piece = Piece(file=file, start=wanted, length=length, name=source.name[:MOST_LETTERS])
        if self._tracks.lay(InputKind.SKELETON, piece):
            pieces = self._skeleton.pieces
            places = [k for k, each in enumerate(pieces) if each.file == file]
            self.laid.emit(min(places, key=lambda k: abs(pieces[k].start - wanted)))

    def _free_start(self, start: int | None) -> int:
        """Where a dance is wanted: as asked, else behind the last one that the film can still show."""
        if start is not None:
            return start
        pieces = self._skeleton.pieces
        return pieces[-1].stop if pieces and pieces[-1].stop < self._skeleton.playhead.time.frames else 0

    def _failed(self, error: Exception) -> None:
        self.busy.emit("")
        self._document.refused.emit(sentence_of(error))


class _Brought(NamedTuple):
    """A file below the film's folder, and how many film frames it lasts."""

    file: str
    length: int


def _brought(path: Path, folder: Path, fps: Fraction) -> _Brought | PosesChoice | None:
    """Copies a dance into the film in ``folder``; None for a video of a person, a choice for poses that lack facts.

    For a thread. Raises StudioError.
    """
    from svi_studio.media.poses.opening import PoseKind, open_poses, pose_kind  # noqa: PLC0415 - with numpy, OpenCV
    from svi_studio.media.poses.stills import look_at_video  # noqa: PLC0415 - as above

    kind = pose_kind(path)
    if kind is PoseKind.VIDEO:
        return None
    if kind is PoseKind.POSE_VIDEO:
        seconds = look_at_video(path).seconds
        return _Brought(MediaStore(folder).add(path, thread_stops), max(1, round(seconds * fps)))
    skeleton, assumed = open_poses(path)
    if assumed.has_choice or assumed.fps is not None:
        return PosesChoice(path, skeleton, assumed)
    return _kept(skeleton, folder, fps, path.name)


def _kept(skeleton: "Skeleton", folder: Path, fps: Fraction, name: str = "") -> _Brought:
    """Writes a skeleton into the film in ``folder``; it is called ``name`` where it says no name of its own."""
    named = skeleton
    if name and not skeleton.origin.file:
        named = skeleton.with_parts({}, origin=replace(skeleton.origin, file=name))
    return _Brought(keep_skeleton(folder, named), max(1, round(named.num_frames * fps / named.fps)))
