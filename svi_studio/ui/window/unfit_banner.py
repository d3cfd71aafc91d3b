"""The banner over a film whose family its model cannot film, with a button for each way to mend that."""

from PySide6.QtCore import QObject, Slot

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.unfit_film import mends, why_unfit
from svi_studio.ui.window.banner import BannerStack

_NAME = "unfit"


class UnfitBanner(QObject):
    """Comes and goes with the film's family and model; who closed it does not see the same one again."""

    def __init__(self, film: InspectedFilm, banners: BannerStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film, self._banners = film, banners
        self._shown: tuple[str, ...] = ("",)
        film.document.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self, _change: object = None) -> None:
        """Shows what is wrong, if anything is."""
        sentence, ways = why_unfit(self._film), mends(self._film)
        shown = (sentence, *(way.words for way in ways))
        if shown == self._shown:
            return
        self._shown = shown
        if sentence:
            self._banners.tell(_NAME, "warn", sentence, [(way.words, way.do) for way in ways])
        else:
            self._banners.dismiss(_NAME)
