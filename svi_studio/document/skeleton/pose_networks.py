"""The networks that find people in videos: whether they are here, and getting them."""

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.errors import Stopped
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops


class PoseNetworks(QObject):
    """``changed``: they came, or could not be got."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_busy = False
        self.problem = ""
        self._missing: str | None = None
        self._work = Background("pose networks", self)

    @property
    def is_missing(self) -> bool:
        """Whether nobody can be found in a video on this computer yet."""
        if self._missing is None:
            from svi_studio.media.poses.networks.network_files import networks_missing  # noqa: PLC0415 - when asked

            self._missing = networks_missing()
        return bool(self._missing)

    @Slot()
    def get(self) -> None:
        """Gets them; ``changed`` follows, with a ``problem`` when that is not possible."""
        if self.is_busy:
            return
        self.is_busy, self.problem = True, ""

        def work() -> None:
            from svi_studio.media.poses.networks.set_up import set_up_networks  # noqa: PLC0415 - as above

            set_up_networks(check=_stop_with_the_window)

        self._work.submit(work, lambda _: self._end(""), lambda error: self._end(sentence_of(error)))
        self.changed.emit()

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _end(self, problem: str) -> None:
        self.is_busy, self.problem, self._missing = False, problem, None
        if not problem and self.is_missing:
            self.problem = self._missing or ""
        self.changed.emit()


def _stop_with_the_window() -> None:
    if thread_stops():
        raise Stopped("Getting the pose networks was stopped.")
