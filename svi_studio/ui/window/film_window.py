"""The window of one open film: what it says about saving and rendering, and what happens to dropped files."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog

from svi_studio.document import words
from svi_studio.document.film.file_place import place_words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.dropped import tell_kind
from svi_studio.document.pictures.picture_files import picture_filter
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.pictures.video_files import video_filter
from svi_studio.document.preferences import Preferences
from svi_studio.document.render.film_render import FilmRender
from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.notifications import Notifications
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.render.render_news import RenderNews
from svi_studio.ui.window.film_actions import FilmActions
from svi_studio.ui.window.film_closing import FilmClosing
from svi_studio.ui.window.main_window import MainWindow
from svi_studio.ui.window.sound_actions import SoundActions

_REFUSED_SECONDS = 10.0


class FilmWindow(MainWindow):
    """Owns its film: closing the window saves it and ends its threads.

    ``prompts_dropped`` carries a text file of prompts that was dropped on the window, ``weights_dropped`` a file of a
    model. ``models_changed``: others are on this computer now.
    """

    prompts_dropped = Signal(Path)
    weights_dropped = Signal(object)
    models_changed = Signal()

    def __init__(
        self,
        film: OpenFilm,
        actions: Actions,
        preferences: Preferences,
        open_film: Callable[[Path], object],
    ) -> None:
        super().__init__(actions, preferences, open_film)
        self.film = film
        self.parts: object = None  # what joins the panels, kept alive with the window
        self._open_film = open_film
        film.setParent(self)
        self.setObjectName("film")
        self.thumbnails = Thumbnails(self)
        self.notifications = Notifications(self, preferences)
        self.rendering = FilmRender(film, self)
        RenderNews(
            film.document,
            self.rendering,
            status=self.status,
            thumbnails=self.thumbnails,
            notifications=self.notifications,
        )
        self.closing = FilmClosing(film, self.rendering, self.banners, self)
        self.film_actions = FilmActions(actions, film, self)
        self.sound_actions = SoundActions(actions, film, self.banners, self.status, self)
        self.closing.hear_out(self.sound_actions.recording)
        self.may_close = self.closing.may_close
        self.closing.agreed.connect(self.close)
        self.closed.connect(self._take_apart)
        self._attach()
        self._listen()
        self._show_title()
        self._tell_how_it_opened()

    def _attach(self) -> None:
        connect = self.actions_table.connect_action
        if self.film.writer is not None:
            connect("film.save", self.film.writer.save)
        connect("film.show_folder", self._show_folder)
        connect("film.relink", self._relink)
        connect("clip.set_image", self._choose_picture)
        connect("clip.set_end_image", self._choose_end_picture)
        connect("clip.go_on_from_video", self._choose_video)
        self.actions_table.set_enabled("clip.set_image", False)  # until a clip is selected
        self.actions_table.set_enabled("film.relink", False)

    def _listen(self) -> None:
        document = self.film.document
        document.changed.connect(self._show_title)
        document.refused.connect(self._refused)
        document.save_state.connect(self._show_saving)
        self.film.missing.changed.connect(self._show_missing)
        self.film.states.facts_changed.connect(self._show_problem)
        self.film.lora_questions.changed.connect(self._show_question)
        for busy in (self.film.pictures.busy, self.film.dances.busy, self.film.skeleton_changes.busy):
            busy.connect(self.status.showMessage)
        self.film.takes.deleted.connect(self._tell_freed)
        self.dropped.connect(self._take_dropped)
        self._show_saving(document.last_save)

    def _tell_how_it_opened(self) -> None:
        if self.film.read_only:
            self.banners.tell("read-only", "info", self.film.document.read_only_reason)
            self.status.show_part("save", self.tr("Read only"), "lock")
        if self.film.recovered:
            count = self.film.recovered
            words = self.tr("The program ended unexpectedly last time. Your last edit was restored.")
            many = self.tr("The program ended unexpectedly last time. Your last {count} edits were restored.")
            self.banners.tell("recovered", "ok", words if count == 1 else many.format(count=count))

    @Slot()
    def _take_apart(self) -> None:
        """Hides the window first, as ending the worker may take some seconds; then closes the film."""
        self.hide()
        self.rendering.close(go_on=self.closing.go_on)
        self.thumbnails.close()
        self.film.close()

    @Slot()
    def _show_title(self) -> None:
        title = self.film.document.storyboard.title.strip() or self.film.path.stem
        read_only = self.tr(" (read only)") if self.film.read_only else ""
        self.setWindowTitle(f"{' '.join(title.split())}{read_only} – SVI Studio")

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        self.banners.tell("refused", "warn", sentence, seconds=_REFUSED_SECONDS)

    @Slot(object)
    def _tell_freed(self, freed: int) -> None:
        self.status.tell(self.tr("{size} of disk space freed").format(size=words.size(freed)))

    @Slot(object)
    def _show_saving(self, state: SaveState) -> None:
        if self.film.read_only:
            return
        self.status.show_saving(state)
        if state.kind is SaveKind.FAILED:
            retry = [(self.tr("Try again"), self.film.writer.save)] if self.film.writer else []
            kept = self.tr("Your edits are kept in memory and saved as soon as the disk allows it.")
            self.banners.tell("saving", "danger", f"{state.sentence} {kept}", retry)
        elif state.kind is SaveKind.SAVED:
            self.banners.dismiss("saving")

    @Slot()
    def _show_missing(self) -> None:
        names = self.film.missing.names
        self.actions_table.set_enabled("film.relink", bool(names) and not self.film.read_only)
        if not names:
            self.banners.dismiss("missing")
            return
        words = self.tr("1 file of this film is missing.")
        many = self.tr("{count} files of this film are missing.").format(count=len(names))
        ways = [] if self.film.read_only else [(self.tr("Find them…"), self._relink)]
        rest = self.tr("Everything else still works.")
        self.banners.tell("missing", "warn", f"{words if len(names) == 1 else many} {rest}", ways)

    @Slot()
    def _show_problem(self) -> None:
        problem = self.film.states.problem
        if problem and not self.film.missing.names:
            self.banners.tell("problem", "warn", problem)
        else:
            self.banners.dismiss("problem")

    @Slot()
    def _show_question(self) -> None:
        """The first question about LoRAs, before anybody renders for hours."""
        questions = self.film.lora_questions
        if self.film.read_only or not questions.asked:
            self.banners.dismiss("loras")
            return
        advice = questions.asked[0]
        ways: list[tuple[str, Callable[[], object]]] = [
            (mend.words, partial(questions.mend, advice, mend)) for mend in advice.mends
        ]
        ways.append((self.tr("Keep it as it is"), partial(questions.leave, advice)))
        self.banners.tell("loras", "warn", advice.text, ways)

    def _show_folder(self) -> None:
        open_with_system(self.film.path)

    def _relink(self) -> None:
        from svi_studio.ui.dialogs.relink import RelinkDialog  # noqa: PLC0415 - only when it is wanted

        RelinkDialog(self.film.missing, self._place_of, self).open()

    def _place_of(self, name: str) -> str:
        return place_words(self.film.document.storyboard, name)

    def _choose_picture(self) -> None:
        clip_id = self.film.selection.current
        if clip_id is None:
            return
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", picture_filter())
        if path:
            self.film.commands.pictures.set_image(clip_id, Path(path))

    def _choose_end_picture(self) -> None:
        ids = self.film.selection.ids
        title = self.tr("Choose a picture to end on")
        choose_file(
            self, title, picture_filter(), lambda file: self.film.commands.ends.set_end(ids, Path(file))
        ).setObjectName("choose picture")

    def _choose_video(self) -> None:
        clip_id = self.film.selection.current
        title = self.tr("Choose a video to go on from")
        choose_file(
            self, title, video_filter(), lambda file: self.film.commands.ends.go_on_from_video(Path(file), clip_id)
        ).setObjectName("choose video")

    @Slot(list)
    def _take_dropped(self, paths: Sequence[Path]) -> None:
        """Opens a dropped film, lays sounds under this one, gives one picture to the current clip, or adds clips."""
        if self.sound_actions.take(paths):
            return
        found = tell_kind(paths)
        if found.kind == "nothing":
            self._refused(found.sentence)
        elif found.kind == "film":
            self._open_film(found.paths[0])
        elif found.kind == "weights":
            self.weights_dropped.emit(found.paths[0])
        elif found.kind == "prompts":
            self.prompts_dropped.emit(found.paths[0])
        elif found.kind == "video":  # one whose name says that it has no sound
            self.film.commands.ends.insert_after_video(found.paths[0], len(self.film.document.storyboard.clips))
        elif len(found.paths) == 1 and self.film.selection.current is not None:
            self.film.commands.pictures.set_image(self.film.selection.current, found.paths[0])
        else:
            self.film.commands.pictures.insert(found.paths, len(self.film.document.storyboard.clips))
