"""The window "Write a story": the brief at the left, the desk with the proposed cards at the right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.preferences import Preferences
from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.document.story.story_server import StoryServer
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind
from svi_studio.domain.errors import StudioError
from svi_studio.domain.story.story_brief import StoryBrief, story_brief
from svi_studio.ui.controls.either_box import EitherBox
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.storyline.brief_form import BriefForm
from svi_studio.ui.storyline.desk_panel import DeskPanel
from svi_studio.ui.storyline.rewrite_form import RewriteForm
from svi_studio.ui.storyline.writer_part import WriterPart
from svi_studio.ui.theme.icons import keep_icon
from svi_studio.ui.window.banner import BannerStack

if TYPE_CHECKING:
    from svi_studio.document.render.commands import RenderCommands
    from svi_studio.ui.storyline.guide import StoryGuide

_SIDE = 368
_NOTICE_SECONDS = 12.0
NEW, REWRITE = 0, 1
_STORY_STEP = 1  # of the guide

UseWriter = Callable[[WriterChoice], object]


class StoryWindow(QDialog):
    """One for a film's window. Closed, it only hides: what lies on the desk stays, and a writer goes on.

    ``search_wanted`` and ``ready_made_wanted`` ask for pictures, ``closed`` comes when it was hidden.
    """

    search_wanted = Signal()
    ready_made_wanted = Signal()
    model_wanted = Signal()
    sound_wanted = Signal(object)
    closed = Signal()

    def __init__(  # noqa: PLR0917 - what a window over a film needs
        self,
        film: OpenFilm,
        desk: StoryDesk,
        server: StoryServer,
        preferences: Preferences,
        thumbnails: Thumbnails,
        use_writer: UseWriter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Write a story"))
        self.desk = desk
        self._film, self._use_writer = film, use_writer
        self.guide: StoryGuide | None = None
        self.banners = BannerStack(self)
        self.mode = EitherBox(self.tr("New clips"), self.tr("Rewrite"), self)
        self.brief = BriefForm(thumbnails, self)
        self.rewriting = RewriteForm(self)
        self.forms = QStackedWidget(self)
        self.writer = WriterPart(preferences, server, self)
        self.obstacle = note_label(parent=self)
        self.go = QPushButton(self)
        self.panel = DeskPanel(desk, thumbnails, self)
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.show_mode(NEW)
        self._show_film()

    @Slot(int)
    def show_mode(self, mode: int) -> None:
        """Turns to new clips (NEW) or to other words for clips (REWRITE)."""
        self.forms.setCurrentIndex(mode)
        for place in (NEW, REWRITE):  # the form that does not show must not make the other one scroll
            policy = QSizePolicy.Policy.Preferred if place == mode else QSizePolicy.Policy.Ignored
            (self.brief, self.rewriting)[place].setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.mode.show_value(mode == REWRITE)
        self.refresh()

    def begin_at(self, target: str) -> None:
        """Prepares a new story at this place: ``end``, ``after`` the selected clip, or ``whole``."""
        self.show_mode(NEW)
        self.brief.place.show_value(target)

    def start(self) -> bool:
        """Presses the button: write, or change words. Returns whether a writer is at work now."""
        return self._rewrite() if self.forms.currentIndex() == REWRITE else self._write()

    def use_templates(self) -> bool:
        """Lets the templates write the brief that another writer failed at."""
        self._use_writer(self.writer.choice.but(kind=WriterKind.TEMPLATES))
        return self.desk.try_again()

    def guide_through(self, commands: "RenderCommands") -> None:
        """Goes step by step from the picture to the rendering, which ``commands`` begin."""
        from svi_studio.ui.storyline.guide import StoryGuide  # noqa: PLC0415 - only when it is wanted

        self._leave_guide()
        self.guide = guide = StoryGuide(self._film, self.desk, commands, self.pages, self)
        self.right.insertWidget(0, guide)
        self.panel.accept.hide()  # the guide's own button goes on
        guide.write_wanted.connect(self.start)
        guide.stepped.connect(self._show_step)
        guide.done.connect(self.close)
        guide.show()
        guide.picture.search_wanted.connect(self.search_wanted)
        guide.picture.ready_made_wanted.connect(self.ready_made_wanted)
        guide.picture.model_wanted.connect(self.model_wanted)
        self._show_step(guide.step)

    @Slot(object)
    def take_picture(self, picture: StoryPicture) -> None:
        """A picture was chosen in a dialog: for the story, or for the film when that is asked for."""
        if self.guide is not None and self.pages.currentWidget() is self.guide.picture:
            self.guide.picture.take(picture)
        else:
            self.brief.pictures.add([picture])

    def _leave_guide(self) -> None:
        if self.guide is not None:
            self.guide.leave()
            self.guide = None
            self.pages.setCurrentWidget(self.panel)
            self.panel.accept.show()
            self.side.show()

    @Slot(int)
    def _show_step(self, step: int) -> None:
        self.side.setVisible(step == _STORY_STEP)

    def tell(self, sentence: str) -> None:
        """One sentence above all for a while."""
        self.banners.tell("notice", "warn", sentence, seconds=_NOTICE_SECONDS)

    def tell_read(self, sentence: str) -> None:
        """What was read of a file, as what."""
        self.banners.tell("notice", "info", sentence, seconds=_NOTICE_SECONDS)

    def showEvent(self, event: QShowEvent) -> None:
        """The film may be another one by now."""
        super().showEvent(event)
        self._show_film()
        (self.brief.subject if self.forms.currentIndex() == NEW else self.rewriting.instruction).setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hides; a story that is being written goes on."""
        event.accept()
        self.hide()
        self._leave_guide()
        self.closed.emit()

    def reject(self) -> None:
        """Closes the window on Escape."""
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter writes, from any field."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.go.isEnabled():
            self.go.click()
        elif not enter:
            super().keyPressEvent(event)

    @Slot()
    def refresh(self) -> None:
        """Enables what can be pressed now, and says why the rest cannot."""
        busy, rewriting = self.desk.is_busy, self.forms.currentIndex() == REWRITE
        ready = self.rewriting.is_ready if rewriting else bool(self.brief.words)
        why = self._film.document.read_only_reason or (self.writer.obstacle if ready else "")
        self.go.setText(
            self.tr("Writing…") if busy else self.tr("Rewrite the prompts") if rewriting else self.tr("Write the story")
        )
        self.go.setEnabled(ready and not why and not busy)
        self.obstacle.setText(why)
        self.obstacle.setVisible(bool(why))

    def _write(self) -> bool:
        pictures = self.brief.pictures.pictures
        brief = self._brief(self.brief.fields())
        return brief is not None and self._begin(lambda: self.desk.write(brief, self.brief.target, pictures))

    def _rewrite(self) -> bool:
        fields = self.brief.fields() | {"instruction": self.rewriting.words, "clips": 1}
        fields["subject"] = self.brief.words or self._film.document.storyboard.title.strip()[:400] or self.tr("a film")
        brief = self._brief(fields)
        ids = self._film.selection.ids
        return brief is not None and self._begin(lambda: self.desk.rewrite(ids, brief))

    def _begin(self, start: Callable[[], bool]) -> bool:
        self._use_writer(self.writer.choice)
        return start()

    def _brief(self, fields: dict[str, object]) -> StoryBrief | None:
        board = self._film.document.storyboard
        try:
            return story_brief(**fields, family=board.family, seconds_per_clip=self.desk.seconds_per_clip)
        except StudioError as error:
            self.tell(str(error))
            return None

    @Slot()
    def _show_film(self) -> None:
        """Shows the selected clips of the film, and its picture."""
        document, selection = self._film.document, self._film.selection
        board = document.storyboard
        places = [place for each in selection.ids if (place := document.index(each)) is not None]
        self.brief.show_place(max(places) + 1 if places else None, len(board.clips))
        self.rewriting.show_clips([place for place in sorted(places) if board.clips[place].prompt.strip()])
        self.brief.pictures.show_inherited(self.desk.start_picture)
        self.refresh()

    def _connect(self) -> None:
        desk, film = self.desk, self._film
        self.mode.chosen.connect(lambda other: self.show_mode(REWRITE if other else NEW))
        self.go.clicked.connect(self.start)
        for signal in (self.brief.changed, self.rewriting.changed, self.writer.changed, desk.changed):
            signal.connect(self.refresh)
        self.writer.kind.chosen.connect(self._show_writer_soon)
        desk.refused.connect(self.tell)
        desk.accepted.connect(self._accepted)
        film.document.refused.connect(self._tell_if_shown)
        film.document.changed.connect(self._show_film_if_shown)
        film.selection.changed.connect(self._show_film_if_shown)
        self.panel.templates_wanted.connect(self.use_templates)
        self.panel.empty.idea_chosen.connect(self._try_idea)
        self.brief.pictures.search_wanted.connect(self.search_wanted)
        self.brief.pictures.ready_made_wanted.connect(self.ready_made_wanted)
        self.brief.pictures.strange.model_wanted.connect(self.model_wanted)
        self.brief.pictures.watch(film.reach)
        film.reach.changed.connect(self._show_film_if_shown)
        self.brief.sound_wanted.connect(self.sound_wanted)

    @Slot(str)
    def _try_idea(self, words: str) -> None:
        self.show_mode(NEW)
        self.brief.set_words(words)
        self.go.setFocus()

    @Slot()
    def _show_writer_soon(self) -> None:
        """What the chosen writer needs to know may be below the edge; it has its place a moment later."""
        QTimer.singleShot(0, self, lambda: self.form_area.ensureWidgetVisible(self.writer, 0, 12))

    @Slot(str)
    def _tell_if_shown(self, sentence: str) -> None:
        if self.isVisible():
            self.tell(sentence)

    @Slot()
    def _show_film_if_shown(self) -> None:
        if self.isVisible():
            self._show_film()

    @Slot(int)
    def _accepted(self, count: int) -> None:
        self.brief.set_pictures(())
        one, many = self.tr("1 card is in the film."), self.tr("{count} cards are in the film.")
        words = one if count == 1 else many.format(count=count)
        undo = self._film.document.undo_stack
        self.banners.tell("notice", "ok", words, [(self.tr("Undo"), undo.undo)], seconds=_NOTICE_SECONDS)

    def _lay_out(self) -> None:
        for form in (self.brief, self.rewriting):
            self.forms.addWidget(form)
        inner = QWidget(self)
        inner.setProperty("transparent", True)
        column_of(self.forms, self.writer, self.brief.more, 1, within=inner, spacing=14, margins=(18, 0, 18, 12))
        self.form_area = scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        row = row_of(within=self, spacing=0)
        self.side = self._side(scroll)
        row.addWidget(self.side)
        right = column_of(self.banners, spacing=0)
        room = column_of(margins=(20, 18, 20, 16))
        self.pages.addWidget(self.panel)
        room.addWidget(self.pages, 1)
        self.right = room
        right.addLayout(room, 1)
        row.addLayout(right, 1)
        self.setMinimumSize(920, 600)
        space = self.screen().availableSize()
        self.resize(min(1240, round(space.width() * 0.95)), min(800, round(space.height() * 0.92)))

    def _side(self, scroll: QScrollArea) -> QFrame:
        side = QFrame(self)
        side.setProperty("role", "side")
        side.setFixedWidth(_SIDE)
        title = QLabel(self.tr("Write a story"), side)
        title.setProperty("role", "heading")
        self.go.setProperty("primary", True)
        self.go.setMinimumHeight(36)
        keep_icon(self.go, "text", "on-accent")
        column = column_of(within=side, spacing=12, margins=(0, 20, 0, 16))
        for part in (title, self.mode):
            line = QHBoxLayout()
            line.setContentsMargins(18, 0, 18, 0)
            line.addWidget(part)
            column.addLayout(line)
        column.addWidget(scroll, 1)
        foot = column_of(self.obstacle, self.go, spacing=8, margins=(18, 0, 18, 0))
        column.addLayout(foot)
        return side
