"""Commands for takes: choose, rate, delete, and go on from one of their frames."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from svi_studio.document.commands.edits import Edits
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.domain.editing.continuation import continue_from_end, continue_from_frame
from svi_studio.domain.editing.edits import insert_clips
from svi_studio.domain.editing.take_edits import choose_take, release_takes
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO


class TakeCommands(QObject):
    """Ratings and deleted takes are no steps of undo: they change no storyboard."""

    continued = Signal()
    """A new clip, selected now, goes on from a frame: it wants its words."""

    def __init__(self, edits: Edits, pictures: PictureImport) -> None:
        super().__init__(edits)
        self._edits, self._document, self._selection = edits, edits.document, edits.selection
        self._takes, self._states, self._pictures = edits.takes, edits.states, pictures

    def previous(self) -> bool:
        """Lets the current clip keep the next newer of its takes."""
        return self._step(-1)

    def next(self) -> bool:
        """Lets the current clip keep the next older of its takes; the newest when it has none for its settings."""
        return self._step(1)

    def choose(self, take_hash: str, clip_id: str | None = None) -> bool:
        """Lets the clip (None = the current one) keep this take, with the prompt and settings that made it."""
        clip_id = clip_id or self._selection.current
        take = self._takes.get(take_hash)
        if clip_id is None or take is None:
            return False
        now = self._states.job(clip_id)
        return self._edits.edit(self.tr("Choose take"), lambda board: choose_take(board, clip_id, take, now, self._has))

    def release(self) -> bool:
        """Lets the selected clips go from the takes that they keep: their settings decide again."""
        ids = self._selection.ids
        return self._edits.edit(self.tr("Follow the settings"), lambda board: release_takes(board, ids))

    def rate(self, stars: int) -> None:
        """Gives the takes that the selected clips show 1 to 5 stars, or 0 for none."""
        for clip_id in self._selection.ids:
            take = self._states.state(clip_id).take_hash
            if take is not None and self._edits.may_edit():
                self._takes.rate(take, stars)

    def delete(self, hashes: Sequence[str]) -> bool:
        """Removes takes from the disk for good; refused while a locked clip shows one of them."""
        if not self._edits.may_edit():
            return False
        doomed = set(hashes)
        shown = [self._states.state(clip.id).take_hash for clip in self._document.storyboard.clips]
        for place, clip in enumerate(self._document.storyboard.clips):
            if clip.locked and shown[place] in doomed:
                words = self.tr("Clip {} is locked and shows this take: unlock the clip first.")
                self._document.refused.emit(words.format(place + 1))
                return False
        self._takes.delete(hashes, frozenset(filter(None, shown)))
        return True

    def continue_from_frame(self, take_hash: str, frame: int, clip_id: str | None = None) -> None:
        """The clip ends at the frame ``frame`` (from 0) of its take, and a new clip behind it goes on from there.

        ``clip_id`` None = the clip that shows the take. From the last frame the new clip simply follows; from another
        one it starts anew, with that frame as its picture. A clip that shows another take has this one from now on.
        """
        take = self._takes.get(take_hash)
        owner = clip_id or self._edits.showing(take_hash)
        if take is None or not self._edits.may_edit():
            return
        clip = self._document.clip(owner) if owner else None
        if clip is not None and clip.locked:
            words = self.tr("Clip {} is locked and cannot end earlier: unlock it first.")
            self._document.refused.emit(words.format((self._document.index(clip.id) or 0) + 1))
        elif clip is not None and frame >= take.num_frames - 1 and self._states.plan_hash(clip.id) == take_hash:
            self._go_on(lambda board: continue_from_end(board, clip.id))
        else:
            gap, owner = self._edits.gap_after_selection(), clip.id if clip else None
            video = self._takes.file(take_hash, LOSSLESS_VIDEO)
            self._pictures.bring_in_frame(
                video, frame, lambda image: self._continue_from(take, owner, frame, image, gap)
            )

    def _step(self, step: int) -> bool:
        clip_id = self._selection.current
        hashes = [take.take_hash for take in self._takes.of_clip(clip_id)] if clip_id else []
        shown = self._states.state(clip_id).current_take if clip_id else None
        place = hashes.index(shown) + step if shown in hashes else 0 if step > 0 else -1
        return 0 <= place < len(hashes) and self.choose(hashes[place], clip_id)

    def _continue_from(self, take: Take, owner: str | None, frame: int, image: str, gap: int) -> bool:
        shows = owner is not None and self._states.state(owner).take_hash == take.take_hash
        now = self._states.job(owner) if owner is not None else None

        def go_on(board: Storyboard) -> Storyboard:
            if owner is None or all(clip.id != owner for clip in board.clips):
                clip = Clip(id=next_clip_id(board), cut=True, image=image)
                return insert_clips(board, min(gap, len(board.clips)), (clip,))
            chosen = board if shows else choose_take(board, owner, take, now, self._has)
            return continue_from_frame(chosen, owner, frame, image)

        return self._go_on(go_on)

    def _has(self, file: str) -> bool:
        """Whether that file of the film is still there."""
        return (self._document.folder / file).is_file()

    def _go_on(self, change: Callable[[Storyboard], Storyboard]) -> bool:
        done = self._edits.add(self.tr("Continue from this frame"), change)
        if done:
            self.continued.emit()
        return done
