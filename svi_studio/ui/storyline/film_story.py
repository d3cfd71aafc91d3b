"""The storyline helper in a film's window: its desk, its own window when it is first wanted, and its menu entries."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.preferences import Preferences
from svi_studio.document.render.film_render import FilmRender
from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.document.story.story_files import StoryFiles
from svi_studio.document.story.story_writers import StoryWriters
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.bring_forward import bring_forward
from svi_studio.ui.window.status_line import StatusLine

if TYPE_CHECKING:
    from svi_studio.document.commands.story_picture import StoryPicture
    from svi_studio.document.story.story_server import StoryServer
    from svi_studio.domain.story.proposal import Proposal
    from svi_studio.domain.story.starting_picture import StartingPicture
    from svi_studio.ui.storyline.window import StoryWindow


class FilmStory(QObject):
    """Ends with the film by itself. ``opened`` comes with the window when it is made."""

    opened = Signal(object)
    model_wanted = Signal()

    def __init__(
        self,
        film: OpenFilm,
        preferences: Preferences,
        window: QWidget,
        *,
        actions: Actions,
        thumbnails: Thumbnails,
        status: StatusLine,
        rendering: FilmRender,
    ) -> None:
        super().__init__(window)
        self.window: StoryWindow | None = None
        self._film, self._preferences, self._parent = film, preferences, window
        self._thumbnails, self._status, self._actions = thumbnails, status, actions
        self._server: StoryServer | None = None
        self.writers = StoryWriters(film, rendering.service, rendering.turn, self)
        self._files = StoryFiles(film, self.writers, self)
        self.desk = StoryDesk(film, self)
        self._attach()
        self.desk.changed.connect(self._show_status)
        self.writers.loading.connect(lambda name: status.tell(self.tr("Loading {name}…").format(name=name)))
        self.desk.accepted.connect(self._tell_accepted)
        film.selection.changed.connect(self._show_actions)
        film.document.changed.connect(self._show_actions)
        film.closing.connect(self.shutdown)
        self._show_actions()

    @Slot()
    def open(self) -> "StoryWindow":
        """Shows the window."""
        window = self.window or self._make()
        bring_forward(window)
        return window

    @property
    def preferred_writer(self) -> WriterChoice:
        """Who wrote last; the templates when that is not complete."""
        return self.writers.choice(self._preferences)

    def use_writer(self, choice: WriterChoice) -> None:
        """Lets this writer write what the desk asks for."""
        self.desk.make_writer = self.writers.maker_for(choice)
        self.desk.can_use_templates = choice.kind is not WriterKind.TEMPLATES

    def show_proposal(self, proposal: "Proposal") -> None:
        """Puts prompts from a file on the desk, and shows it."""
        if self.desk.make_writer is None:
            self.use_writer(self.preferred_writer)
        self.desk.show(proposal)
        self.open()

    @Slot()
    def shutdown(self) -> None:
        """Ends the threads; the window goes with its parent."""
        if self.window is not None:
            self.window.hide()
        if self._server is not None:
            self._server.close()
        self.desk.close()
        self.writers.close()
        self._files.close()

    def _attach(self) -> None:
        connect = self._actions.connect_action
        connect("film.story", self.open)
        connect("film.ready_made", lambda: self.choose_ready_made(self._film.commands.pictures.set_reference))
        connect("film.import_prompts", self._import)
        connect("film.export_prompts", self._export)
        connect("clip.story_after", lambda: self._open_at("after"))
        connect("clip.rewrite", self._open_rewriting)

    def _open_at(self, target: str) -> None:
        self.open().begin_at(target)

    def _open_rewriting(self) -> None:
        from svi_studio.ui.storyline.window import REWRITE  # noqa: PLC0415 - only when it is wanted

        self.open().show_mode(REWRITE)

    def _make(self) -> "StoryWindow":
        from svi_studio.document.story.story_server import StoryServer  # noqa: PLC0415 - only when it is wanted
        from svi_studio.ui.storyline.window import StoryWindow  # noqa: PLC0415

        self._server = StoryServer(self.writers.keys, self)
        self.window = window = StoryWindow(
            self._film,
            self.desk,
            self._server,
            self._preferences,
            self._thumbnails,
            self.use_writer,
            self._parent,
        )
        for action_id in ("edit.undo", "edit.redo"):  # their keys work here, too
            window.addAction(self._actions.action(action_id))
        window.sound_wanted.connect(self._follow_sound)
        window.search_wanted.connect(self._search)
        window.ready_made_wanted.connect(self._ready_made)
        window.model_wanted.connect(self.model_wanted)
        self.opened.emit(window)
        return window

    @Slot(object)
    def _follow_sound(self, file: Path) -> None:
        """As many clips as the film needs to be as long as a sound."""
        self._files.clips_for_sound(file, lambda clips: self._take_length(file, clips))

    def _take_length(self, file: Path, clips: int) -> None:
        if self.window is not None:
            self.window.brief.follow_sound(file.name, clips)

    @Slot()
    def _search(self) -> None:
        from svi_studio.ui.storyline.search_dialog import PictureSearchDialog  # noqa: PLC0415 - only when it is wanted

        window = self.open()
        dialog = PictureSearchDialog(self._files.pictures_folder, window.brief.words, window)
        dialog.chosen.connect(window.take_picture)
        dialog.open()

    @Slot()
    def _ready_made(self) -> None:
        window = self.open()
        self._offer_ready_made(window, window.brief.words, window.take_picture)

    def choose_ready_made(self, take: Callable[[Path], object]) -> None:
        """Lets the user choose one of the program's own pictures, over the film's window; ``take`` gets its path."""
        self._offer_ready_made(self._parent, "", lambda picture: take(picture.path))

    def _offer_ready_made(self, over: QWidget, words: str, take: "Callable[[StoryPicture], object]") -> None:
        from svi_studio.ui.storyline.ready_made_dialog import ReadyMadeDialog  # noqa: PLC0415 - only when it is wanted

        def show(pictures: "tuple[StartingPicture, ...]") -> None:
            dialog = ReadyMadeDialog(pictures, words, self._thumbnails, over)
            dialog.chosen.connect(take)
            dialog.open()

        self._files.ready_made(show)

    def _import(self) -> None:
        from svi_studio.ui.storyline.prompt_files import ask_import  # noqa: PLC0415 - only when it is wanted

        ask_import(self._parent, self.import_file)

    @Slot(Path)
    def import_file(self, path: Path) -> None:
        """Proposes the prompts in a text file as clips of the film, and says how it was read."""

        def show(proposal: "Proposal", said: str) -> None:
            self.show_proposal(proposal)
            self.open().tell_read(said)

        self._files.read_prompts(path, show)

    def _export(self) -> None:
        from svi_studio.ui.storyline.prompt_files import ask_export  # noqa: PLC0415 - only when it is wanted

        def write(path: Path, kind: str) -> None:
            said = self.tr("{name} is saved.").format(name=path.name)
            self._files.write_prompts(path, kind, lambda: self._status.tell(said))

        ask_export(self._parent, self._film.document.storyboard.title or self._film.path.stem, write)

    @Slot()
    def _show_status(self) -> None:
        progress = self.desk.progress
        if progress is None:
            self._status.show_part("story", "")
            return
        said = self.tr("Writing clip {number} of {count}").format(number=progress.clip, count=progress.clips)
        self._status.show_part("story", said, "text", "accent", len(progress.cards) / max(1, progress.clips))

    @Slot(int)
    def _tell_accepted(self, count: int) -> None:
        one, many = self.tr("1 card is in the film."), self.tr("{count} cards are in the film.")
        self._status.tell(one if count == 1 else many.format(count=count))

    @Slot()
    def _show_actions(self) -> None:
        some, free = bool(self._film.selection.ids), not self._film.read_only
        for action_id in ("film.story", "film.import_prompts", "film.ready_made"):
            self._actions.set_enabled(action_id, free)
        for action_id in ("clip.story_after", "clip.rewrite"):
            self._actions.set_enabled(action_id, free and some)
        self._actions.set_enabled("film.export_prompts", bool(self._film.document.storyboard.clips))
