"""The open film: its storyboard, the only way to change it, and the steps that undo takes back."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from svi_studio.document.film.edit_command import EditCommand
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.save_state import SaveState
from svi_studio.media.inside import resolve_inside

UNDO_LIMIT = 500
MERGE_SECONDS = 1.5

Edit = Callable[[Storyboard], Storyboard]


class FilmDocument(QObject):
    """One open film in ``folder``. ``read_only_reason`` is the sentence that says why it cannot be edited, or empty.

    Signals: ``changed`` with a StoryboardChange after each edit, undo and redo, in order, also when a listener edits;
    ``refused`` with a sentence when an edit was not possible; ``save_state`` with a SaveState.
    """

    changed = Signal(object)
    refused = Signal(str)
    save_state = Signal(object)

    def __init__(
        self, folder: Path, storyboard: Storyboard, read_only_reason: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self.read_only_reason = read_only_reason
        self.last_save = SaveState()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.undo_stack.indexChanged.connect(self._publish)
        self._storyboard = storyboard
        self._published = storyboard
        self._publishing = False
        self._places: dict[str, int] | None = None
        self._merge: tuple[str, int] = ("", 0)
        self._merge_until = 0.0

    @property
    def storyboard(self) -> Storyboard:
        """The film as it is now."""
        return self._storyboard

    @property
    def read_only(self) -> bool:
        """Whether every edit is refused."""
        return bool(self.read_only_reason)

    def edit(self, text: str, change: Edit, merge: str | None = None) -> bool:
        """Replaces the storyboard by ``change(storyboard)``, as one step of undo that the menu calls ``text``.

        Steps with the same ``merge`` key become one, until ``end_merge`` or a pause of 1.5 seconds. Returns whether the
        storyboard is another one now; a StudioError is told by ``refused``. Call it in the GUI thread.
        """
        if self.read_only:
            self.refused.emit(self.read_only_reason)
            return False
        try:
            after = change(self._storyboard)
        except StudioError as error:
            self.refused.emit(str(error))
            return False
        if after == self._storyboard:
            return False
        self.undo_stack.push(EditCommand(text, (self._storyboard, after), self._show, self._merge_key(merge)))
        return True

    def amend(self, change: Edit) -> None:
        """Replaces the storyboard outside of undo: the same film, told in other numbers."""
        after = change(self._storyboard)
        if after is not self._storyboard:
            self._show(after)
            self._publish()

    def begin_from(self, before: Storyboard, text: str) -> None:
        """The film was ``before`` once, and undo can bring that back: a step called ``text`` led to what it is now."""
        if before != self._storyboard:
            self.undo_stack.push(EditCommand(text, (before, self._storyboard), self._show, None))

    def end_merge(self) -> None:
        """The next edit is a step of its own: the user left the field."""
        self._merge_until = 0.0

    def index(self, clip_id: str) -> int | None:
        """Place of the clip in the film, from 0; None when it is not there."""
        if self._places is None:
            self._places = {clip.id: place for place, clip in enumerate(self._storyboard.clips)}
        return self._places.get(clip_id)

    def clip(self, clip_id: str) -> Clip | None:
        """The clip ``clip_id`` as it is now; None when it is not there."""
        place = self.index(clip_id)
        return None if place is None else self._storyboard.clips[place]

    def file(self, relative: str) -> Path:
        """A file that the storyboard names. Raises BadProject when it would lie outside of the film's folder."""
        return resolve_inside(self.folder, relative)

    @Slot(object)
    def tell_save_state(self, state: SaveState) -> None:
        """Remembers the save state and emits it as ``save_state``."""
        self.last_save = state
        self.save_state.emit(state)

    def _merge_key(self, merge: str | None) -> tuple[str, int] | None:
        """The merge key with a number that grows whenever a new step must begin."""
        now = monotonic()
        key, number = self._merge
        if merge is None or merge != key or now > self._merge_until:
            number += 1
        self._merge = (merge or "", number)
        self._merge_until = now + MERGE_SECONDS
        return None if merge is None else self._merge

    def _show(self, storyboard: Storyboard) -> None:
        self._storyboard = storyboard
        self._places = None

    @Slot()
    def _publish(self) -> None:
        if self._publishing:
            return  # an edit made by a listener: the loop below tells it after this one
        self._publishing = True
        try:
            while self._published is not self._storyboard:
                change = StoryboardChange(self._published, self._storyboard)
                self._published = change.after
                self.changed.emit(change)
        finally:
            self._publishing = False
