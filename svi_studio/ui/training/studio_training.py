"""Training in the running program: its window, the line in every film's window, the way of a LoRA into a film."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.training import run_words
from svi_studio.document.training.program_training import ProgramTraining
from svi_studio.ui.controls.confirm import ask
from svi_studio.ui.desktop.bring_forward import bring_forward

if TYPE_CHECKING:
    from svi_studio.ui.training.dialog import TrainingDialog
    from svi_studio.ui.window.film_window import FilmWindow


class StudioTraining(QObject):
    """Made when training is first wanted. ``windows`` gives the films' windows; ``closed``: the dialog was hidden.

    ``models_wanted``: the model of a training is not here, and the user wants to get it.
    """

    closed = Signal()
    models_wanted = Signal()

    def __init__(
        self,
        training: ProgramTraining,
        windows: Callable[[], Sequence["FilmWindow"]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        training.setParent(self)
        self._training, self._windows, self.desk = training, windows, training.desk
        self._target: FilmWindow | None = None
        self.dialog: TrainingDialog | None = None
        self.desk.run_changed.connect(self._show_status)
        self.desk.ended.connect(self._show_status)
        training.trained.connect(self._trained)
        training.failed.connect(self._failed)

    @property
    def is_busy(self) -> bool:
        """Whether a training is under way."""
        return self.desk.active is not None

    @property
    def is_open(self) -> bool:
        """Whether its window is on the screen."""
        return self.dialog is not None and self.dialog.isVisible()

    def open(self, window: QWidget | None = None) -> "TrainingDialog":
        """Shows the window; a LoRA then goes into the film of ``window``."""
        windows = list(self._windows())
        self._target = next((film for film in windows if film is window), windows[-1] if windows else None)
        dialog = self.dialog or self._make()
        self.films_changed()
        if self.desk.active is not None:
            dialog.show_training(self.desk.active)
        bring_forward(dialog)
        return dialog

    @Slot()
    def films_changed(self) -> None:
        """Updates the dialog after films were opened or closed."""
        windows = list(self._windows())
        if self._target not in windows:
            self._target = windows[-1] if windows else None
        if self.dialog is not None:
            self.dialog.set_use_refusal(
                "" if self._target else self.tr("No film is open: open one, then use it there.")
            )
        self._show_status()

    def ask_to_quit(self, then: Callable[[], object]) -> None:
        """Asks whether the training may be stopped, because the program is to end; ``then`` when it may."""
        ask(
            self.open(),
            self.tr("A training is running"),
            self.tr(
                "It saves a checkpoint and stops. You can go on from there at any time. What waits in line stays there."
            ),
            self.tr("Stop it and quit"),
            then,
        )

    @Slot()
    def look_at_models(self) -> None:
        """Other models are on this computer now."""
        if self.dialog is not None:
            self._training.find_models(self.dialog.setup.purpose.show_models)

    def close(self) -> bool:
        """Ends everything; a training under way saves a checkpoint. Returns whether all threads have ended."""
        if self.dialog is not None:
            self.dialog.shutdown()
            self.dialog.deleteLater()
            self.dialog = None
        return self._training.close()

    def _make(self) -> "TrainingDialog":
        from svi_studio.ui.training.dialog import TrainingDialog  # noqa: PLC0415 - only when it is wanted

        self.dialog = dialog = TrainingDialog(self.desk, self._training.presets)
        dialog.use_wanted.connect(self._use)
        dialog.tools.use_wanted.connect(self._use)
        dialog.closed.connect(self.closed)
        dialog.setup.footage.captions_wanted.connect(self._ask_for_captions)
        page = dialog.setup.purpose
        page.estimate.models_wanted.connect(self.models_wanted)
        if self._target is not None:
            page.prefer_model(self._target.film.document.storyboard.model)
        if self.desk.draft.recipe is None:
            page.choose_purpose("scene")
        self._training.find_models(page.show_models)
        return dialog

    @Slot()
    def _ask_for_captions(self) -> None:
        from svi_studio.ui.training.caption_dialog import CaptionDialog  # noqa: PLC0415 - only when it is wanted

        dialog = CaptionDialog(self._training.preferences, self.dialog)
        dialog.chosen.connect(self.desk.reading.write_captions)
        dialog.open()

    @Slot(object)
    @Slot(object, int)
    def _use(self, folder: Path, step: int | None = None) -> None:
        window = self._target
        if window is None or self.dialog is None:
            return
        banners = self.dialog.banners

        def done(sentence: str) -> None:
            banners.tell("used", "ok", sentence, seconds=12)
            window.status.tell(sentence)

        def refused(sentence: str) -> None:
            banners.tell("used", "warn", sentence, seconds=20)

        self._training.use(folder, window.film, done, refused, step)

    @Slot()
    def _show_status(self) -> None:
        folder = self.desk.active
        history = self.desk.history_of(folder) if folder is not None else None
        recipe = self.desk.recipe(folder) if folder is not None else None
        for window in self._windows():
            if history is None:
                window.status.show_part("training", "")
                continue
            said = run_words.status_words(recipe.name if recipe is not None else "", history)
            window.status.show_part("training", said, "model", "accent", history.part)

    @Slot(str)
    def _trained(self, name: str) -> None:
        for window in self._windows():
            window.status.tell(self.tr("The LoRA “{name}” is trained.").format(name=name))
            window.notifications.training_done(name)

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        for window in self._windows():
            window.notifications.failed(self.tr("The training has stopped"), sentence)
            window.film.document.refused.emit(sentence)
