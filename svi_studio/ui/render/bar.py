"""The render bar: one button that says what it will do, and what is going on once it was pressed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.bar_status import BarStatus, bar_status
from svi_studio.document.render.bar_words import IdleWords, button_text, button_tip, idle_words, way_out_text
from svi_studio.document.render.commands import RenderCommands
from svi_studio.document.render.offer import Obstacle, WayOut
from svi_studio.document.render.queue_needs import free_bytes
from svi_studio.document.render.queue_watch import QueueWatch
from svi_studio.domain.takes.job import ClipJob
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.render.bar_buttons import QualitySwitch, RenderControls
from svi_studio.ui.render.bar_menu import RenderMenuButton
from svi_studio.ui.render.render_actions import RenderActions
from svi_studio.ui.theme import theme

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue

_FINE = 1000
_ACTIONS = {
    WayOut.FIND_PICTURES: "film.relink",
    WayOut.SEE_MODELS: "help.hardware",
    WayOut.INSERT_CLIP: "clip.insert_after",
    WayOut.EXPORT: "film.export",
    WayOut.READY_MADE: "film.ready_made",
    WayOut.OTHER_MODEL: "film.other_model",
}


class RenderBar(QWidget):
    """Stands under the menus. ``prompt_wanted`` carries the id of a clip that has no prompt: let the user write it."""

    prompt_wanted = Signal(str)

    def __init__(self, film: OpenFilm, queue: "RenderQueue", actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._actions = actions
        self.commands = RenderCommands(film, queue, self)
        RenderActions(film, self.commands, actions, self)
        self.watch = QueueWatch(queue, film.document, self)
        self.button = QPushButton(self)
        self.menu_button = RenderMenuButton(self.commands, actions, self)
        self.headline = ElidedLabel(parent=self)
        self.detail = ElidedLabel(parent=self)
        self.way_out = QPushButton(self)
        self.other_model = QPushButton(self.tr("Other model…"), self)
        self.progress = QProgressBar(self)
        self.controls = RenderControls(queue, actions, self)
        self.quality = QualitySwitch(self.commands, self)
        self._obstacle: Obstacle | None = None
        self._way = WayOut.NOTHING
        self._set_up()
        self._lay_out()
        self.commands.changed.connect(self.refresh)
        self.watch.changed.connect(self.refresh)
        film.reach.changed.connect(self.refresh)
        film.memory.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows how things stand."""
        status = bar_status(self.watch.now)
        if status is None:
            self._show_idle(self._idle_words())
        else:
            self._show_status(status)
        self.controls.show_status(status)
        self.quality.refresh()

    def _idle_words(self) -> IdleWords:
        fit = self._film.memory.worth_telling
        return idle_words(self.commands.offer, free_bytes(self._film), self._strange(), fit)

    def _strange(self) -> str:
        """The warning for a picture that is filmed for the first time: one that was filmed before needs none."""
        offer, warn = self.commands.offer, self._film.reach.picture_warning
        board = self._film.document.storyboard

        def is_shown_first(job: ClipJob) -> bool:
            own = board.uses_anchor and job.index < len(board.clips) and board.clips[job.index].image is not None
            return (job.parent_hash is None or own) and job.index not in offer.again

        return next((said for job in offer.jobs if is_shown_first(job) and (said := warn(job.image))), "")

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("Rendering"))
        self.button.clicked.connect(lambda _checked=False: self.commands.render())
        self.way_out.clicked.connect(self._take_way_out)
        self.other_model.clicked.connect(self._actions.action("film.other_model").trigger)
        self.headline.setProperty("role", "bar")
        self.detail.setProperty("tone", "dim")
        self.progress.setRange(0, _FINE)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Render progress"))
        # A click leaves the keys where they were: a button that hides would hand them on to "Pause".
        for button in (self.button, self.menu_button, self.way_out, self.other_model):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bold = self.headline.font()
        bold.setBold(True)
        self.headline.setFont(bold)

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setContentsMargins(4, 0, 4, 0)
        said.setSpacing(1)
        said.addStretch(1)
        for widget in (self.headline, self.detail):
            said.addWidget(widget)
        said.addSpacing(4)
        said.addWidget(self.progress)
        said.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(8)
        together = QHBoxLayout()
        together.setSpacing(2)
        together.addWidget(self.button)
        together.addWidget(self.menu_button)
        row.addLayout(together)
        row.addLayout(said, 1)
        for part in (self.way_out, self.other_model, self.controls, self.quality):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(58)

    def _show_idle(self, idle: IdleWords) -> None:
        offer = self.commands.offer
        failure = self.watch.failure
        self._obstacle = offer.obstacle
        self.progress.hide()
        for button in (self.button, self.menu_button):
            button.show()
        self.button.setText(idle.button)
        self.button.setToolTip(button_tip(offer, adding=False))
        self._set_primary(bool(offer.clips))
        if failure:
            self._say(self.tr("The last render did not finish"), failure, "danger")
        else:
            self._say(idle.headline, idle.detail, idle.tone)
        self._way = idle.way_out
        self.way_out.setText(way_out_text(idle.way_out))
        self.way_out.setVisible(bool(self.way_out.text()))
        self.other_model.setVisible(idle.way_out is WayOut.READY_MADE)

    def _show_status(self, status: BarStatus) -> None:
        offer = self.commands.offer
        self._obstacle = None
        self.way_out.hide()
        self.other_model.hide()
        for button in (self.button, self.menu_button):
            button.setVisible(bool(offer.clips))
        self.button.setText(button_text(offer, adding=True) if offer.clips else "")
        self.button.setToolTip(button_tip(offer, adding=True))
        self._set_primary(False, enabled=True)
        self._say(status.headline, status.detail, status.tone)
        self.progress.setRange(0, 0 if status.progress is None else _FINE)
        if status.progress is not None:
            self.progress.setValue(round(status.progress * _FINE))
        self.progress.show()

    def _set_primary(self, primary: bool, *, enabled: bool | None = None) -> None:
        self.button.setEnabled(primary if enabled is None else enabled)
        self.menu_button.show_primary(primary)
        set_look(self.button, "primary", primary)

    def _say(self, headline: str, detail: str, tone: str) -> None:
        self.headline.setText(headline)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        _tint(self.headline, tone)
        self.setAccessibleDescription(f"{headline}. {detail}")

    @Slot()
    def _take_way_out(self) -> None:
        if self._way is WayOut.GO_TO_CLIP and self._obstacle is not None:
            self._film.selection.select([self._obstacle.clip])
            self.prompt_wanted.emit(self._obstacle.clip)
        elif self._way in _ACTIONS:
            self._actions.action(_ACTIONS[self._way]).trigger()


def _tint(label: QLabel, tone: str) -> None:
    palette = label.palette()
    palette.setColor(label.foregroundRole(), theme().colour(tone))
    label.setPalette(palette)
