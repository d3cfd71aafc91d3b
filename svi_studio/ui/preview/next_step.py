"""When there is nothing to play yet: what the film lacks, and the one button that goes on from there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from svi_studio.document.preview.film_frames import Spot
from svi_studio.domain.clip_state import ClipState
from svi_studio.ui.actions import Actions

if TYPE_CHECKING:
    from svi_studio.document.open_film import OpenFilm

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to say, and the action that the button does; an empty ``action_id`` = no button."""

    title: str
    text: str
    button: str = ""
    action_id: str = ""


def next_step(film: "OpenFilm") -> NextStep | None:
    """The next step of a film that has no take at all and is not being rendered; None for every other film."""
    if len(film.takes) or not film.takes.is_scanned:
        return None
    clips = film.document.storyboard.clips
    if not clips:
        title, text = (
            translate("Preview", "This film has no clips yet"),
            translate("Preview", "A clip is one moment of the film: describe what happens in it."),
        )
        return NextStep(title, text, translate("Preview", "Add the first clip"), "clip.insert_after")
    known = film.states.facts is not None or film.states.problem is not None
    under_way = film.states.state(clips[0].id).state in {ClipState.QUEUED, ClipState.RENDERING}
    return _first_clip(film) if known and not under_way else None


def damaged_step(film: "OpenFilm", spot: Spot) -> NextStep | None:
    """How the clip in the picture gets a take again whose files were found damaged; None while that needs nothing."""
    waits = spot.view.state in {ClipState.EMPTY, ClipState.STALE, ClipState.FAILED}
    if not waits or not film.takes.has_lost(spot.clip_id):
        return None
    title = translate("Preview", "The take of clip {} is damaged").format(spot.index + 1)
    text = translate("Preview", "It cannot be used. Rendering makes it again with the same settings.")
    return NextStep(title, text, translate("Preview", "Render what is missing"), "render.stale")


def _first_clip(film: "OpenFilm") -> NextStep:
    """What the first clip needs to be rendered, or that it can be."""
    board, states = film.document.storyboard, film.states
    if board.chain_image(0) is None:
        text = translate("Preview", "The film begins with a picture: choose it.")
        return NextStep(
            translate("Preview", "Choose a start picture"),
            text,
            translate("Preview", "Choose a picture…"),
            "clip.set_image",
        )
    if not board.clips[0].prompt.strip():
        text = translate("Preview", "Describe in a few words what moves, and how.")
        return NextStep(
            translate("Preview", "What happens in the first clip?"),
            text,
            translate("Preview", "Write the prompt"),
            "clip.edit_prompt",
        )
    problem = states.problem or states.state(board.clips[0].id).message
    if problem:
        return NextStep(translate("Preview", "The film is not ready to render yet"), problem)
    return _render(len(board.clips))


def _render(clips: int) -> NextStep:
    text = translate("Preview", "Render the film: it plays here clip by clip while the rest is still rendering.")
    button = (
        translate("Preview", "Render 1 clip") if clips == 1 else translate("Preview", "Render {} clips").format(clips)
    )
    return NextStep(translate("Preview", "Nothing to play yet"), text, button, "render.stale")


class NextStepCard(QFrame):
    """Shows a NextStep in the middle of the picture."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._action: QAction | None = None
        self.setProperty("role", "card")
        self.title, self.text, self.button = QLabel(), QLabel(), QPushButton()
        self.title.setProperty("role", "heading")
        self.text.setProperty("tone", "dim")
        self.button.setProperty("primary", "true")
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        for label in (self.title, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.clicked.connect(self._go)
        self.hide()

    def show_step(self, step: NextStep | None) -> None:
        """Show this step, or nothing."""
        self.setVisible(step is not None)
        if step is None:
            self._follow(None)
            return
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.button.setText(step.button)
        self.button.setVisible(bool(step.action_id))
        self._follow(self._actions.action(step.action_id) if step.action_id else None)
        self.place()

    def place(self) -> None:
        """Stand in the middle of the picture, as wide as words are read well."""
        parent = self.parentWidget()
        if parent is not None:
            width = min(440, parent.width() - 24)
            self.setFixedWidth(max(160, width))
            self.resize(self.width(), self.heightForWidth(self.width()))
            self.move((parent.width() - self.width()) // 2, max(0, (parent.height() - self.height()) // 2))

    def _follow(self, action: QAction | None) -> None:
        """The button is grey while its action is."""
        if self._action is not None:
            self._action.changed.disconnect(self._show_possible)
        self._action = action
        if action is not None:
            action.changed.connect(self._show_possible)
        self._show_possible()

    @Slot()
    def _show_possible(self) -> None:
        if self._action is not None:
            self.button.setEnabled(self._action.isEnabled())
            self.button.setToolTip(self._action.toolTip())

    def _go(self) -> None:
        if self._action is not None:
            self._action.trigger()
