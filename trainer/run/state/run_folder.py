"""One training on disk: its recipe, its log, its checkpoints, its test films and the LoRA as it is now."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from svi_studio.disk.atomic import atomic_write, plain_errors, remove_leftovers
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.training.change import check_same_training, told_changes
from svi_studio.domain.training.events import TrainingChanged
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.media.moved_footage import check_footage, is_moved, move_footage

EXPERTS = ("high", "low")
"""The folders of the parts of a training that has them."""

_PATIENCE = 0.5  # seconds; a window that lists trainings tries their locks for an instant
_OLD = 3600.0  # seconds; a window writes the LoRA of a checkpoint while nobody trains


class FolderTaken(BadInput):
    """Another training runs in the folder, and its log is not ours to write."""


class RunFolder:
    """The folder of one training; ``home`` is that of the whole one where this is an expert's part of it."""

    def __init__(self, folder: Path, disk: FsOps = REAL_DISK, *, home: Path | None = None) -> None:
        self.folder = folder
        self.home = home or folder
        self.disk = disk
        self.recipe_file = folder / "recipe.json"
        self.log = folder / "log.jsonl"
        self.checkpoints = folder / "checkpoints"

    @property
    def has_checkpoints(self) -> bool:
        """Whether something was learned already, in it or in a part of it."""
        own = self.checkpoints.is_dir() and any(is_step_name(entry.name) for entry in self.checkpoints.iterdir())
        return own or any(part.has_checkpoints for part in map(self.part, EXPERTS) if part.folder.is_dir())

    def part(self, expert: str) -> "RunFolder":
        """The folder of one expert's training, within this one."""
        return RunFolder(self.folder / expert, self.disk, home=self.folder)

    def samples(self, step: int) -> Path:
        """Where the test films of ``step`` lie."""
        return self.folder / "samples" / step_name(step)

    def lora(self, name: str) -> Path:
        """The newest export of the LoRA; those of two experts lie beside each other."""
        return self.home / "lora" / f"{name}.safetensors"

    def begin(self, recipe: TrainingRecipe) -> None:
        """Makes the folder for ``recipe``, or checks that the training in it is of that recipe; raises BadInput."""
        with plain_errors(self.folder):
            self.disk.make_folder(self.checkpoints)
            self.change_to(recipe)
            self._write_recipe(recipe)
        self._tidy()

    def change_to(self, recipe: TrainingRecipe) -> TrainingChanged | None:
        """What ``begin`` is going to change of a training that has learned something; None for nothing worth telling.

        Raises BadInput when that cannot be changed. Another folder of footage is looked into by ``check_footage``.
        """
        if not self.recipe_file.exists():
            return None
        before = read_recipe(self.recipe_file)
        if not self.has_checkpoints:
            return None
        check_same_training(before, recipe, where=str(self.folder))
        told = told_changes(before, recipe)
        return TrainingChanged(self._newest_step(before), told) if told else None

    def check_footage(self, recipe: TrainingRecipe) -> None:
        """Raises BadInput when ``recipe`` names another folder of footage and that has not what is learned from."""
        if self.recipe_file.exists():
            check_footage(read_recipe(self.recipe_file), recipe, self.folder, has_begun=self.has_checkpoints)

    def move_footage(self, recipe: TrainingRecipe) -> None:
        """The clips are from the folder that ``recipe`` names, which was checked."""
        if self.recipe_file.exists() and is_moved(read_recipe(self.recipe_file), recipe):
            move_footage(self.folder, Path(recipe.footage))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the folder to this process; raises FolderTaken when another training runs in it."""
        with plain_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = Lock(self.folder / LOCK_NAME)
            if not lock.acquire(_PATIENCE):
                raise FolderTaken(
                    f"Another training is under way in {self.folder}; stop it first or choose another folder."
                )
            try:
                yield
            finally:
                lock.release()

    def _tidy(self) -> None:
        """Removes what killed processes left half written: a LoRA or a film may be of gigabytes."""
        films = (place for name in ("samples", "evaluation") for place in self.folder.glob(f"{name}/*"))
        for place in (self.folder, self.lora("any").parent, *films):
            if place.is_dir():
                with suppress(StudioError):  # what stays is in nobody's way
                    remove_leftovers(place, self.disk, at_least=_OLD)

    def _write_recipe(self, recipe: TrainingRecipe) -> None:
        content = recipe_to_text(recipe)
        if not self.recipe_file.exists() or self.recipe_file.read_bytes() != content:
            atomic_write(self.recipe_file, content, self.disk)

    def _newest_step(self, recipe: TrainingRecipe) -> int:
        """The newest checkpoint's step; those of two experts count through."""
        parts = [(self.part(expert), number * recipe.steps) for number, expert in enumerate(recipe.parts)]
        steps = (
            before + int(entry.name)
            for place, before in parts or [(self, 0)]
            for entry in place.checkpoints.glob("[0-9]*")
            if is_step_name(entry.name)
        )
        return max(steps, default=0)


def step_name(step: int) -> str:
    """The name of a step's folder; in the order of steps when sorted by name."""
    return f"{step:08d}"


def is_step_name(name: str) -> bool:
    """Whether ``name`` is one that `step_name` gives; people put copies of other names beside them."""
    return len(name) == len(step_name(0)) and name.isascii() and name.isdecimal()
