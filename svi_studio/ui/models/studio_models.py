"""The models in the running program: their window, and the way of a model or a LoRA into a film."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.models.fetch_words import state_words
from svi_studio.document.models.kit_states import KitState
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.models.use_model import use_model
from svi_studio.ui.controls.confirm import ask
from svi_studio.ui.desktop.bring_forward import bring_forward

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.ui.models.models_window import ModelsWindow, PageName
    from svi_studio.ui.window.film_window import FilmWindow


class StudioModels(QObject):
    """Made when the models are first wanted. ``windows`` gives the films' windows; ``closed``: the window was hidden.

    ``models_changed``: other models can be used now. Every film's window hears that too, and shows what is coming.
    """

    closed = Signal()
    models_changed = Signal()

    def __init__(
        self, desk: ModelsDesk, windows: Callable[[], Sequence["FilmWindow"]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        desk.setParent(self)
        self.desk, self._windows = desk, windows
        self._target: FilmWindow | None = None
        self.window: ModelsWindow | None = None
        desk.changed.connect(self._changed)
        desk.fetches.changed.connect(self._show_status)
        desk.fetches.failed.connect(self._failed)
        self._names: tuple[str, ...] = ()
        self._followed: OpenFilm | None = None
        self._film_model = ""
        self._copying = 0

    @property
    def is_open(self) -> bool:
        """Whether its window is on the screen."""
        return self.window is not None and self.window.isVisible()

    @property
    def is_busy(self) -> bool:
        """Whether anything is being fetched."""
        return self.desk.fetches.is_busy

    def open(self, asked_by: QWidget | None = None, page: "PageName | None" = None) -> "ModelsWindow":
        """Shows the window; models and LoRAs then go into the film of the window ``asked_by``."""
        windows = list(self._windows())
        self._target = next((film for film in windows if film is asked_by), windows[-1] if windows else None)
        window = self.window or self._make()
        self.films_changed()
        if page is not None:
            window.show_page(page)
        bring_forward(window)
        return window

    @Slot()
    def films_changed(self) -> None:
        """Updates the window after films were opened, closed or edited."""
        windows = list(self._windows())
        if self._target not in windows:
            self._target = windows[-1] if windows else None
        film = self._target.film if self._target is not None else None
        if film is not None and film is not self._followed:
            self._followed = film
            film.document.changed.connect(self._film_edited)
        model = film.document.storyboard.model if film is not None and not film.read_only else None
        self._film_model = model or ""
        self.desk.set_film_model(self._film_model)
        if self.window is not None:
            self.window.show_film(model)

    @Slot()
    def _film_edited(self) -> None:
        """The inspector may have given it another model."""
        film = self._target.film if self._target is not None else None
        if film is not None and film.document.storyboard.model != self._film_model:
            self.films_changed()

    def ask_about(self, path: Path) -> None:
        """Says what a file is."""
        if self.window is not None:
            self.window.take([path])

    def ask_to_quit(self, then: Callable[[], object]) -> None:
        """Asks whether fetches may be stopped, because the program is to end; ``then`` when they may."""
        ask(
            self.open(),
            self.tr("A model is still coming"),
            self.tr("What came of it is kept, and it goes on from there at any time."),
            self.tr("Stop it and quit"),
            then,
        )

    def close(self) -> bool:
        """Ends everything; what came of fetches is kept. Returns whether all threads have ended."""
        if self.window is not None:
            self.window.shutdown()
            self.window.deleteLater()
            self.window = None
        return self.desk.close()

    def _make(self) -> "ModelsWindow":
        from svi_studio.ui.models.models_window import ModelsWindow  # noqa: PLC0415 - only when it is wanted

        self.window = window = ModelsWindow(self.desk)
        window.use_wanted.connect(self._use_model)
        window.kit_wanted.connect(self._use_kit)
        window.lora_wanted.connect(self._use_lora)
        window.closed.connect(self.closed)
        return window

    @Slot(str)
    def _use_model(self, name: str) -> None:
        film = self._target
        if film is None or self.window is None:
            return
        said = use_model(film.film, name, self.desk.installed)
        self.window.tell("ok" if said.is_done else "warn", said.sentence)
        self.films_changed()

    @Slot(object)
    def _use_kit(self, state: KitState) -> None:
        film, window = self._target, self.window
        if film is not None and window is not None:
            tell = window.tell
            self.desk.use_kit(film.film, state, lambda words: tell("ok", words), lambda words: tell("warn", words))

    @Slot(object)
    def _use_lora(self, path: Path) -> None:
        film, window = self._target, self.window
        if film is None or window is None:
            return
        self._copying += 1
        window.loras.detail.set_busy(True)

        def said(tone: str, sentence: str) -> None:
            self._copying -= 1
            window.loras.detail.set_busy(self._copying > 0)
            window.tell(tone, sentence)

        self.desk.use_lora(film.film, path, lambda words: said("ok", words), lambda words: said("warn", words))

    @Slot()
    def _show_status(self) -> None:
        """What is coming, in the status line of every film."""
        states = [state for state in self.desk.fetches.states.values() if not state.is_over]
        first = next((state for state in states if state.stage != "waiting"), states[0] if states else None)
        for window in self._windows():
            if first is None:
                window.status.show_part("models", "")
                continue
            paused = first.stage == "paused"
            words = self.tr("{title}: {state}").format(title=first.title, state=state_words(first))
            window.status.show_part(
                "models", words, "pause" if paused else "arrow-down", "warn" if paused else "accent", first.part
            )

    @Slot(str, str)
    def _failed(self, title: str, sentence: str) -> None:
        for window in self._windows():
            window.notifications.failed(self.tr("{title} did not come").format(title=title), sentence)

    @Slot()
    def _changed(self) -> None:
        names = tuple(model.name for model in self.desk.installed if not model.problem)
        if names != self._names:
            self._names = names
            self.models_changed.emit()
            for window in self._windows():
                window.models_changed.emit()
