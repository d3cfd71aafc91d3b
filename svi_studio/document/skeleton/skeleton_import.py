"""Brings dances into a film: told apart by what they hold, read or searched for, kept in its media and laid."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from svi_studio.document.commands.tracks import TrackCommands
from svi_studio.document.skeleton.changes import SkeletonChanges
from svi_studio.document.skeleton.dance_search import DanceSearch
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.keeping import keep_skeleton
from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton


class SkeletonImport(QObject):
    """``busy`` says what goes on, empty when nothing. ``laid``: the place of a new piece. ``search_wanted`` brings a
    DanceSearch of a video in which somebody has to be chosen; ``searches_changed``: one began or ended.
    """

    busy = Signal(str)
    laid = Signal(int)
    search_wanted = Signal(object)
    searches_changed = Signal()

    def __init__(
        self, skeleton: FilmSkeleton, changes: SkeletonChanges, tracks: TrackCommands, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._skeleton, self._changes, self._tracks = skeleton, changes, tracks
        self._document = skeleton.document
        self._work = Background("skeleton import", self)
        self.searches: list[DanceSearch] = []
        self._sources: dict[str, Path] = {}

    def bring_in(self, path: Path, start: int | None = None) -> None:
        """A dance at ``path``: a video is searched, else it is read. ``start``: its film frame, None = a free one."""
        if self._document.read_only:
            self._document.refused.emit(self._document.read_only_reason)
            return

        def told(skeleton: "Skeleton | None") -> None:
            self.busy.emit("")
            if skeleton is None:
                self.search(path, start)
            else:
                self._keep(skeleton, path, start)

        self.busy.emit(self.tr("Reading the dance"))
        self._work.submit(lambda: _read_unless_video(path), told, self._failed)

    def search(self, video: Path, start: int | None = None, replaces: int | None = None) -> DanceSearch:
        """Begins to look for a dancer in ``video``; the new skeleton takes the place of the piece ``replaces``."""
        search = DanceSearch(video, start, replaces, self)
        self.searches.append(search)
        search.found.connect(lambda file: self._found(search, file))
        search.closed.connect(lambda: self._forget(search))
        self.searches_changed.emit()
        self.search_wanted.emit(search)
        search.begin()
        return search

    def search_again(self, index: int, video: Path | None = None) -> bool:
        """Looks for another dancer in the video of the piece at ``index``; returns whether that is still there."""
        pieces = self._skeleton.pieces
        if not 0 <= index < len(pieces):
            return False
        source = video or self._sources.get(pieces[index].file)
        if source is None or not source.is_file():
            return False
        self.search(source, pieces[index].start, index)
        return True

    def close(self) -> bool:
        """Ends all searches and the thread; returns whether they have ended."""
        ended = [search.close() for search in self.searches]
        self.searches.clear()
        return all([*ended, self._work.close()])

    def _found(self, search: DanceSearch, file: Path) -> None:
        replaces = search.replaces

        def read(skeleton: "Skeleton") -> None:
            if replaces is not None and replaces < len(self._skeleton.pieces):
                self._changes.replace(replaces, skeleton, self.tr("Another dancer"))
            else:
                self._keep(skeleton, search.video, search.start)
            self._forget(search)

        def failed(sentence: str) -> None:
            self._document.refused.emit(sentence)
            self._forget(search)

        self._skeleton.shelf.read(file, read, failed)

    def _forget(self, search: DanceSearch) -> None:
        if search in self.searches:
            self.searches.remove(search)
            search.close()
            search.deleteLater()
            self.searches_changed.emit()

    def _keep(self, skeleton: "Skeleton", source: Path, start: int | None) -> None:
        folder = self._document.folder
        named = skeleton if skeleton.origin.file else _named(skeleton, source.name)

        def keep() -> str:
            return keep_skeleton(folder, named)

        self._work.submit(keep, lambda file: self._lay(file, named, source, start), self._failed)

    def _lay(self, file: str, skeleton: "Skeleton", source: Path, start: int | None) -> None:
        self._sources[file] = source
        length = max(1, round(skeleton.num_frames * self._skeleton.shelf.fps / skeleton.fps))
        wanted = self._free_start(start, length)
        if self._tracks.lay(InputKind.SKELETON, Piece(file=file, start=wanted, length=length)):
            pieces = self._skeleton.pieces
            places = [k for k, piece in enumerate(pieces) if piece.file == file]
            self.laid.emit(min(places, key=lambda k: abs(pieces[k].start - wanted)))

    def _free_start(self, start: int | None, length: int) -> int:
        """Where a dance is wanted: as asked, else behind the last one that the film can still show."""
        if start is not None:
            return start
        pieces = self._skeleton.pieces
        return pieces[-1].stop if pieces and pieces[-1].stop < self._skeleton.playhead.time.frames else 0

    def _failed(self, error: Exception) -> None:
        self.busy.emit("")
        self._document.refused.emit(sentence_of(error))


def _named(skeleton: "Skeleton", name: str) -> "Skeleton":
    return skeleton.with_parts({}, origin=replace(skeleton.origin, file=name))


def _read_unless_video(path: Path) -> "Skeleton | None":
    """The skeleton in a file or folder; None for a video of a person. Raises StudioError."""
    from svi_studio.media.poses.opening import PoseKind, open_poses, pose_kind  # noqa: PLC0415 - late, with OpenCV

    return None if pose_kind(path) is PoseKind.VIDEO else open_poses(path)
