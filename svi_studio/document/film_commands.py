"""All commands of an open film: those for clips, and here those for takes, frames, forks and markers."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal

from svi_studio.document.story_commands import StoryCommands
from svi_studio.domain.continuation import continue_from_end, continue_from_frame
from svi_studio.domain.edits import insert_clips
from svi_studio.domain.fork import fork_chain
from svi_studio.domain.marker_edits import add_marker, move_marker, remove_marker, rename_marker
from svi_studio.domain.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.take import Take
from svi_studio.domain.take_edits import choose_take, release_takes
from svi_studio.domain.take_files import LOSSLESS_VIDEO


class FilmCommands(StoryCommands):
    """What menus and keys do to the film and the selection, each one step of undo with a plain name.

    Ratings and deleted takes are no steps of undo: they change no storyboard.
    """

    continued = Signal()
    """A new clip, selected now, goes on from a frame: it wants its words."""

    def previous_take(self) -> bool:
        """The current clip is the next newer of its takes."""
        return self._step(-1)

    def next_take(self) -> bool:
        """The current clip is the next older of its takes; the newest when it has none for its settings."""
        return self._step(1)

    def choose_take(self, take_hash: str, clip_id: str | None = None) -> bool:
        """The clip (None = the current one) is this take from now on, with the words and settings that made it."""
        clip_id = clip_id or self.selection.current
        take = self.takes.get(take_hash)
        if clip_id is None or take is None:
            return False
        now = self.states.job(clip_id)
        return self.document.edit(self.tr("Choose take"), lambda board: choose_take(board, clip_id, take, now))

    def release_takes(self) -> bool:
        """The selected clips follow their settings again."""
        ids = self.selection.ids
        return self.document.edit(self.tr("Follow the settings"), lambda board: release_takes(board, ids))

    def rate(self, stars: int) -> None:
        """Give the takes that the selected clips show 1 to 5 stars, or 0 for none."""
        for clip_id in self.selection.ids:
            take = self.states.state(clip_id).take_hash
            if take is not None and self._may_edit():
                self.takes.rate(take, stars)

    def delete_takes(self, hashes: Sequence[str]) -> bool:
        """Remove takes from the disk for good; refused while a locked clip shows one of them."""
        if not self._may_edit():
            return False
        doomed = set(hashes)
        shown = [self.states.state(clip.id).take_hash for clip in self.document.storyboard.clips]
        for place, clip in enumerate(self.document.storyboard.clips):
            if clip.locked and shown[place] in doomed:
                words = self.tr("Clip {} is locked and shows this take: unlock the clip first.")
                self.document.refused.emit(words.format(place + 1))
                return False
        self.takes.delete(hashes, frozenset(filter(None, shown)))
        return True

    def fork(self, clip_id: str | None = None) -> bool:
        """What if: a copy of the chain from the clip (None = the current one) on, behind the chain, to try things on.

        The copies start out with the same takes, so nothing is rendered until one of them is edited. When the clip goes
        on from another one, that one stands once more before the copies, locked, so that the motion goes on exactly.
        """
        clip_id = clip_id or self.selection.current
        if clip_id is None:
            return False
        ids = [clip.id for clip in self.document.storyboard.clips]
        takes = self._present_takes(ids[: (self.document.index(clip_id) or 0)][-1:])
        done = self._add(self.tr("What if"), lambda board: fork_chain(board, clip_id, takes))
        if done and len(self.selection.ids) > 1:
            added = self.selection.ids
            self.selection.select(added[1:] if self._is_locked(added[0]) else added, None)
        return done

    def continue_from_frame(self, take_hash: str, frame: int, clip_id: str | None = None) -> None:
        """The clip ends at the frame ``frame`` (from 0) of its take, and a new clip behind it goes on from there.

        ``clip_id`` None = the clip that shows the take. From the last frame the new clip simply follows; from another
        one it starts anew, with that frame as its picture. A clip that shows another take has this one from now on.
        """
        take = self.takes.get(take_hash)
        owner = clip_id or self._showing(take_hash)
        if take is None or not self._may_edit():
            return
        clip = self.document.clip(owner) if owner else None
        if clip is not None and clip.locked:
            words = self.tr("Clip {} is locked and cannot end earlier: unlock it first.")
            self.document.refused.emit(words.format((self.document.index(clip.id) or 0) + 1))
        elif clip is not None and frame >= take.num_frames - 1 and self.states.plan_hash(clip.id) == take_hash:
            self._go_on(lambda board: continue_from_end(board, clip.id))
        else:
            gap, owner = self._gap_after(self.selection.ids), clip.id if clip else None
            video = self.takes.file(take_hash, LOSSLESS_VIDEO)
            self.pictures.bring_in_frame(
                video, frame, lambda image: self._continue_from(take, owner, frame, image, gap)
            )

    def untrim(self) -> bool:
        """The selected clips are shown to their end again."""
        return self.change(self.tr("Show the whole clip"), end=None)

    def use_frame_as_anchor(self, take_hash: str, frame: int, clip_id: str | None = None) -> None:
        """The clip (None = the current one) has the frame ``frame`` (from 0) of a take as its picture."""
        clip_id = clip_id or self.selection.current
        if clip_id is None or not self._may_edit():
            return
        text, source = self.tr("Use frame as anchor"), self._showing(take_hash)
        self.pictures.bring_in_frame(
            self.takes.file(take_hash, LOSSLESS_VIDEO),
            frame,
            lambda image: self._use_image(text, clip_id, image, source),
        )

    def add_marker(self, frame: int | None = None, label: str = "") -> bool:
        """A marker at a film frame, None = at the playhead."""
        place = self.playhead.frame if frame is None else frame
        return self.document.edit(self.tr("Add marker"), lambda board: add_marker(board, place, label))

    def move_marker(self, index: int, frame: int) -> bool:
        """The marker ``index`` (from 0) goes to another film frame."""
        return self.document.edit(self.tr("Move marker"), lambda board: move_marker(board, index, frame))

    def rename_marker(self, index: int, label: str) -> bool:
        """The marker ``index`` (from 0) has another name."""
        return self.document.edit(self.tr("Rename marker"), lambda board: rename_marker(board, index, label))

    def remove_marker(self, index: int) -> bool:
        """Take the marker ``index`` (from 0) away."""
        return self.document.edit(self.tr("Remove marker"), lambda board: remove_marker(board, index))

    def marker_at(self, frame: int | None = None) -> int | None:
        """Index of the last marker at or before a film frame, None = the playhead's; None when there is none.

        Markers behind the end, where clips were taken out, count as at the last frame: nobody could get at them else.
        """
        place, end = self.playhead.frame if frame is None else frame, self.playhead.last_frame
        before = [k for k, marker in enumerate(self.document.storyboard.markers) if min(marker.frame, end) <= place]
        return before[-1] if before else None

    def _step(self, step: int) -> bool:
        clip_id = self.selection.current
        hashes = [take.take_hash for take in self.takes.of_clip(clip_id)] if clip_id else []
        shown = self.states.state(clip_id).current_take if clip_id else None
        place = hashes.index(shown) + step if shown in hashes else 0 if step > 0 else -1
        return 0 <= place < len(hashes) and self.choose_take(hashes[place], clip_id)

    def _continue_from(self, take: Take, owner: str | None, frame: int, image: str, gap: int) -> bool:
        shows = owner is not None and self.states.state(owner).take_hash == take.take_hash
        now = self.states.job(owner) if owner is not None else None

        def go_on(board: Storyboard) -> Storyboard:
            if owner is None or all(clip.id != owner for clip in board.clips):
                clip = Clip(id=next_clip_id(board), cut=True, image=image)
                return insert_clips(board, min(gap, len(board.clips)), (clip,))
            return continue_from_frame(board if shows else choose_take(board, owner, take, now), owner, frame, image)

        return self._go_on(go_on)

    def _go_on(self, change: Callable[[Storyboard], Storyboard]) -> bool:
        done = self._add(self.tr("Continue from this frame"), change)
        if done:
            self.continued.emit()
        return done

    def _showing(self, take_hash: str) -> str | None:
        """The clip that shows the take: the current one when it does, else the first."""
        ids = [self.selection.current, *(clip.id for clip in self.document.storyboard.clips)]
        return next((k for k in ids if k is not None and self.states.state(k).take_hash == take_hash), None)

    def _is_locked(self, clip_id: str) -> bool:
        clip = self.document.clip(clip_id)
        return clip is not None and clip.locked
