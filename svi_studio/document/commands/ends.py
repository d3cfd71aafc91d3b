"""Commands for how clips begin and end: the picture that one ends on, its neighbours kept, a video to go on from."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.document.commands.edits import Edits
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.domain.editing.continuation import with_credits_of
from svi_studio.domain.editing.edit_check import index_of
from svi_studio.domain.editing.edits import change_clips
from svi_studio.domain.editing.neighbours import keep_neighbours, neighbours_of, neighbours_problem
from svi_studio.domain.editing.video_edits import go_on_from_video, insert_after_video
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO

_MAX_SEED = 2**31


class EndCommands(QObject):
    """A picture or a video counts as soon as it is copied into the film.

    ``between_neighbours`` brings the id of a clip that is to be made again between its neighbours, which stay.
    """

    between_neighbours = Signal(str)

    def __init__(self, edits: Edits, files: PictureImport) -> None:
        super().__init__(edits)
        self._edits, self._document, self._files = edits, edits.document, files

    def set_end(self, ids: Sequence[str], path: Path) -> None:
        """These clips end on a picture, as far as they are still there when it is copied."""
        if self._may_end():
            self._files.bring_in([path], lambda names: self._end_on(self.tr("Set the end picture"), ids, names[0]))

    def clear_end(self, ids: Sequence[str] | None = None) -> bool:
        """These clips (None = the selected ones) end as they will."""
        chosen = self._edits.selection.ids if ids is None else ids
        text = self.tr("Remove the end picture")
        return self._edits.edit(text, lambda board: change_clips(board, chosen, end_image=None))

    def end_on_frame(self, take_hash: str, frame: int, clip_id: str | None = None) -> None:
        """The clip (None = the current one) ends on the frame ``frame`` (from 0) of a take."""
        clip_id = clip_id or self._edits.selection.current
        if clip_id is None or not self._may_end():
            return
        text, source = self.tr("End on this frame"), self._edits.showing(take_hash)
        video = self._edits.takes.file(take_hash, LOSSLESS_VIDEO)
        self._files.bring_in_frame(video, frame, lambda image: self._end_on(text, [clip_id], image, source))

    def neighbours_problem(self, clip_id: str | None = None) -> str:
        """Why the clip (None = the current one) cannot be made again between its neighbours; empty when it can."""
        index = self._place(clip_id)
        if index is None:
            return self.tr("Select a clip first.")
        board = self._document.storyboard
        if problem := neighbours_problem(board, index):
            return problem
        places = (*neighbours_of(board, index), index)
        takes = self._edits.present_takes([board.clips[place].id for place in places])
        lost = [place for place in places if board.clips[place].id not in takes]
        words = self.tr("Clip {number} has no finished take yet: render it first.")
        return words.format(number=lost[0] + 1) if lost else ""

    def render_between(self, clip_id: str | None = None) -> None:
        """Makes the clip (None = the current one) again so that both of its neighbours stay as they are.

        It ends on the frame of the next clip's take that shows the moment at which it ends now, and the film goes over
        to that take behind that frame.
        """
        index = self._place(clip_id)
        if problem := self.neighbours_problem(clip_id):
            self._document.refused.emit(problem)
        if index is None or problem or not self._edits.may_edit():
            return
        board = self._document.storyboard
        clip, behind = board.clips[index], board.clips[index + 1]
        takes = self._edits.present_takes([board.clips[place].id for place in neighbours_of(board, index)])
        seed, frame = random.sample(range(_MAX_SEED), 1)[0], board.profile_to_show.known_frames - 1
        text = self.tr("Render again, keep the neighbours")

        def use(image: str) -> None:
            if self._edits.edit(text, lambda board: keep_neighbours(board, clip.id, takes, image, seed)):
                self.between_neighbours.emit(clip.id)

        self._files.bring_in_frame(self._edits.takes.file(takes[behind.id], LOSSLESS_VIDEO), frame, use)

    def go_on_from_video(self, path: Path, clip_id: str | None = None) -> None:
        """The clip (None = the first one, or a new one in an empty film) goes on from the end of a video."""
        clips = self._document.storyboard.clips
        clip_id = clip_id or (clips[0].id if clips else None)
        if clip_id is None:
            self.insert_after_video(path, 0)
            return
        text = self.tr("Go on from a video")
        self._bring_in_video(
            path,
            lambda video, picture: self._edits.edit(
                text, lambda board: go_on_from_video(board, clip_id, video, picture)
            ),
        )

    def insert_after_video(self, path: Path, gap: int) -> None:
        """Inserts a new clip in the gap ``gap`` that goes on from the end of a video."""
        text = self.tr("Go on from a video")
        self._bring_in_video(
            path,
            lambda video, picture: self._edits.add(
                text, lambda board: insert_after_video(board, min(gap, len(board.clips)), video, picture)
            ),
        )

    def clear_video(self, ids: Sequence[str] | None = None) -> bool:
        """These clips (None = the selected ones) start from their picture again."""
        chosen = self._edits.selection.ids if ids is None else ids
        text = self.tr("Do not go on from the video")
        return self._edits.edit(text, lambda board: change_clips(board, chosen, start_video=None))

    def _bring_in_video(self, path: Path, use: Callable[[str, str], object]) -> None:
        if self._edits.may_edit():
            count = self._document.storyboard.profile_to_show.num_video_frames
            self._files.bring_in_video(path, count, lambda names: use(*names))

    def _may_end(self) -> bool:
        """Whether the film can be edited, and its clips be told how they end; if not, that is told."""
        board = self._document.storyboard
        if not board.ends_on_pictures:
            self._document.refused.emit(self.cannot_end_words())
        return board.ends_on_pictures and self._edits.may_edit()

    def cannot_end_words(self) -> str:
        """That clips of the film's family cannot be told how they end."""
        family = self._document.storyboard.profile_to_show.title.partition(":")[0]
        words = self.tr("The family {family} cannot be told how a clip ends: choose another family for that.")
        return words.format(family=family)

    def _end_on(self, text: str, ids: Sequence[str], image: str, source: str | None = None) -> bool:
        """``source``: the clip whose take the picture is a frame of, so that it has the credits of that clip."""

        def change(board: Storyboard) -> Storyboard:
            left = [clip_id for clip_id in ids if any(clip.id == clip_id for clip in board.clips)]
            if source is not None and any(clip.id == source for clip in board.clips):
                board = with_credits_of(board, index_of(board, source), image)
            return change_clips(board, left, end_image=image)

        return self._edits.edit(text, change)

    def _place(self, clip_id: str | None) -> int | None:
        clip_id = clip_id or self._edits.selection.current
        return None if clip_id is None else self._document.index(clip_id)
