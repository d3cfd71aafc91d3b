"""The running program: its preferences, its welcome, its films, and the way from one to the other."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.films import Films
from svi_studio.document.pictures.dropped import tell_kind
from svi_studio.document.preference_names import use_models_folders
from svi_studio.document.preferences import Preferences
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.bring_forward import bring_forward
from svi_studio.ui.dialogs.crash_box import left_by_a_crash
from svi_studio.ui.theme import theme
from svi_studio.ui.welcome.new_film_warning import NewFilmWarning, SubjectWays
from svi_studio.ui.welcome.welcome_control import WelcomeControl
from svi_studio.ui.window.banner import BannerStack
from svi_studio.ui.window.film_windows import FilmWindows
from svi_studio.ui.window.program_actions import ProgramActions, ProgramWays

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.ui.models.models_window import PageName
    from svi_studio.ui.models.studio_models import StudioModels
    from svi_studio.ui.storyline.film_maker import FilmMaker
    from svi_studio.ui.training.studio_training import StudioTraining
    from svi_studio.ui.window.film_window import FilmWindow


class Studio(QObject):
    """``start`` shows the first window; ``close`` ends every thread.

    ``film_shown`` carries each FilmWindow, ``finished`` comes when the last window has closed.
    """

    film_shown = Signal(object)
    finished = Signal()

    def __init__(self, preferences: Preferences | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences or Preferences(parent=self)
        self.films = Films(self.preferences, self)
        self._welcome: WelcomeControl | None = None
        self._asked_by: QWidget | None = None
        self._quitting = False
        self._training: StudioTraining | None = None
        self._may_stop = False
        self._models: StudioModels | None = None
        self._maker: FilmMaker | None = None
        self._ways = ProgramWays(
            open_film=self.open_film,
            new_from_picture=self.new_from_picture,
            open_training=self.open_training,
            open_models=self.open_models,
            open_loras=lambda window: self.open_models(window, "loras"),
            ask_about_file=self.ask_about_file,
            close_window=self._close_window,
            ask_for_words=self.ask_for_words,
            show_welcome=self.show_welcome,
            quit=self.quit,
        )
        self._windows = FilmWindows(self.films, self._ways, self)
        self._windows.closed.connect(self._film_closed)
        self._windows.kept_open.connect(self._keep_on)
        self.films.opened.connect(self._opened)
        self.films.failed.connect(self._failed)
        self.films.busy.connect(self._busy)
        use_models_folders(self.preferences)
        theme().set_mode(self.preferences.theme)
        self.preferences.changed.connect(self._preference_changed)

    @property
    def windows(self) -> "list[FilmWindow]":
        """The windows of the open films."""
        return self._windows.all

    @property
    def welcome(self) -> WelcomeControl | None:
        """The welcome while it is open."""
        return self._welcome

    def open_training(self, window: QWidget | None = None) -> "StudioTraining":
        """Shows the window in which LoRAs are trained; one that is done can go into the film of ``window``."""
        if self._training is None:
            from svi_studio.document.training.program_training import ProgramTraining  # noqa: PLC0415 - only when wanted
            from svi_studio.ui.training.studio_training import StudioTraining  # noqa: PLC0415

            self._training = StudioTraining(
                ProgramTraining(self.preferences, self.films.turn), lambda: self.windows, self
            )
            self._training.closed.connect(self._end_when_empty)
            self._training.models_wanted.connect(lambda: self.open_models(None, "get"))
        self._training.open(window)
        return self._training

    def open_models(self, window: QWidget | None = None, page: "PageName | None" = None) -> "StudioModels":
        """Shows the window of the models; one of them, or a LoRA, can go into the film of ``window``."""
        if self._models is None:
            from svi_studio.document.models.models_desk import ModelsDesk  # noqa: PLC0415 - only when they are wanted
            from svi_studio.ui.models.studio_models import StudioModels  # noqa: PLC0415

            self._models = StudioModels(ModelsDesk(self.preferences), lambda: self.windows, self)
            self._models.closed.connect(self._end_when_empty)
            self._models.models_changed.connect(self._models_changed)
        self._models.open(window, page)
        return self._models

    @Slot()
    def _models_changed(self) -> None:
        if self._training is not None:
            self._training.look_at_models()
        if self._welcome is not None:
            self._welcome.look_at_models()

    def ask_about_file(self, path: Path, window: QWidget | None = None) -> None:
        """Says what a file of weights is."""
        self.open_models(window).ask_about(path)

    def start(self, path: Path | None = None) -> None:
        """Shows the welcome, or opens the film at ``path``; with the welcome behind it when that fails."""
        self.show_welcome()
        if path is not None:
            self.open_film(path)
        QTimer.singleShot(0, self, self._tell_crash)

    def show_welcome(self) -> WelcomeControl:
        """Brings the welcome to the front."""
        if self._welcome is None:
            actions = Actions(keys=self.preferences.keys, icons=False)
            self._welcome = WelcomeControl(actions, self.preferences, self.films.looks, self)
            ProgramActions(self.films, self._ways, actions, self._welcome.window)
            self._welcome.window.closed.connect(self._welcome_closed)
            self._welcome.window.dropped.connect(self.take_dropped)
            self._welcome.open_film.connect(self.open_film)
            self._welcome.new_from_picture.connect(self.new_from_picture)
            self._welcome.new_from_example.connect(self.new_from_example)
            self._welcome.window.story.wanted.connect(lambda words, look: self.ask_for_film_about(words, look=look))
        self._welcome.show()
        return self._welcome

    def open_film(self, path: Path, asked_by: QWidget | None = None) -> None:
        """Opens the film at ``path``, or brings its window to the front when it is open already."""
        if (window := self._windows.of_film(path)) is not None:
            bring_forward(window)
            return
        self._ask(asked_by).open(path)

    def new_from_picture(self, picture: Path, asked_by: QWidget | None = None) -> None:
        """Makes a film from a picture and opens it; one that its model cannot draw only after a word."""
        self._busy(self.tr("Looking at the picture"))

        def make(chosen: Path, model: str) -> None:
            self._ask(asked_by).new_from_picture(chosen, model)

        self._new_film_warning(asked_by).picture(picture, self._banners_of(asked_by), make, lambda: self._busy(""))

    def new_from_example(self, name: str, asked_by: QWidget | None = None) -> None:
        """Makes a film from an example and opens it."""
        self._ask(asked_by).new_from_example(name)

    def ask_for_film_about(self, subject: str, *, look: bool = False) -> None:
        """Makes a film about ``subject`` as ``make_film_about``; asks first when the model does not know the words."""
        welcome = self.show_welcome().window
        self._busy(self.tr("Reading your words"))

        def make(model: str) -> None:
            self.make_film_about(subject, look=look, model=model)

        ways = SubjectWays(make, welcome.story.show_words, lambda: self._busy(""))
        self._new_film_warning(None).subject(subject, welcome.banners, ways)

    def make_film_about(self, subject: str, *, look: bool = False, seed: int | None = None, model: str = "") -> None:
        """From a few words to a film of ``model`` ("" = the usual one); with ``look`` the user decides each step."""
        if self._maker is None:
            from svi_studio.ui.storyline.film_maker import FilmMaker  # noqa: PLC0415 - only when it is wanted

            self._maker = FilmMaker(self)
            self.film_shown.connect(self._maker.take)
        told, seed = self._maker.begin(subject, look=look, seed=seed)
        self._ask(None).new_about(subject, seed, told, model)

    @Slot()
    def ask_for_words(self) -> None:
        """Shows the welcome, ready for the words of a film."""
        self.show_welcome().window.story.words.setFocus()

    @Slot()
    def quit(self) -> None:
        """Closes every window, each of which may ask first; the program ends when the last one has closed."""
        self._quitting = True
        for window in list(self.windows):
            if not window.close():
                return  # it asks; once it has closed, the others follow
        if self._welcome is not None:
            self._welcome.window.close()
        self._end_when_empty()

    @Slot()
    def end_now(self) -> None:
        """Closes everything without a question, as when the system goes down; renders go on at the next start."""
        self._windows.close_unasked()
        self._may_stop = True
        self.quit()

    def close(self) -> bool:
        """Ends what still runs, without asking; returns whether every thread has ended."""
        self._windows.close_unasked()
        if self._welcome is not None:
            self._welcome.window.close()
        trained = self._training.close() if self._training is not None else True
        fetched = self._models.close() if self._models is not None else True
        self.preferences.sync()
        return self.films.close() and trained and fetched

    def _ask(self, asked_by: QWidget | None) -> Films:
        self._asked_by = asked_by
        return self.films

    @Slot(object)
    def _opened(self, film: "OpenFilm") -> None:
        before = self._windows.find(self._asked_by)
        window = self._windows.show(film)
        self.film_shown.emit(window)
        self._tell_training()
        if self._welcome is not None:
            self._welcome.window.close()
        if before is not None and (before.rendering.is_busy or not before.close()):  # one that renders is asked nothing
            bring_forward(window)  # before the other one

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self._banners_of(self._asked_by).tell("failed", "danger", sentence)

    def _banners_of(self, window: QWidget | None) -> BannerStack:
        """The banners of ``window``; those of the welcome when it is no film's."""
        film = self._windows.find(window)
        return film.banners if film is not None else self.show_welcome().window.banners

    def _new_film_warning(self, window: QWidget | None) -> NewFilmWarning:
        film = self._windows.find(window)
        actions = film.actions_table if film is not None else self.show_welcome().actions
        return NewFilmWarning(self.films.looks, actions.action("film.models").trigger, self._banners_of(window))

    @Slot(str)
    def _busy(self, sentence: str) -> None:
        if self._welcome is not None:
            self._welcome.window.set_busy(sentence)

    def _close_window(self, window: QWidget) -> None:
        """From a film back to the welcome."""
        film = self._windows.find(window)
        if film is None:
            window.close()
            return
        self.show_welcome()
        if not film.close() and self._welcome is not None:
            self._welcome.window.close()

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Opens what was dropped on the welcome."""
        found = tell_kind(paths)
        if found.kind == "film":
            self.open_film(found.paths[0])
        elif found.kind == "pictures":
            self.new_from_picture(found.paths[0])
        elif found.kind == "video":
            self._ask(None).new_from_video(found.paths[0])
        elif found.kind == "weights":
            self.ask_about_file(found.paths[0])
        elif self._welcome is not None:
            prompts = self.tr("Prompts go into a film: make or open one, then drop the file on its window.")
            self._welcome.window.banners.tell("failed", "warn", found.sentence or prompts, seconds=10)

    @Slot()
    def _film_closed(self) -> None:
        self._tell_training()
        QTimer.singleShot(0, self, self.quit if self._quitting else self._end_when_empty)

    @Slot()
    def _keep_on(self) -> None:
        """Gives up quitting, as one of the windows stays open."""
        self._quitting = False

    @Slot()
    def _welcome_closed(self) -> None:
        if self._welcome is not None:
            self._welcome.close()
            self._welcome.deleteLater()
            self._welcome = None
        QTimer.singleShot(0, self, self._end_when_empty)

    def _tell_training(self) -> None:
        for others in (self._training, self._models):
            if others is not None:
                others.films_changed()

    @Slot()
    def _end_when_empty(self) -> None:
        """Ends the program with its last window; no training and no download is cut off unasked."""
        if self.windows or self._welcome is not None:
            return
        others = [each for each in (self._training, self._models) if each is not None]
        busy = next((each for each in others if each.is_busy), None)
        if busy is not None and not self._may_stop:
            self._quitting = False
            busy.ask_to_quit(self._stop_and_end)
        elif self._quitting or self._may_stop or not any(each.is_open for each in others):
            self.finished.emit()

    def _stop_and_end(self) -> None:
        self._may_stop = True
        self._end_when_empty()

    @Slot(str)
    def _preference_changed(self, name: str) -> None:
        if name == "theme" and theme().mode != self.preferences.theme:
            theme().set_mode(self.preferences.theme)
        elif name == "keys":
            tables = [window.actions_table for window in self.windows]
            for actions in [*tables, *([self._welcome.actions] if self._welcome else [])]:
                actions.set_keys(self.preferences.keys)
        elif name == "wishes":
            use_models_folders(self.preferences)

    @Slot()
    def _tell_crash(self) -> None:
        if self._welcome is not None and left_by_a_crash():
            self._welcome.tell_crash()
