"""Exporting from a film's window: the dialog, made when it is first wanted, the status line, desktop messages."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.ui.desktop.bring_forward import bring_forward
from svi_studio.ui.desktop.notifications import Notifications
from svi_studio.ui.window.status_line import StatusLine

if TYPE_CHECKING:
    from svi_studio.ui.export.dialog import ExportDialog


class FilmExport(QObject):
    """``render`` queues the clips with these indexes, which an export misses. Ends with the film by itself."""

    def __init__(
        self,
        film: OpenFilm,
        preferences: Preferences,
        window: QWidget,
        *,
        status: StatusLine,
        notifications: Notifications,
        render: Callable[[tuple[int, ...]], object],
    ) -> None:
        super().__init__(window)
        self.dialog: ExportDialog | None = None
        self._film, self._preferences, self._window = film, preferences, window
        self._status, self._notifications = status, notifications
        self._render = render
        film.closing.connect(self.shutdown)

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return self.dialog is not None and self.dialog.run.is_running

    @Slot()
    def open(self) -> None:
        """Shows the dialog, with the export that is under way if there is one."""
        bring_forward(self.dialog or self._make())

    @Slot()
    def shutdown(self) -> None:
        """Gives up what is under way, nothing half stays; the dialog goes with its window."""
        if self.dialog is not None:
            self.dialog.hide()
            self.dialog.shutdown()

    def _make(self) -> "ExportDialog":
        from svi_studio.ui.export.dialog import ExportDialog  # noqa: PLC0415 - only when it is wanted

        self.dialog = dialog = ExportDialog(self._film, self._preferences, self._window)
        dialog.render_wanted.connect(self._render)
        dialog.run.progress.connect(self._show_progress)
        dialog.run.finished.connect(self._finished)
        dialog.run.failed.connect(self._failed)
        dialog.run.cancelled.connect(self._clear)
        return dialog

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        said = self.tr("Exporting clip {number} of {total}").format(number=min(done + 1, total), total=total)
        self._status.show_part("export", said, "export", "accent", done / max(1, total))

    @Slot(object)
    def _finished(self, path: Path) -> None:
        self._clear()
        self._status.tell(self.tr("{name} is done.").format(name=path.name))
        self._notifications.export_done(self._film.document.storyboard.title, path.name)

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self._clear()
        self._film.takes.look_again()  # a damaged take may have been the reason
        if self.dialog is not None and not self.dialog.isVisible():
            self.open()  # it was closed while the export ran: a failure must not go by unseen
        self._notifications.failed(self.tr("The export failed"), sentence)

    @Slot()
    def _clear(self) -> None:
        self._status.show_part("export", "")
