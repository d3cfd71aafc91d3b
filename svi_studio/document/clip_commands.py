"""Commands for clips: insert, delete, move, copy, lock, cut, re-roll, pictures."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from svi_studio.document.clip_clipboard import CopiedClips, clips_in, files_in, prompts_in, to_mime
from svi_studio.document.command_base import CommandBase
from svi_studio.domain.continuation import with_credits_of
from svi_studio.domain.edit_check import index_of
from svi_studio.domain.edits import (
    change_clips,
    change_film,
    delete_clips,
    duplicate_clips,
    insert_clips,
    insert_prompts,
    move_clips,
)
from svi_studio.domain.reseed import reseed_clips
from svi_studio.domain.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.take_edits import lock_clips
from svi_studio.domain.value import with_fields
from svi_studio.media.inside import resolve_inside
from svi_studio.project.project_file import PROJECT_JSON

_MAX_ROLL = 2**31


class ClipCommands(CommandBase):
    """Each command is one step of undo, for the selected clips unless it names others."""

    def insert_before(self) -> bool:
        """An empty clip before the first selected one, or at the start."""
        places = [place for clip_id in self.selection.ids if (place := self.document.index(clip_id)) is not None]
        return self.insert_prompts([""], min(places, default=0))

    def insert_after(self) -> bool:
        """An empty clip behind the last selected one, or at the end."""
        return self.insert_prompts([""], self._gap_after(self.selection.ids))

    def insert_prompts(self, prompts: Sequence[str], gap: int) -> bool:
        """New clips, one a prompt, in the gap ``gap`` (0 = before the first clip)."""
        text = self._count(self.tr("Insert clip"), self.tr("Insert {} clips"), len(prompts))
        return self._add(text, lambda board: insert_prompts(board, gap, prompts))

    def duplicate(self) -> bool:
        """Copies of the selected clips, as a block behind the last of them."""
        ids = self.selection.ids
        text = self._count(self.tr("Duplicate clip"), self.tr("Duplicate {} clips"), len(ids))
        return self._add(text, lambda board: duplicate_clips(board, ids))

    def delete(self) -> bool:
        """Take the selected clips out of the film; their takes stay on the disk, so that undo brings all back."""
        return self._delete(self._count(self.tr("Delete clip"), self.tr("Delete {} clips"), len(self.selection.ids)))

    def cut(self) -> bool:
        """Copy, then delete."""
        self.copy()
        return self._delete(self._count(self.tr("Cut clip"), self.tr("Cut {} clips"), len(self.selection.ids)))

    def copy(self) -> None:
        """Put the selected clips on the clipboard, and their prompts as text."""
        chosen = [self.document.clip(clip_id) for clip_id in self.selection.ids]
        clips = tuple(clip for clip in chosen if clip is not None)
        if clips:
            QGuiApplication.clipboard().setMimeData(to_mime(clips, self.document.folder))

    def paste(self) -> None:
        """Put the clips of the clipboard behind the selected ones.

        Of a text each line becomes a clip's prompt; pictures from a file manager become clips that start from them.
        """
        mime = _clipboard()
        copied = clips_in(mime)
        prompts = prompts_in(mime)
        if copied is not None:
            self._paste_clips(copied, self._gap_after(self.selection.ids))
        elif files := files_in(mime):
            self.insert_pictures(files, self._gap_after(self.selection.ids))
        elif prompts:
            text = self._count(self.tr("Paste clip"), self.tr("Paste {} clips"), len(prompts))
            gap = self._gap_after(self.selection.ids)
            self._add(text, lambda board: insert_prompts(board, gap, prompts))

    def move(self, ids: Sequence[str], gap: int) -> bool:
        """These clips, as one block, go to the gap ``gap`` of the present order."""
        text = self._count(self.tr("Move clip"), self.tr("Move {} clips"), len(ids))
        return self._reorder(text, lambda board: move_clips(board, ids, gap))

    def copy_to(self, ids: Sequence[str], gap: int) -> bool:
        """Copies of these clips, as one block, come into the gap ``gap`` of the present order."""
        text = self._count(self.tr("Duplicate clip"), self.tr("Duplicate {} clips"), len(ids))
        return self._add(text, lambda board: _copied_to(board, ids, gap))

    def move_left(self) -> bool:
        """The selected clips go one place towards the start."""
        places = self._places()
        return bool(places) and places[0] > 0 and self.move(self.selection.ids, places[0] - 1)

    def move_right(self) -> bool:
        """The selected clips go one place towards the end."""
        places = self._places()
        last = len(self.document.storyboard.clips) - 1
        return bool(places) and places[-1] < last and self.move(self.selection.ids, places[-1] + 2)

    def change(self, text: str, merge: str | None = None, **changes: Any) -> bool:
        """Other fields for the selected clips."""
        ids = self.selection.ids
        return self.document.edit(text, lambda board: change_clips(board, ids, **changes), merge)

    def toggle_cut(self) -> bool:
        """The selected clips start anew from a picture, or follow the clips before them when all start anew already."""
        cut = not all(clip.cut for clip in self._clips())
        return self.change(self.tr("Start fresh here") if cut else self.tr("Follow on from the clip before"), cut=cut)

    def toggle_lock(self) -> bool:
        """Lock the selected clips with the takes they have; unlock them when all are locked."""
        ids = self.selection.ids
        locked = not all(clip.locked for clip in self._clips())
        one, many = (self.tr("Lock clip"), self.tr("Lock {} clips"))
        if not locked:
            one, many = (self.tr("Unlock clip"), self.tr("Unlock {} clips"))
        takes = self._present_takes(ids)
        return self.document.edit(self._count(one, many, len(ids)), lambda board: lock_clips(board, ids, locked, takes))

    def reroll(self) -> bool:
        """Another seed for each selected clip."""
        ids = self.selection.ids
        seeds = dict(zip(ids, random.sample(range(_MAX_ROLL), len(ids)), strict=True))
        text = self._count(self.tr("Re-roll seed"), self.tr("Re-roll {} seeds"), len(ids))
        return self.document.edit(text, lambda board: reseed_clips(board, seeds))

    def select_all(self) -> None:
        """Select every clip."""
        self.selection.select_all()

    def set_image(self, clip_id: str, path: Path) -> None:
        """Give one clip a picture of its own; done as soon as it is copied into the film.

        In a family that looks at a picture only where a chain starts, the clip starts anew from it.
        """
        if self._may_edit():
            text = self.tr("Set picture")
            self.pictures.bring_in([path], lambda names: self._use_image(text, clip_id, names[0]))

    def clear_image(self) -> bool:
        """The selected clips have no picture of their own any more."""
        return self.change(self.tr("Remove picture"), image=None)

    def set_reference(self, path: Path) -> None:
        """Another picture for the film to start from."""
        if self._may_edit():
            text = self.tr("Set the start picture")
            self.pictures.bring_in(
                [path],
                lambda names: self.document.edit(text, lambda board: change_film(board, reference_image=names[0])),
            )

    def remove_reference(self) -> bool:
        """The film has no picture to start from any more."""
        text = self.tr("Remove the start picture")
        return self.document.edit(text, lambda board: change_film(board, reference_image=None))

    def insert_pictures(self, paths: Sequence[Path], gap: int) -> None:
        """New clips, one a picture, each of which starts anew from it, in the gap ``gap``."""
        if self._may_edit():
            self.pictures.bring_in(paths, lambda names: self._insert_with_images(names, gap))

    def _use_image(self, text: str, clip_id: str, image: str, source: str | None = None) -> bool:
        """``source``: the clip whose take the picture is a frame of, so that it has the credits of that clip."""

        def change(board: Storyboard) -> Storyboard:
            has_effect = board.uses_anchor or board.starts_chain(index_of(board, clip_id))
            if source is not None and any(clip.id == source for clip in board.clips):
                board = with_credits_of(board, index_of(board, source), image)
            return change_clips(board, [clip_id], image=image, **({} if has_effect else {"cut": True}))

        return self.document.edit(text, change)

    def _insert_with_images(self, images: Sequence[str], gap: int) -> bool:
        text = self._count(self.tr("Insert picture"), self.tr("Insert {} pictures"), len(images))

        def insert(board: Storyboard) -> Storyboard:
            clips = [Clip(id="x", cut=True, image=image) for image in images]
            return insert_clips(board, min(gap, len(board.clips)), _with_new_ids(board, clips))

        return self._add(text, insert)

    def _delete(self, text: str) -> bool:
        ids = self.selection.ids
        return self._reorder(text, lambda board: delete_clips(board, ids))

    def _paste_clips(self, copied: CopiedClips, gap: int) -> None:
        if copied.folder == str(self.document.folder):
            self._insert_copies(copied.clips, gap)
            return
        clips = tuple(with_fields(clip, {"take": None}) for clip in copied.clips)
        images = list(dict.fromkeys(clip.image for clip in clips if clip.image is not None))
        sources = _sources(copied.folder, images)
        if not images or not self._may_edit():
            self._insert_copies(clips, gap)
        elif len(sources) < len(images):
            self._insert_copies(_with_images(clips, {}), gap)
        else:
            self.pictures.bring_in(
                sources,
                lambda names: self._insert_copies(_with_images(clips, dict(zip(images, names, strict=True))), gap),
            )

    def _insert_copies(self, clips: Sequence[Clip], gap: int) -> bool:
        text = self._count(self.tr("Paste clip"), self.tr("Paste {} clips"), len(clips))
        return self._add(
            text, lambda board: insert_clips(board, min(gap, len(board.clips)), _with_new_ids(board, clips))
        )

    def _clips(self) -> list[Clip]:
        found = (self.document.clip(clip_id) for clip_id in self.selection.ids)
        return [clip for clip in found if clip is not None]

    def _places(self) -> list[int]:
        found = (self.document.index(clip_id) for clip_id in self.selection.ids)
        return [place for place in found if place is not None]

    def _present_takes(self, ids: Sequence[str]) -> dict[str, str]:
        """The takes in final quality that these clips have now."""
        hashes = {clip_id: self.states.plan_hash(clip_id) for clip_id in ids}
        return {clip_id: take for clip_id, take in hashes.items() if take is not None and self.takes.has(take)}

    def _may_edit(self) -> bool:
        if self.document.read_only:
            self.document.refused.emit(self.document.read_only_reason)
        return not self.document.read_only


def _copied_to(board: Storyboard, ids: Sequence[str], gap: int) -> Storyboard:
    """``duplicate_clips`` puts the copies behind the last one; from there they go to ``gap``."""
    before = {clip.id for clip in board.clips}
    copied = duplicate_clips(board, ids)
    new = [clip.id for clip in copied.clips if clip.id not in before]
    first = next(place for place, clip in enumerate(copied.clips) if clip.id in new)
    return move_clips(copied, new, gap if gap <= first else gap + len(new))


def _clipboard() -> QMimeData:
    """What the clipboard holds, also when that is nothing."""
    mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return QMimeData() if mime is None else mime


def _with_new_ids(board: Storyboard, clips: Sequence[Clip]) -> list[Clip]:
    first = int(next_clip_id(board)[1:])
    return [with_fields(clip, {"id": f"c{first + k}", "locked": False}) for k, clip in enumerate(clips)]


def _with_images(clips: Sequence[Clip], names: Mapping[str, str]) -> tuple[Clip, ...]:
    """The clips with other paths for their pictures; a picture without one is left out."""
    return tuple(with_fields(clip, {"image": names.get(clip.image or "")}) for clip in clips)


def _sources(folder: str, images: Sequence[str]) -> list[Path]:
    """Pictures of another film here; none when that folder is no film's. Never asks another machine."""
    root = Path(folder)
    if folder.startswith(("\\\\", "//")) or not root.is_absolute() or not (root / PROJECT_JSON).is_file():
        return []
    return [resolve_inside(root, image) for image in images]
