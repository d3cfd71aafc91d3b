"""The skeleton under each frame of the film, where the model sees it."""

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.skeleton.pose import Pose
from svi_studio.document.skeleton.shelf import Shelved, SkeletonShelf
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.poses.film_place import Size

_USUAL_SIZE = (832, 480)


class FilmSkeleton(QObject):
    """``changed``: another skeleton lies under the film, or more is known of it. ``close`` before it goes."""

    changed = Signal()

    def __init__(
        self, document: FilmDocument, playhead: Playhead, states: ClipStates, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.document, self.playhead, self._states = document, playhead, states
        self.shelf = SkeletonShelf(document, playhead, self)
        self.shelf.changed.connect(self._known)
        document.changed.connect(self._edited)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What lies under the film, in the order of time."""
        return track_of(self.document.storyboard, InputKind.SKELETON).pieces

    @property
    def is_needed(self) -> bool:
        """Whether the film's family follows a skeleton."""
        return InputKind.SKELETON in family_to_show(self.document.storyboard.family).needs

    @property
    def size(self) -> Size:
        """The film's (width, height) in pixels, that of a usual film while it is not known."""
        facts, board = self._states.facts, self.document.storyboard
        return (board.size or _USUAL_SIZE) if facts is None else facts.facts.size

    @property
    def has_own_world(self) -> bool:
        """Whether the film's model draws a small world of its own, whose people are no people."""
        facts = self._states.facts
        return facts is not None and facts.facts.card.world is not None

    def close(self) -> bool:
        """Ends its thread; returns whether it has ended."""
        return self.shelf.close()

    def piece_at(self, frame: int) -> int | None:
        """The place in its track of the piece under the film frame ``frame``; None where there is none."""
        return next((k for k, piece in enumerate(self.pieces) if piece.start <= frame < piece.stop), None)

    def pose_at(self, frame: int) -> Pose | None:
        """What the film frame ``frame`` follows; None where nothing lies, or nobody knows yet what."""
        index = self.piece_at(frame)
        if index is None:
            return None
        piece = self.pieces[index]
        return self.pose_in(piece, frame - piece.start)

    def pose_in(self, piece: Piece, frame: int) -> Pose | None:
        """What the frame ``frame`` of a piece shows; None past the end of its file, or while that is read."""
        found = self.shelf.find(piece.file)
        return None if found is None else found.pose(piece.shows(frame))

    def shelved(self, index: int) -> Shelved | None:
        """What is known of the file of the piece at ``index``."""
        return self.shelf.find(self.pieces[index].file) if 0 <= index < len(self.pieces) else None

    @Slot(str)
    def _known(self, file: str) -> None:
        if any(piece.file == file for piece in self.pieces):
            self.changed.emit()

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        before, after = (track_of(board, InputKind.SKELETON) for board in (change.before, change.after))
        if before != after or change.before.family != change.after.family:
            self.changed.emit()
