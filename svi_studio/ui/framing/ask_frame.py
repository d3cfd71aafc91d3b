"""Lets the user frame one of the film's pictures, as one step of undo."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from svi_studio.document.film_document import FilmDocument
from svi_studio.domain.errors import StudioError
from svi_studio.domain.framing import Framing
from svi_studio.domain.framing_edits import frame_picture
from svi_studio.domain.picture_look import PictureLook, Size
from svi_studio.ui.framing.frame_dialog import FrameDialog
from svi_studio.ui.inspector.media_import import MediaImport
from svi_studio.ui.inspector.picture_preview import PicturePreview


def ask_frame(document: FilmDocument, media: MediaImport, picture: str, film: Size, parent: QWidget) -> FrameDialog:
    """Open the dialog over ``parent`` for the picture at that path of the storyboard; ``media`` reads it."""
    framing = document.storyboard.framing(picture)
    dialog = FrameDialog(framing, film, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.framed.connect(lambda chosen: _frame(document, chosen))
    try:
        path = document.file(picture)
    except StudioError as error:
        dialog.show_problem(str(error))
    else:
        whole = PictureLook(colours=framing.colours)
        media.preview(path, whole, lambda found: _shown(dialog, found), lambda words: _told(dialog, words))
    dialog.open()
    return dialog


def _shown(dialog: FrameDialog, found: PicturePreview) -> None:
    if not dialog.is_over:
        dialog.show_picture(found.image, found.picture)


def _told(dialog: FrameDialog, words: str) -> None:
    if not dialog.is_over:
        dialog.show_problem(words)


def _frame(document: FilmDocument, framing: Framing) -> None:
    words = QCoreApplication.translate("FrameDialog", "Frame the picture")
    document.edit(words, lambda board: frame_picture(board, framing))
