"""Commands for the pictures of clips and of the film; a picture counts as soon as it is copied into the film."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits, counted
from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.domain.editing.continuation import with_credits_of
from svi_studio.domain.editing.credit_edits import add_credit
from svi_studio.domain.editing.edit_check import index_of
from svi_studio.domain.editing.edits import change_clips, change_film, insert_clips
from svi_studio.domain.editing.framing_edits import frame_picture
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.domain.value import with_fields


class PictureCommands(QObject):
    """``files`` brings pictures into the film."""

    def __init__(self, edits: Edits, files: PictureImport) -> None:
        super().__init__(edits)
        self._edits, self.files = edits, files

    def set_image(self, clip_id: str, path: Path) -> None:
        """Gives one clip a picture of its own.

        In a family that looks at a picture only where a chain starts, the clip starts anew from it.
        """
        if self._edits.may_edit():
            text = self.tr("Set picture")
            self.files.bring_in([path], lambda names: self._use(text, clip_id, names[0]))

    def set_images(self, ids: Sequence[str], path: Path) -> None:
        """Gives each of these clips the same picture, as far as they are still there when it is copied."""

        def use(names: tuple[str, ...]) -> None:
            left = [clip_id for clip_id in ids if self._edits.document.index(clip_id) is not None]
            self._edits.edit(self.tr("Set picture"), lambda board: change_clips(board, left, image=names[0]))

        if self._edits.may_edit():
            self.files.bring_in([path], use)

    def clear_image(self) -> bool:
        """Takes the own picture off the selected clips."""
        ids = self._edits.selection.ids
        return self._edits.edit(self.tr("Remove picture"), lambda board: change_clips(board, ids, image=None))

    def set_reference(self, picture: Path | StoryPicture) -> None:
        """Another picture for the film to start from; the film credits who made it."""
        if not self._edits.may_edit():
            return
        path, credit = (picture, None) if isinstance(picture, Path) else (picture.path, picture.credit)

        def use(names: tuple[str, ...]) -> None:
            def change(board: Storyboard) -> Storyboard:
                changed = change_film(board, reference_image=names[0])
                return changed if credit is None else add_credit(changed, with_fields(credit, {"picture": names[0]}))

            self._edits.edit(self.tr("Set the start picture"), change)

        self.files.bring_in([path], use)

    def remove_reference(self) -> bool:
        """Removes the picture that the film starts from."""
        text = self.tr("Remove the start picture")
        return self._edits.edit(text, lambda board: change_film(board, reference_image=None))

    def frame(self, framing: Framing) -> bool:
        """Another part of a picture is filmed."""
        return self._edits.edit(self.tr("Frame the picture"), lambda board: frame_picture(board, framing))

    def insert(self, paths: Sequence[Path], gap: int) -> None:
        """Inserts new clips in the gap ``gap``, one a picture, each of which starts a new chain from it."""
        if self._edits.may_edit():
            self.files.bring_in(paths, lambda names: self._insert(names, gap))

    def use_frame_as_anchor(self, take_hash: str, frame: int, clip_id: str | None = None) -> None:
        """Makes the frame ``frame`` (from 0) of a take the picture of the clip (None = the current one)."""
        clip_id = clip_id or self._edits.selection.current
        if clip_id is None or not self._edits.may_edit():
            return
        text, source = self.tr("Use frame as anchor"), self._edits.showing(take_hash)
        self.files.bring_in_frame(
            self._edits.takes.file(take_hash, LOSSLESS_VIDEO),
            frame,
            lambda image: self._use(text, clip_id, image, source),
        )

    def _use(self, text: str, clip_id: str, image: str, source: str | None = None) -> bool:
        """``source``: the clip whose take the picture is a frame of, so that it has the credits of that clip."""

        def change(board: Storyboard) -> Storyboard:
            has_effect = board.uses_anchor or board.starts_chain(index_of(board, clip_id))
            if source is not None and any(clip.id == source for clip in board.clips):
                board = with_credits_of(board, index_of(board, source), image)
            return change_clips(board, [clip_id], image=image, **({} if has_effect else {"cut": True}))

        return self._edits.edit(text, change)

    def _insert(self, images: Sequence[str], gap: int) -> bool:
        text = counted(self.tr("Insert picture"), self.tr("Insert {} pictures"), len(images))

        def insert(board: Storyboard) -> Storyboard:
            clips = [Clip(id="x", cut=True, image=image) for image in images]
            return insert_clips(board, min(gap, len(board.clips)), with_new_ids(board, clips))

        return self._edits.add(text, insert)


def with_new_ids(board: Storyboard, clips: Sequence[Clip]) -> list[Clip]:
    """The clips, unlocked, with ids that the film has not yet."""
    first = int(next_clip_id(board)[1:])
    return [with_fields(clip, {"id": f"c{first + k}", "locked": False}) for k, clip in enumerate(clips)]
