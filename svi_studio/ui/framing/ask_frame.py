"""Lets the user frame one of the film's pictures, as one step of undo."""

from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.picture_preview import PicturePreview
from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.ui.framing.frame_dialog import FrameDialog


def ask_frame(film: InspectedFilm, picture: str, parent: QWidget) -> None:
    """Opens the dialog over ``parent`` for the picture at that path of the storyboard, once the film's size
    is known.
    """
    if film.size is None:
        return
    framing = film.document.storyboard.framing(picture)
    dialog = FrameDialog(framing, film.size, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.framed.connect(film.commands.pictures.frame)
    try:
        path = film.document.file(picture)
    except StudioError as error:
        dialog.show_problem(str(error))
    else:
        whole = PictureLook(colours=framing.colours)
        film.media.preview(path, whole, lambda found: _shown(dialog, found), lambda words: _told(dialog, words))
    dialog.open()


def _shown(dialog: FrameDialog, found: PicturePreview) -> None:
    if not dialog.is_over:
        dialog.show_picture(found.image, found.picture)


def _told(dialog: FrameDialog, words: str) -> None:
    if not dialog.is_over:
        dialog.show_problem(words)
