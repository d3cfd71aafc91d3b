"""Checks the open film in a thread, as it is now, for the page that shows what a render will meet."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.film_check import look_at_film
from svi_studio.document.render.film_remarks import reach_remarks, strength_remarks
from svi_studio.document.render.queue_needs import free_bytes
from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.finding import Finding
from svi_studio.domain.render.film_check import check_film
from svi_studio.domain.render.measured_pace import MeasuredPace
from svi_studio.domain.render.plan_wishes import PlanWishes
from svi_studio.jobs.hardware import hardware_without_us
from svi_studio.jobs.threads.background import Background
from svi_studio.project.film.film_source import FilmSource


class CheckDesk(QObject):
    """``found`` brings the findings, as ``check_film`` has them. Ends with the film, or with ``close``."""

    found = Signal(tuple)

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._work = Background("film check", self)
        self._ends = threading.Event()
        film.closing.connect(self.close)

    def look(self) -> None:
        """Begins a look at the film and at this computer, which may have more memory free than it had."""
        self._film.memory.look_again()
        film = FilmSource(self._film.document.storyboard, self._film.path, self._film.path, is_bare=False)
        paces, wishes, free = self._film.paces.paces, self._film.memory.wishes, free_bytes(self._film)

        def work() -> tuple[Finding, ...]:
            return _findings(film, paces, wishes, free, self._ends)

        self._work.submit(work, self.found.emit, self._failed)

    def close(self) -> None:
        """Stops a look that is under way."""
        self._ends.set()
        self._work.close()

    def _failed(self, error: Exception) -> None:
        known = as_studio_error(error)
        if known is None:
            raise error
        self.found.emit((Finding("bad", "Film", str(known)),))


def _findings(
    film: FilmSource, paces: Sequence[MeasuredPace], wishes: PlanWishes, free: int | None, ends: threading.Event
) -> tuple[Finding, ...]:
    try:
        remarks = (*reach_remarks(film), *strength_remarks(film))
        here = replace(hardware_without_us(film.project, anew=True), disk_free=free)
        look = look_at_film(film, remarks=remarks, paces=paces, hardware=here, wishes=wishes, should_stop=ends.is_set)
        return check_film(look)
    except StudioError as error:
        return (Finding("bad", "Film", str(error)),)
