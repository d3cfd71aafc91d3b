"""Step by step from a picture over the story to the kind of film, for those who want to look at each step."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.bar_words import idle_words
from svi_studio.document.render.commands import RenderCommands
from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.storyline.look_step import LookStep
from svi_studio.ui.storyline.picture_step import PictureStep
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.training.step_bar import StepBar

PICTURE, STORY, LOOK = range(3)


class StoryGuide(QWidget):
    """A bar of steps over ``pages``, the second of which is the desk.

    ``write_wanted``: the story should be written now. ``done``: the film renders. ``stepped`` brings the step.
    """

    write_wanted = Signal()
    done = Signal()
    stepped = Signal(int)

    def __init__(
        self,
        film: OpenFilm,
        desk: StoryDesk,
        commands: RenderCommands,
        pages: QStackedWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._film, self._desk, self._commands, self._pages = film, desk, commands, pages
        self.steps = StepBar((self.tr("Picture"), self.tr("Story"), self.tr("Kind of film")), self)
        self._inspected = InspectedFilm(film, self)
        self._inspected.shelf.look()
        self.picture = PictureStep(self._inspected, self)
        self.look = LookStep(self._inspected, self)
        self.title = QLabel(self)
        self.forward = QPushButton(self)
        self._lay_out()
        self.steps.wanted.connect(self.go_to)
        self.forward.clicked.connect(self._go_on)
        desk.changed.connect(self.refresh)
        desk.accepted.connect(self._accepted)
        film.document.changed.connect(self.refresh)
        commands.changed.connect(self.refresh)
        self.step = PICTURE
        self.go_to(PICTURE)

    def leave(self) -> None:
        """Removes the bar of steps; the proposal stays."""
        self._inspected.close()
        for page in (self.picture, self.look):
            self._pages.removeWidget(page)
            page.deleteLater()
        self.hide()
        self.deleteLater()

    @Slot(int)
    def go_to(self, step: int) -> None:
        """Shows a step; the story is written when it is first looked at."""
        self.step = step
        self._pages.setCurrentIndex((1, 0, 2)[step])
        if step == STORY and self._desk.is_empty and not self._desk.is_busy and not self._is_told:
            self.write_wanted.emit()
        self.refresh()
        self.stepped.emit(step)

    @property
    def _is_told(self) -> bool:
        return any(clip.prompt.strip() for clip in self._film.document.storyboard.clips)

    @Slot()
    def refresh(self) -> None:
        """Enables what can be pressed now."""
        has_picture = self._film.document.storyboard.reference_image is not None
        reachable = (LOOK if self._is_told else STORY) if has_picture else PICTURE
        self.steps.show_step(self.step, reachable)
        self.title.setText(
            (
                self.tr("Which picture does the film start from?"),
                self.tr("Is this the story?"),
                self.tr("What kind of film is it?"),
            )[self.step]
        )
        self._show_forward(has_picture)
        self.look.show_offer(idle_words(self._commands.offer))

    def _show_forward(self, has_picture: bool) -> None:
        ready = has_picture
        words = self.tr("Next: the story")
        if self.step == STORY:
            chosen = bool(self._desk.chosen)
            ready = (chosen or self._is_told) and not self._desk.is_busy
            words = self.tr("Accept it and go on") if chosen else self.tr("Next: the kind of film")
        elif self.step == LOOK:
            ready, words = bool(self._commands.offer.clips), self.tr("Render the film")
        self.forward.setText(words)
        self.forward.setEnabled(ready)
        keep_icon(self.forward, "play" if self.step == LOOK else "arrow-right", "on-accent")

    @Slot()
    def _go_on(self) -> None:
        if self.step == PICTURE:
            self.go_to(STORY)
        elif self.step == LOOK:
            if self._commands.render():
                self.done.emit()
        elif self._desk.chosen:
            self._desk.accept()
        else:
            self.go_to(LOOK)

    @Slot(int)
    def _accepted(self, _count: int) -> None:
        if self.step == STORY:
            self.go_to(LOOK)

    def _lay_out(self) -> None:
        self.title.setProperty("role", "title")
        self.forward.setProperty("primary", True)
        column_of(
            self.steps,
            row_of((self.title, 1), (self.forward, 0, Qt.AlignmentFlag.AlignVCenter), spacing=12),
            within=self,
            spacing=10,
            margins=(0, 0, 0, 8),
        )
        self._pages.addWidget(self.picture)
        self._pages.addWidget(self.look)
