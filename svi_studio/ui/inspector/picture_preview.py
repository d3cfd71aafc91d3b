"""A picture as the film takes it: read in a thread, squeezed into the film's size, with what that does to it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

LONGEST = 640  # pixels: enough for any inspector on any screen
CLOSE_ENOUGH = 0.02
SOFT = 1.5  # times: enlarged more, a picture is visibly softer than the film


@dataclass(frozen=True, slots=True)
class PicturePreview:
    """``image`` in the film's proportions; ``picture`` and ``film`` are (width, height) in pixels."""

    image: QImage
    picture: tuple[int, int]
    film: tuple[int, int]

    @property
    def stretch(self) -> float:
        """How much wider things look than in the picture: 1.0 = as they are, below 1 = narrower."""
        return (self.film[0] / self.film[1]) / (self.picture[0] / self.picture[1])

    @property
    def fits(self) -> bool:
        """Whether nobody will see a difference in shape."""
        return abs(self.stretch - 1) <= CLOSE_ENOUGH


def read_preview(path: Path, film: tuple[int, int] | None) -> PicturePreview:
    """The picture at ``path`` squeezed to ``film`` (width, height), None = as it is. Raises BadInput.

    For a thread: a large picture takes a while.
    """
    from svi_studio.media.images import open_reference  # noqa: PLC0415 - the window opens without Pillow

    picture = open_reference(path)
    size = picture.size
    shape = film or size
    scale = min(1.0, LONGEST / max(shape))
    small = picture.resize((max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))))
    image = QImage(small.tobytes(), small.width, small.height, 3 * small.width, QImage.Format.Format_RGB888)
    return PicturePreview(image.copy(), size, shape)


def fit_words(preview: PicturePreview) -> str:
    """What the film does to the picture, in one line."""
    picture, film = (f"{width} × {height}" for width, height in (preview.picture, preview.film))
    if preview.picture == preview.film:
        return QCoreApplication.translate("Inspector", "{picture}, the size of the film").format(picture=picture)
    if preview.fits and preview.film[0] > SOFT * preview.picture[0]:
        words = QCoreApplication.translate("Inspector", "{picture}, enlarged to {film}: it will look soft")
        return words.format(picture=picture, film=film)
    if preview.fits:
        return QCoreApplication.translate("Inspector", "{picture}, used at {film}").format(picture=picture, film=film)
    percent = round(abs(preview.stretch - 1) * 100)
    if preview.stretch > 1:
        words = QCoreApplication.translate(
            "Inspector", "{picture}, squeezed to {film}: everything looks {percent} % wider"
        )
    else:
        words = QCoreApplication.translate(
            "Inspector", "{picture}, squeezed to {film}: everything looks {percent} % narrower"
        )
    return words.format(picture=picture, film=film, percent=percent)
