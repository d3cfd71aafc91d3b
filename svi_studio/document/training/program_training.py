"""Training in the running program: its desk, the draft that waits for the next start, the way of a LoRA into a film."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.opening.lora_use import use_trained_lora
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.training.training_service import TrainingEnded
from svi_studio.jobs.worker.task import Outcome
from svi_studio.project.training.checkpoint_lora import recipe_at, save_checkpoint_lora
from svi_studio.project.training.presets import training_presets
from svi_studio.project.training.runs import TrainingRun
from svi_studio.weights.catalogue import find_models

_DRAFT = "training_draft"


class ProgramTraining(QObject):
    """``trained`` brings the name of a training that is done, ``failed`` a sentence about one that is not."""

    trained = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        preferences: Preferences,
        turn: RenderTurn,
        parent: QObject | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        """``command`` begins the trainer's commands; None = the program's own."""
        super().__init__(parent)
        self.preferences = preferences
        self._work = Background("LoRA of a training", self)
        self.desk = TrainingDesk(self, turn, command)
        self.desk.ended.connect(self._ended)
        self.desk.footage.changed.connect(self._remember_draft)
        draft = preferences.text(_DRAFT)
        if draft:
            self.desk.resume_draft(Path(draft))

    @property
    def presets(self) -> Mapping[str, TrainingRecipe]:
        """The recipes to begin with. Raises StudioError when they are damaged."""
        return training_presets()

    def find_models(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """``then`` gets the names of the sound models on this computer."""
        self._work.submit(lambda: tuple(model.name for model in find_models() if model.problem is None), then)

    def use(
        self,
        folder: Path,
        film: OpenFilm,
        done: Callable[[str], object],
        refused: Callable[[str], object],
        step: int | None = None,
    ) -> None:
        """Uses the LoRA of the training in ``folder`` in ``film``, as ``use_trained_lora`` does.

        ``step``: that of the checkpoint of this step, which becomes a file first; of two experts, the one it is of.
        """
        run = self.desk.run(folder)
        if run is not None and step is not None:
            self._use_checkpoint(run, step, film, (done, refused))
        elif run is not None and run.lora is not None and run.recipe is not None:
            use_trained_lora(film, self._work, (run.loras, run.recipe), done, refused)

    def _use_checkpoint(
        self,
        run: TrainingRun,
        step: int,
        film: OpenFilm,
        told: tuple[Callable[[str], object], Callable[[str], object]],
    ) -> None:
        done, refused = told

        def save() -> tuple[Path, TrainingRecipe]:
            recipe = recipe_at(run, step)
            name = self.tr("{name}, step {step}").format(name=recipe.name, step=step)
            return save_checkpoint_lora(run, step), with_fields(recipe, {"name": name})

        def saved(lora: tuple[Path, TrainingRecipe]) -> None:
            use_trained_lora(film, self._work, ((lora[0],), lora[1]), done, refused)

        def failed(error: Exception) -> None:
            sentence = as_studio_error(error)
            if sentence is None:
                raise error
            refused(str(sentence))

        self._work.submit(save, saved, failed)

    def close(self) -> bool:
        """Ends everything; a training under way saves a checkpoint. Returns whether all threads have ended."""
        copied = self._work.close()
        return self.desk.close() and copied

    @Slot(object)
    def _ended(self, end: TrainingEnded) -> None:
        recipe = self.desk.recipe(end.run)
        if end.outcome is Outcome.DONE:
            self.trained.emit(recipe.name if recipe is not None else end.run.name)
        elif end.outcome is Outcome.FAILED:
            self.failed.emit(end.sentence)

    @Slot()
    def _remember_draft(self) -> None:
        run = self.desk.footage.run
        self.preferences.set_text(_DRAFT, str(run) if run is not None else "")
