"""The picture that a clip starts from, seen faintly where there is no take yet; read in a thread, a few are kept."""

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from svi_studio.domain.errors import StudioError
from svi_studio.jobs.background import Background
from svi_studio.ui.thumbnails import read_small

if TYPE_CHECKING:
    from svi_studio.document.film_document import FilmDocument

HEIGHT = 480  # pixels: it is dimmed and stands behind words
MOST = 8


class StartPictures(QObject):
    """``ready`` says that ``of_clip`` has a picture now that it did not have before."""

    ready = Signal()

    def __init__(self, document: "FilmDocument", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._pictures: OrderedDict[str, QImage | None] = OrderedDict()
        self._work = Background("start pictures", self)

    def of_clip(self, index: int) -> QImage | None:
        """The picture of the clip at ``index`` when it starts a chain; None when it has none, or not yet."""
        board = self._document.storyboard
        name = board.chain_image(index) if board.starts_chain(index) else None
        if name is None:
            return None
        if name not in self._pictures:
            self._read(name)
        self._pictures.move_to_end(name)
        return self._pictures[name]

    def close(self) -> bool:
        """End the thread; returns whether it has ended."""
        return self._work.close()

    def _read(self, name: str) -> None:
        self._pictures[name] = None
        while len(self._pictures) > MOST:
            self._pictures.popitem(last=False)
        try:
            path = self._document.file(name)
        except StudioError:
            return
        self._work.submit(lambda: read_small(str(path), HEIGHT), lambda image: self._keep(name, image))

    def _keep(self, name: str, image: QImage) -> None:
        if not image.isNull() and name in self._pictures:
            self._pictures[name] = image
            self.ready.emit()
