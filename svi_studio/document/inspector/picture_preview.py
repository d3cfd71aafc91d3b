"""A picture as the film sees it: read in a thread, cut or squeezed to the film's shape, with what that does to it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from svi_studio.domain.pictures.picture_fit import PictureFit, filmed_part, fit_of, has_choice
from svi_studio.domain.pictures.picture_look import PictureLook, Size, stretch
from svi_studio.jobs.threads.owned_thread import thread_stops

LONGEST = 640  # pixels: enough for any inspector on any screen


@dataclass(frozen=True, slots=True)
class PicturePreview:
    """``image`` is what the film sees of a ``picture`` of that (width, height) in pixels, by ``look``."""

    image: QImage
    picture: Size
    look: PictureLook
    notes: str = ""

    @property
    def film(self) -> Size:
        """The film's size; the picture's own without a film."""
        return self.look.film or self.picture

    @property
    def part(self) -> Size:
        """The size of what is filmed of the picture."""
        return filmed_part(self.picture, self.look)

    @property
    def has_choice(self) -> bool:
        """Whether it has another shape than the film, so that it matters how it is framed, or is framed by hand."""
        return has_choice(self.picture, self.look)


def read_preview(path: Path, look: PictureLook) -> PicturePreview:
    """The picture at ``path`` as ``look`` has it. Raises BadInput, Stopped. For a thread: a large one takes a while."""
    from svi_studio.document.pictures.small_picture import image_of  # noqa: PLC0415
    from svi_studio.media.images import note_words, read_view  # noqa: PLC0415 - only when there is a picture

    view = read_view(path, look, (LONGEST, LONGEST), thread_stops)
    return PicturePreview(image_of(view), view.full, look, note_words(view.notes))


def fit_words(preview: PicturePreview) -> str:
    """What the film does to the picture, in one line, and what there is to know of the picture."""
    return f"{_fit(preview)}. {preview.notes}" if preview.notes else _fit(preview)


def _fit(preview: PicturePreview) -> str:
    fit = fit_of(preview.picture, preview.look)
    if fit is PictureFit.SQUEEZED:
        return _squeezed(preview)
    words = {
        PictureFit.SAME: QCoreApplication.translate("Inspector", "{picture}, the size of the film"),
        PictureFit.SOFT: QCoreApplication.translate(
            "Inspector", "{part} of {picture}, enlarged to {film}: it will look soft"
        ),
        PictureFit.WHOLE: QCoreApplication.translate("Inspector", "{picture}, used at {film}"),
        PictureFit.MIDDLE: QCoreApplication.translate(
            "Inspector", "{picture}, of which the middle is filmed, at {film}"
        ),
        PictureFit.FRAME: QCoreApplication.translate(
            "Inspector", "{picture}, of which your frame is filmed, at {film}"
        ),
    }[fit]
    if fit is PictureFit.SOFT and preview.part == preview.picture:
        words = QCoreApplication.translate("Inspector", "{picture}, enlarged to {film}: it will look soft")
    return words.format(picture=_size(preview.picture), part=_size(preview.part), film=_size(preview.film))


def _squeezed(preview: PicturePreview) -> str:
    wider = stretch(preview.picture, preview.film) - 1
    if wider > 0:
        words = QCoreApplication.translate("Inspector", "{picture}, squeezed to {film}: it all looks {percent} % wider")
    else:
        words = QCoreApplication.translate(
            "Inspector", "{picture}, squeezed to {film}: it all looks {percent} % narrower"
        )
    percent = round(abs(wider) * 100)
    return words.format(picture=_size(preview.picture), film=_size(preview.film), percent=percent)


def _size(size: Size) -> str:
    return f"{size[0]} × {size[1]}"
