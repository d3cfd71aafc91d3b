"""The user's own speed recipes and the LoRA files on this computer that recipes can use, read and kept in a thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.preference_names import known_places
from svi_studio.document.preferences import Preferences
from svi_studio.domain.errors import BadWeights, StudioError, as_studio_error
from svi_studio.domain.film.own_recipes import ChosenLora, OwnRecipes
from svi_studio.domain.film.speed_recipe import KnownLora, RecipeLora
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.project.film.recipes_file import read_recipes, recipes_path, write_recipes
from svi_studio.project.media.lora_import import chosen_in_films, film_file
from svi_studio.weights.known_loras import known_lora, loras_on_this_computer

_Look = tuple[OwnRecipes, tuple[KnownLora, ...], frozenset[str]]


class RecipeFile(QObject):
    """``own`` and ``loras`` are empty until the first look is over. ``changed``: there is anything else.

    ``problem`` says why the user's recipes could not be read; then none are kept, so that none are lost.
    """

    changed = Signal()

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.own = OwnRecipes()
        self.problem = ""
        self._file = file or recipes_path()
        self._found: tuple[KnownLora, ...] = ()
        self._looked_at: frozenset[str] = frozenset()
        self._work = Background("speed recipes", self)

    @property
    def loras(self) -> tuple[KnownLora, ...]:
        """The distilled LoRAs on this computer, those first that the user chose; called by their paths."""
        chosen = (KnownLora(each.file, True, each.expert, each.architecture) for each in self.own.loras)
        return (*chosen, *self._found)

    @property
    def film_files(self) -> frozenset[str]:
        """What films call the LoRAs that the user chose, by their content."""
        return self._looked_at.union(each.film_file for each in self.own.loras if each.film_file)

    @Slot()
    def look(self) -> None:
        """Reads the recipes and looks for LoRA files again."""

        places = known_places(Preferences())

        def read() -> _Look:
            own = read_recipes(self._file)
            there = tuple(each for each in own.loras if Path(each.file).is_file())
            chosen = frozenset(chosen_in_films(own, thread_stops))
            return own.model_copy(update={"loras": there}), loras_on_this_computer(places, thread_stops), chosen

        self._work.submit(read, self._read, self._failed)

    def identify(self, path: Path, file: str, name: str, then: Callable[[KnownLora], None]) -> None:
        """Looks into a LoRA of the film; one that cannot be read is told elsewhere, and no recipe's."""
        nothing = KnownLora(file, False)
        self._work.submit(lambda: known_lora(path, file, name), then, lambda error: then(nothing))

    def choose(self, path: Path, lora: RecipeLora, architecture: str | None, then: Callable[[str], None]) -> None:
        """Takes the file ``path`` for ``lora`` from now on; ``then`` gets what is wrong with it, or ""."""

        def looked_at() -> ChosenLora:
            check_choice(path, lora, architecture)
            in_films = film_file(path, thread_stops)
            return ChosenLora(file=str(path), expert=lora.expert, architecture=architecture, film_file=in_films)

        def done(chosen: ChosenLora) -> None:
            then(self.change(lambda own: own.remember(chosen)))

        self._work.submit(looked_at, done, lambda error: then(_sentence(self, error)))

    def change(self, edit: Callable[[OwnRecipes], OwnRecipes]) -> str:
        """Keeps ``edit(own)``; returns what is wrong, or ""."""
        if self.problem:
            return self.problem
        try:
            own = edit(read_recipes(self._file))  # another window may have kept one since
            write_recipes(self._file, own)
        except StudioError as error:
            return str(error)
        self.own = own
        self.changed.emit()
        return ""

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _read(self, found: _Look) -> None:
        self.problem = ""
        self.own, self._found, self._looked_at = found
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self.problem = _sentence(self, error)
        self.changed.emit()


def check_choice(path: Path, lora: RecipeLora, architecture: str | None) -> None:
    """Raises BadWeights when the file ``path`` says that it is something else than the ``lora`` that is wanted."""
    known = known_lora(path, str(path))
    if "both" not in (known.expert, lora.expert) and known.expert != lora.expert:
        steps = {"high": "noisy", "low": "less noisy"}
        raise BadWeights(
            f"{path.name} is for the {steps[known.expert]} steps, and this recipe wants one for the "
            f"{steps[lora.expert]} ones: choose the other file."
        )
    if None not in (known.architecture, architecture) and known.architecture != architecture:
        raise BadWeights(f"{path.name} was made for another kind of model than the film's: choose another file.")


def _sentence(owner: QObject, error: Exception) -> str:
    return str(as_studio_error(error) or owner.tr("This file cannot be used: try another one."))
