"""The picture that a clip starts from, seen faintly where there is no take yet; read in a thread, a few are kept."""

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from svi_studio.document.pictures.small_picture import read_small
from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import PictureLook, Size
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.document.film.film_document import FilmDocument

_Seen = tuple[str, PictureLook]
HEIGHT = 480  # pixels: it is dimmed and stands behind words
MOST = 8


class StartPictures(QObject):
    """``ready`` says that ``of_clip`` has a picture now that it did not have before."""

    ready = Signal()

    def __init__(self, document: "FilmDocument", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._pictures: OrderedDict[_Seen, QImage | None] = OrderedDict()
        self._work = Background("start pictures", self)

    def of_clip(self, index: int, film: Size | None) -> QImage | None:
        """The picture of the clip at ``index`` when it starts a chain; None when it has none, or it is not read yet.

        ``film`` is the film's (width, height), which decides what of the picture is seen.
        """
        board = self._document.storyboard
        name = (board.chain_image(index) or board.start_video(index)) if board.starts_chain(index) else None
        if name is None:
            return None
        seen = (name, board.picture_look(name, film))
        if seen not in self._pictures:
            self._read(seen)
        self._pictures.move_to_end(seen)
        return self._pictures[seen]

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _read(self, seen: _Seen) -> None:
        name, look = seen
        self._pictures[seen] = None
        while len(self._pictures) > MOST:
            self._pictures.popitem(last=False)
        try:
            path = self._document.file(name)
        except StudioError:
            return
        self._work.submit(lambda: read_small(str(path), HEIGHT, look), lambda image: self._keep(seen, image))

    def _keep(self, seen: _Seen, image: QImage) -> None:
        if not image.isNull() and seen in self._pictures:
            self._pictures[seen] = image
            self.ready.emit()
