"""One training as it goes: how far it is, its curves, its test films, and what can be done with it."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QWidget,
)

from svi_studio.document import words as common
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.training import run_words, words
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import note_label, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.training.figure_row import FigureRow
from svi_studio.ui.training.line_bar import LineBar
from svi_studio.ui.training.run_curves import RunCurves
from svi_studio.ui.training.run_menu import RunMenu
from svi_studio.ui.training.samples_view import SamplesView

_FINE = 1000
_REDRAW_MS = 250  # a small model trains many steps a second: nobody reads curves that fast


class RunPage(QWidget):
    """``show_run`` shows one; its requests come as signals. ``refresh_soon`` redraws at most a few times a second."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    go_on_wanted = Signal()
    use_wanted = Signal()
    folder_wanted = Signal()
    smaller_wanted = Signal(str)
    delete_wanted = Signal()
    film_wanted = Signal()

    def __init__(self, thumbnails: Thumbnails, desk: TrainingDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = TrainingHistory()
        self._recipe: TrainingRecipe | None = None
        self._use_refusal = ""
        self._go_on_refusal = ""
        self._must_wait = False
        self.name = ElidedLabel(parent=self)
        self.state = QLabel(self)
        self.bar = QProgressBar(self)
        self.line = LineBar(self)
        self.trouble = note_label(parent=self)
        self.smaller = QPushButton(self.tr("Use the smaller recipe"), self)
        self.figures = FigureRow(self)
        self.curves = RunCurves(self)
        self.samples = SamplesView(thumbnails, desk, self)
        self.pause = QPushButton(self.tr("Pause"), self)
        self.stop = QPushButton(self.tr("Stop"), self)
        self.go_on = QPushButton(self.tr("Go on"), self)
        self.use = QPushButton(self.tr("Use in this film"), self)
        self.folder = QPushButton(self.tr("Show its folder"), self)
        self.more = RunMenu(self)
        self.changed = note_label(parent=self)
        self.delete = small_button("trash", self.tr("Delete this training…"), self)
        self._soon = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()

    def show_run(self, recipe: TrainingRecipe, history: TrainingHistory) -> None:
        """Shows this training; ``history`` may go on growing."""
        self._recipe, self._history = recipe, history
        self.name.setText(recipe.name)
        self.refresh()

    @property
    def history(self) -> TrainingHistory:
        """The history of the training that is shown."""
        return self._history

    def set_refusals(self, use: str, go_on: str, *, must_wait: bool = False) -> None:
        """Why its LoRA cannot be used now, and why it cannot go on now; empty = it can.

        ``must_wait``: something else computes, so that it goes on when its turn comes.
        """
        self._use_refusal, self._go_on_refusal, self._must_wait = use, go_on, must_wait
        self._show_buttons()

    def show_place(self, place: int | None, count: int, *, is_held: bool) -> None:
        """Where it stands in line; None = it does not wait."""
        self.line.show_place(place, count, is_held=is_held)
        self._show_buttons()

    @Slot()
    def refresh_soon(self) -> None:
        """Redraws soon, at most a few times a second."""
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def refresh(self) -> None:
        """Shows everything as it is now."""
        self._soon.stop()
        recipe, history = self._recipe, self._history
        if recipe is None:
            return
        set_look(self.state, "tone", run_words.tone(history.state))
        said = (run_words.state_line(history), run_words.expert_words(recipe, history))
        self.state.setText(" · ".join(filter(None, said)))
        self._show_bar(history)
        self._show_figures(history)
        failed = history.state is RunState.FAILED
        self.trouble.setText(history.sentence)
        self.trouble.setVisible(failed and bool(history.sentence))
        self.changed.setText(" ".join(filter(None, (run_words.changed_line(history), run_words.came_line(history)))))
        self.changed.setVisible(bool(self.changed.text()))
        self.smaller.setVisible(failed and history.smaller_preset is not None)
        self.curves.show_history(history, recipe)
        self.samples.show_fault(history.sample_fault)
        self.samples.show_samples(history.samples, recipe.evaluation.every)
        self._show_buttons()

    def _show_bar(self, history: TrainingHistory) -> None:
        event = history.preparing if history.is_under_way else None
        waits = history.state is RunState.STARTING or (event is not None and not event.total)
        part = event.done / event.total if event is not None and event.total else history.part
        self.bar.setRange(0, 0 if waits else _FINE)
        if not waits:
            self.bar.setValue(round(part * _FINE))

    def _show_figures(self, history: TrainingHistory) -> None:
        seconds = history.seconds.last
        self.figures.show_figure("step", f"{history.step:,} / {history.steps:,}" if history.steps else "")
        left = history.seconds_left
        self.figures.show_figure("left", common.about(left) if left else "")
        self.figures.show_figure("pace", words.step_time(seconds) if seconds is not None else "")
        loss, rate = history.loss.last, history.rate.last
        self.figures.show_figure("loss", f"{loss:.4f}" if loss is not None else "")
        self.figures.show_figure("rate", words.rate(rate) if rate is not None else "")

    def _show_buttons(self) -> None:
        state, waits = self._history.state, not self.line.isHidden()
        self._show_pause(state, waits=waits)
        self.stop.setVisible(self._history.is_under_way)
        self.stop.setEnabled(state is not RunState.STOPPING)
        self.go_on.setVisible(state in {RunState.NEW, RunState.STOPPED, RunState.FAILED} and not waits)
        go_on = self.tr("Start") if state is RunState.NEW else self.tr("Go on")
        self.go_on.setText(self.tr("Put in line") if self._must_wait else go_on)
        self.go_on.setEnabled(not self._go_on_refusal)
        self.go_on.setToolTip(self._go_on_refusal or self._waiting_words())
        self.delete.setVisible(not self._history.is_under_way and state is not RunState.ELSEWHERE)
        self.use.setEnabled(not self._use_refusal)
        self.use.setToolTip(self._use_refusal)
        _show_first(self.use, "check", state is RunState.FINISHED and not self._use_refusal)
        _show_first(self.go_on, "play", not self._go_on_refusal)

    def _show_pause(self, state: RunState, *, waits: bool) -> None:
        is_left = state in {RunState.PAUSED, RunState.PAUSING}
        self.pause.setVisible((is_left or state in {RunState.TRAINING, RunState.STARTING}) and not waits)
        self.pause.setText(self.tr("Go on") if is_left else self.tr("Pause"))
        free = self.tr("Saves a checkpoint and gives all its memory back; it goes on from there")
        self.pause.setToolTip(self._waiting_words() if is_left else free)
        if state is RunState.PAUSED and self._must_wait:
            self.pause.setText(self.tr("Put in line"))
        self.pause.setEnabled(state is not RunState.PAUSED or not self._go_on_refusal)
        _show_first(self.pause, "play" if is_left else "pause", state is RunState.PAUSED and self.pause.isEnabled())

    def _waiting_words(self) -> str:
        return self.tr("Something else is computing: it goes on when that is done") if self._must_wait else ""

    def _connect(self) -> None:
        self.pause.clicked.connect(self._pause_or_go_on)
        self.stop.clicked.connect(self.stop_wanted)
        self.go_on.clicked.connect(self.go_on_wanted)
        self.use.clicked.connect(self.use_wanted)
        self.folder.clicked.connect(self.folder_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        self.samples.film_wanted.connect(self.film_wanted)
        self.smaller.clicked.connect(lambda: self.smaller_wanted.emit(self._history.smaller_preset or ""))
        for button, icon in ((self.stop, "stop"), (self.folder, "folder")):
            keep_icon(button, icon)

    @Slot()
    def _pause_or_go_on(self) -> None:
        is_left = self._history.state in {RunState.PAUSED, RunState.PAUSING}
        (self.resume_wanted if is_left else self.pause_wanted).emit()

    def _lay_out(self) -> None:
        self.name.setProperty("role", "heading")
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Training progress"))
        self.trouble.setProperty("tone", "danger")
        for key, name in (
            ("step", self.tr("Step")),
            ("left", self.tr("Time left")),
            ("pace", self.tr("One step")),
            ("loss", self.tr("Loss")),
            ("rate", self.tr("Learning rate")),
        ):
            self.figures.add(key, name)
        column_of(
            self._head(),
            self.bar,
            self.line,
            row_of((self.trouble, 1), self.smaller),
            self.figures,
            self.changed,
            (self._body(), 1),
            within=self,
            spacing=12,
            margins=(24, 20, 24, 18),
        )

    def _head(self) -> QHBoxLayout:
        head = row_of((column_of(self.name, self.state, spacing=2), 1), spacing=8)
        for button in (self.delete, self.more, self.folder, self.pause, self.stop, self.go_on, self.use):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _body(self) -> QScrollArea:
        inner = QWidget(self)
        row_of((self.curves, 9), (self.samples, 11), within=inner, spacing=28, margins=(0, 4, 8, 4))
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        return scroll


def _show_first(button: QPushButton, icon: str, is_first: bool) -> None:
    """Marks the one button that is the obvious next step."""
    set_look(button, "primary", is_first)
    keep_icon(button, icon, "on-accent" if is_first else "text")
