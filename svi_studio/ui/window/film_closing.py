"""What happens when a film's window is to be closed: nothing is lost, and nothing that runs is cut off unasked."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document import words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.film_render import FilmRender
from svi_studio.document.sound.take_recording import TakeRecording
from svi_studio.domain.render.save_state import SaveKind
from svi_studio.ui.dialogs.closing import ClosingChoice, ClosingDialog, ExportingDialog
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.dialogs.unsaved import UnsavedDialog
from svi_studio.ui.window.banner import BannerStack


class FilmClosing(QObject):
    """``may_close`` answers at once; while it asks, the answer is no, and ``agreed`` comes when it may.

    ``go_on`` then says whether the render goes on at the next start.
    """

    agreed = Signal()
    kept_open = Signal()

    def __init__(self, film: OpenFilm, render: FilmRender, banners: BannerStack, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.go_on = False
        self._film, self._render, self._banners = film, render, banners
        self._is_ordered = False
        self._asking = False
        self._settled = False
        self._waiting = False
        self._unsaved_agreed = False
        self._export_given_up = False
        self.is_exporting: Callable[[], bool] = lambda: False
        self._recording: TakeRecording | None = None
        self._hears_out = False
        self.kept_open.connect(self._forget_answers)
        render.queue.film_ended.connect(self._film_ended)

    def may_close(self) -> bool:
        """Whether nothing stands in the way; asks otherwise."""
        if self._is_ordered:
            return True
        if self._asking or self._records():
            return False
        if self._is_unsaved() and not self._unsaved_agreed:
            self._ask_about_edits()
            return False
        if self.is_exporting() and not self._export_given_up:
            self._ask_about_export()
            return False
        if self._render.is_busy and not self._settled:
            self._ask_about_render()
            return False
        return True

    def agree(self) -> None:
        """Closes without a question, when the system shuts down or the program ends.

        The render goes on at the next start.
        """
        self._is_ordered = True
        self.go_on = self._render.is_busy

    @Slot()
    def _forget_answers(self) -> None:
        """Forgets the answers, as the window stays open: the next time everything is asked anew."""
        self._export_given_up = self._unsaved_agreed = False

    def hear_out(self, recording: TakeRecording) -> None:
        """Lays what is being recorded under the film before that closes, rather than ask whether to throw it away."""
        self._recording = recording
        recording.over.connect(self._heard_out, Qt.ConnectionType.QueuedConnection)

    def _records(self) -> bool:
        """Whether somebody speaks, or did just now; then the window closes by itself a moment later."""
        if self._recording is None or not self._recording.is_under_way:
            return False
        self._hears_out = True
        self._recording.stop()
        return True

    @Slot()
    def _heard_out(self) -> None:
        if self._hears_out:
            self._hears_out = False
            self.agreed.emit()

    def _is_unsaved(self) -> bool:
        return self._film.unsaved and self._film.document.last_save.kind is SaveKind.FAILED

    def _ask_about_edits(self) -> None:
        dialog = UnsavedDialog(self._film.document.last_save.sentence, self._window)
        self._ask(dialog, lambda: self._take_edits_answer(dialog.close_anyway))

    def _take_edits_answer(self, close_anyway: bool) -> None:
        if close_anyway:
            self._unsaved_agreed = True
            self.agreed.emit()
            return
        if self._film.writer is not None:
            self._film.writer.save()
        self.kept_open.emit()

    def _ask_about_export(self) -> None:
        dialog = ExportingDialog(self._window)
        self._ask(dialog, lambda: self._take_export_answer(dialog.result() == ExportingDialog.DialogCode.Accepted))

    def _take_export_answer(self, given_up: bool) -> None:
        self._export_given_up = given_up
        (self.agreed if given_up else self.kept_open).emit()

    def _ask_about_render(self) -> None:
        number = self._render.clip_number
        clip = self.tr("The render") if number is None else self.tr("Clip {number}").format(number=number)
        dialog = ClosingDialog(clip, self._clip_left(), self._window)
        self._ask(dialog, lambda: self._take_choice(dialog.choice))

    def _clip_left(self) -> str:
        """How long this clip takes still, only when it is the last of its request: else that is not known."""
        item, left = self._render.queue.current, self._render.queue.seconds_left
        last = item is not None and item.finished_clips >= item.request.clips - 1
        return words.about(left) if last and left is not None else ""

    def _ask(self, dialog: PlainDialog, answered: Callable[[], None]) -> None:
        self._asking = True

        def finished() -> None:
            self._asking = False
            dialog.deleteLater()
            answered()

        dialog.finished.connect(finished)
        dialog.open()

    def _take_choice(self, choice: ClosingChoice) -> None:
        if choice is ClosingChoice.CANCEL:
            self.kept_open.emit()
            return
        self._settled = True
        if choice is ClosingChoice.FINISH_CLIP and self._render.is_busy:
            self._wait_for_clip()
            return
        self.go_on = choice is ClosingChoice.GO_ON_LATER
        self.agreed.emit()

    def _wait_for_clip(self) -> None:
        self._waiting = True
        self._render.queue.stop(after_clip=True)
        self._banners.tell(
            "closing",
            "info",
            self.tr("The window closes when this clip is done."),
            [(self.tr("Keep it open"), self._keep_open)],
        ).gone.connect(self._keep_open)

    def _keep_open(self) -> None:
        self._waiting = self._settled = False
        self.kept_open.emit()

    @Slot()
    def _film_ended(self) -> None:
        self._settled = self._waiting
        if self._waiting:
            self.agreed.emit()
