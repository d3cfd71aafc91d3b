"""The window "Train a LoRA": all trainings at the left, a new one or the chosen one beside them."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QPushButton, QStackedWidget, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training import run_words
from svi_studio.document.training.run_looks import run_look
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import RunState
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.ui.controls.confirm import ask
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import section_label
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.training.run_list import RunList
from svi_studio.ui.training.run_page import RunPage
from svi_studio.ui.training.run_tools import RunTools
from svi_studio.ui.training.setup_page import PURPOSE, SetupPage
from svi_studio.ui.window.banner import BannerStack

_SIDE = 236
_NOTICE_SECONDS = 20.0
_LOOK_MS = 3000  # other windows and terminals train too; a look costs a few file times for each training


class TrainingDialog(QDialog):
    """One for the program. Closed, it only hides: a training goes on.

    ``use_wanted`` brings the folder of a training whose LoRA the user wants in a film, ``closed`` comes when it was
    hidden.
    """

    use_wanted = Signal(object)
    closed = Signal()

    def __init__(
        self, desk: TrainingDesk, presets: Mapping[str, TrainingRecipe], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Train a LoRA"))
        self._desk = desk
        self._shown: Path | None = None
        self._use_refusal = ""
        self._told_waiting = 0
        self.thumbnails = Thumbnails(self)
        self.banners = BannerStack(self)
        self.new = QPushButton(self.tr("New training"), self)
        self.runs = RunList(self)
        self.empty = note_label(self.tr("Your trainings appear here."), self)
        self.setup = SetupPage(desk, presets, self.thumbnails, self)
        self.page = RunPage(self.thumbnails, desk, self)
        self.tools = RunTools(desk, self.page.more, lambda: self._shown, self)
        self.pages = QStackedWidget(self)
        self._watch = QTimer(self, interval=_LOOK_MS)
        self._watch.timeout.connect(desk.look)
        self._lay_out()
        self._connect()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in this window starts nothing
        self.show_new()

    @property
    def shown(self) -> Path | None:
        """The folder of the training that is shown; None = a new one."""
        return self._shown

    @Slot()
    def show_new(self) -> None:
        """Shows the new training."""
        self._shown = None
        self.pages.setCurrentWidget(self.setup)
        self.setup.go_to(self.setup.step if self._desk.footage.run is not None else PURPOSE)
        self._show_list()

    def show_training(self, folder: Path) -> None:
        """Shows the training in ``folder``."""
        self._shown = folder
        self.pages.setCurrentWidget(self.page)
        self._show_page()
        self._show_list()
        self.runs.setFocus()

    def set_use_refusal(self, sentence: str) -> None:
        """Why no film can use a LoRA now, such as that none is open; empty = one can."""
        self._use_refusal = self.tools.use_refusal = sentence
        self._show_page()

    def showEvent(self, event: QShowEvent) -> None:
        """Trainings may have come or gone."""
        super().showEvent(event)
        self.setup.forward.setFocus()
        self._desk.look()
        self._watch.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hides; a training goes on."""
        event.accept()
        self._desk.footage.save()
        self._watch.stop()
        self.hide()
        self.closed.emit()

    def reject(self) -> None:
        """Closes the window on Escape."""
        self.close()

    def shutdown(self) -> None:
        """Ends the thread that reads pictures."""
        self.hide()
        self.thumbnails.close()

    def _lay_out(self) -> None:
        side = QFrame(self)
        side.setProperty("role", "side")
        side.setFixedWidth(_SIDE)
        column = column_of(within=side, spacing=10, margins=(16, 20, 16, 16))
        title = QLabel(self.tr("Train a LoRA"), side)
        title.setProperty("role", "heading")
        column.addWidget(title)
        column.addWidget(self.new)
        column.addSpacing(8)
        column.addWidget(section_label(self.tr("Trainings"), side))
        column.addWidget(self.empty)
        column.addWidget(self.runs, 1)
        column.addStretch(0)
        keep_icon(self.new, "plus")
        for page in (self.setup, self.page):
            self.pages.addWidget(page)
        row_of(side, (column_of(self.banners, (self.pages, 1), spacing=0), 1), within=self, spacing=0)
        self.setMinimumSize(900, 600)
        room = self.screen().availableSize()
        self.resize(min(1240, round(room.width() * 0.95)), min(800, round(room.height() * 0.92)))

    def _connect(self) -> None:
        desk, page = self._desk, self.page
        self.new.clicked.connect(self.show_new)
        self.runs.picked.connect(self.show_training)
        self.setup.started.connect(self.show_training)
        desk.runs_changed.connect(self._runs_changed)
        desk.run_changed.connect(self._run_changed)
        desk.notice.connect(self._tell)
        page.pause_wanted.connect(desk.pause)
        page.resume_wanted.connect(self._resume)
        page.line.moved.connect(self._move_in_line)
        page.line.left.connect(self._leave_line)
        page.line.released.connect(desk.line.release)
        page.stop_wanted.connect(desk.stop)
        page.go_on_wanted.connect(self._go_on)
        page.use_wanted.connect(self._use)
        page.folder_wanted.connect(lambda: open_with_system(self._shown) if self._shown is not None else None)
        page.smaller_wanted.connect(self._take_smaller)
        page.delete_wanted.connect(self._ask_to_delete)
        self.tools.told.connect(lambda said: self.banners.tell("saved", "ok", said, seconds=_NOTICE_SECONDS))
        self.tools.refused.connect(self._tell)
        self.tools.begun.connect(self._show_begun)
        page.film_wanted.connect(self._film)

    @Slot()
    def _runs_changed(self) -> None:
        shown, desk = self._shown, self._desk
        if shown is not None and desk.run(shown) is None and desk.recipe(shown) is None:
            self.show_new()  # somebody has deleted it
            return
        self._show_list()
        self._show_page()
        self._tell_of_the_line()

    @Slot(object)
    def _run_changed(self, folder: Path) -> None:
        if folder == self._shown:
            self._show_filming(folder)
            self.page.refresh_soon() if self.page.history is self._desk.history(folder) else self._show_page()
        self._show_list()

    def _show_list(self) -> None:
        desk, waiting = self._desk, self._desk.waiting
        places = {folder: place for place, folder in enumerate(waiting)}
        looks = [
            run_look(run, desk.history_of(run.folder), desk.active, places.get(run.folder), len(waiting))
            for run in desk.runs
        ]
        self.runs.show_looks(looks, self._shown)
        self.empty.setVisible(not looks)
        self.runs.setVisible(bool(looks))

    def _show_page(self) -> None:
        folder = self._shown
        if folder is None:
            return
        history, recipe = self._desk.history(folder), self._desk.recipe(folder)
        if history is not None and recipe is not None:
            self.page.show_run(recipe, history)
        waiting, run = self._desk.waiting, self._desk.run(folder)
        place = waiting.index(folder) if folder in waiting else None
        self.page.show_place(place, len(waiting), is_held=self._desk.line.is_held)
        refusal = run.problem if run is not None else ""
        self.page.set_refusals(self._why_no_use(folder), refusal, must_wait=self._desk.must_wait)
        self.tools.refresh()
        self._show_filming(folder)

    def _why_no_use(self, folder: Path) -> str:
        run = self._desk.run(folder)
        if run is None or run.lora is None:
            return self.tr("There is no LoRA yet: it comes with the first checkpoint.")
        return self._use_refusal

    def _show_filming(self, folder: Path) -> None:
        run = self._desk.run(folder)
        is_possible = folder == self._desk.active or (run is not None and bool(run.checkpoints))
        self.page.samples.show_filming(self._why_no_film(), is_possible=is_possible)

    def _why_no_film(self) -> str:
        if self._desk.active is None:
            return ""
        if self._desk.active != self._shown:
            return self.tr("Another training is running: stop it first, or wait until it is done.")
        history = self._desk.history_of(self._shown)
        if history is None or history.state is not RunState.TRAINING or history.preparing is not None:
            return self.tr("Films can be made while steps are trained, and when the training has ended.")
        return ""

    @Slot()
    def _film(self) -> None:
        if self._shown is not None:
            self._try(partial(self._desk.film, self._shown))

    @Slot()
    def _go_on(self) -> None:
        if self._shown is not None:
            self._try(partial(self._desk.go_on, self._shown))

    @Slot()
    def _resume(self) -> None:
        if self._shown is not None:
            self._try(partial(self._desk.resume, self._shown))

    def _try(self, what: Callable[[], object]) -> None:
        try:
            what()
        except StudioError as error:
            self._tell(str(error))

    def _tell_of_the_line(self) -> None:
        """What was left in line by an earlier start of the program, or before a pause, waits for a word."""
        line = self._desk.line
        waits = len(self._desk.waiting) if line.is_held and self._desk.active is None else 0
        if waits != self._told_waiting:
            self._told_waiting = waits
            self.banners.dismiss("line")
            if waits:
                ways = ((self.tr("Let the line go on"), line.release),)
                self.banners.tell("line", "info", run_words.halted_line(waits), ways)

    @Slot(int)
    def _move_in_line(self, by: int) -> None:
        if self._shown is not None:
            self._desk.line.move(self._shown, by)

    @Slot()
    def _leave_line(self) -> None:
        if self._shown is not None:
            self._desk.line.leave(self._shown)

    @Slot()
    def _use(self) -> None:
        if self._shown is not None:
            self.use_wanted.emit(self._shown)

    @Slot(str)
    def _take_smaller(self, name: str) -> None:
        """A new training by a smaller recipe, from the same footage."""
        recipe = self._desk.recipe(self._shown) if self._shown is not None else None
        self.show_new()
        self.setup.take_preset(name)
        if recipe is not None:
            self._desk.draft.take_footage(recipe)
        self.setup.go_to(PURPOSE)

    @Slot()
    def _show_begun(self) -> None:
        self.show_new()
        self.setup.go_to(PURPOSE)

    @Slot()
    def _ask_to_delete(self) -> None:
        run = self._desk.run(self._shown) if self._shown is not None else None
        if run is None or run.folder == self._desk.active:
            return

        def delete() -> None:
            self.show_new()
            self._desk.delete(run)

        ask(
            self,
            self.tr("Delete “{name}”?").format(name=run.name),
            self.tr(
                "Its checkpoints, test films and its LoRA are removed for good. Films that use the LoRA keep theirs."
            ),
            self.tr("Delete it"),
            delete,
        )

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self.banners.tell("notice", "warn", sentence, seconds=_NOTICE_SECONDS)
