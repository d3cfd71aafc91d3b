"""Commands of the clipboard: clips, prompts and pictures go there and come from there."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from svi_studio.document.commands.clip_clipboard import CopiedClips, clips_in, files_in, prompts_in, to_mime
from svi_studio.document.commands.edits import Edits, counted
from svi_studio.document.commands.pictures import PictureCommands, with_new_ids
from svi_studio.domain.editing.copied_files import others_of, pictures_of, with_files
from svi_studio.domain.editing.edits import delete_clips, insert_clips, insert_prompts
from svi_studio.domain.film.storyboard import Clip
from svi_studio.domain.value import with_fields
from svi_studio.media.inside import resolve_inside
from svi_studio.pipes.sent_path import as_text, from_text
from svi_studio.project.film.project_file import PROJECT_JSON


class ClipboardCommands(QObject):
    """For the selected clips; what is pasted comes behind the last of them."""

    def __init__(self, edits: Edits, pictures: PictureCommands) -> None:
        super().__init__(edits)
        self._edits, self._document, self._selection, self._pictures = edits, edits.document, edits.selection, pictures

    def cut(self) -> bool:
        """Copies, then deletes."""
        self.copy()
        ids = self._selection.ids
        text = counted(self.tr("Cut clip"), self.tr("Cut {} clips"), len(ids))
        return self._edits.reorder(text, lambda board: delete_clips(board, ids))

    def copy(self) -> None:
        """Puts the selected clips on the clipboard, and their prompts as text."""
        chosen = [self._document.clip(clip_id) for clip_id in self._selection.ids]
        clips = tuple(clip for clip in chosen if clip is not None)
        if clips:
            QGuiApplication.clipboard().setMimeData(to_mime(clips, self._document.folder))

    def paste(self) -> None:
        """Puts the clips of the clipboard into the film.

        Of a text each line becomes a clip's prompt; pictures from a file manager become clips that start from them.
        """
        mime = _clipboard()
        copied = clips_in(mime)
        prompts = prompts_in(mime)
        gap = self._edits.gap_after_selection()
        if copied is not None:
            self._paste_clips(copied, gap)
        elif files := files_in(mime):
            self._pictures.insert(files, gap)
        elif prompts:
            self._edits.add(self._text(len(prompts)), lambda board: insert_prompts(board, gap, prompts))

    def _paste_clips(self, copied: CopiedClips, gap: int) -> None:
        if copied.folder == as_text(self._document.folder):
            self._insert_copies(copied.clips, gap)
            return
        clips = tuple(with_fields(clip, {"take": None}) for clip in copied.clips)
        pictures, others = pictures_of(clips), others_of(clips)
        sources = _sources(copied.folder, (*pictures, *others))
        if not (pictures or others) or not self._edits.may_edit():
            self._insert_copies(clips, gap)
        elif not sources:
            self._insert_copies(with_files(clips, {}), gap)
        else:
            self._pictures.files.bring_in_all(
                sources[: len(pictures)],
                sources[len(pictures) :],
                lambda names: self._insert_copies(
                    with_files(clips, dict(zip((*pictures, *others), names, strict=True))), gap
                ),
            )

    def _insert_copies(self, clips: Sequence[Clip], gap: int) -> bool:
        return self._edits.add(
            self._text(len(clips)),
            lambda board: insert_clips(board, min(gap, len(board.clips)), with_new_ids(board, clips)),
        )

    def _text(self, count: int) -> str:
        return counted(self.tr("Paste clip"), self.tr("Paste {} clips"), count)


def _clipboard() -> QMimeData:
    """The data on the clipboard, also when it is empty."""
    mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return QMimeData() if mime is None else mime


def _sources(folder: str, files: Sequence[str]) -> list[Path]:
    """The paths of files of another film; none when that folder is no film's. Never asks another machine."""
    try:
        root = from_text(folder)
    except ValueError:
        return []
    if str(root).startswith(("\\\\", "//")) or not root.is_absolute() or not (root / PROJECT_JSON).is_file():
        return []
    return [resolve_inside(root, file) for file in files]
