"""The recipe of a new training while it is put together: a preset, and what the user changed in it."""

from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from svi_studio.domain.training.data_recipe import DataRecipe, with_own_fields
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import first_problem, with_fields


class TrainingDraft(QObject):
    """``changed`` comes when the recipe, its preset or its ``problem`` is another one."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preset_name = ""
        self._preset: TrainingRecipe | None = None
        self._recipe: TrainingRecipe | None = None
        self._problem = ""

    @property
    def recipe(self) -> TrainingRecipe | None:
        """The recipe as it is now; None before anything was chosen."""
        return self._recipe

    @property
    def preset_name(self) -> str:
        """What the preset is called that the recipe started from; empty for one from elsewhere."""
        return self._preset_name

    @property
    def problem(self) -> str:
        """Why the last change was not taken, as a phrase; empty when it was."""
        return self._problem

    @property
    def is_changed(self) -> bool:
        """Whether the user changed what the preset says; name, model, footage and its words are not the preset's."""
        return self._preset is not None and self._recipe is not None and _core(self._recipe) != _core(self._preset)

    @property
    def is_named(self) -> bool:
        """Whether the LoRA has a name of its own, and not that of its preset."""
        return self._recipe is not None and (self._preset is None or self._recipe.name != self._preset.name)

    def start(self, name: str, preset: TrainingRecipe) -> None:
        """Begins with this preset; footage that was chosen and a name that was given already stay."""
        kept: dict[str, Any] = {}
        if self._recipe is not None:
            kept = {"footage": self._recipe.footage, "data": with_own_fields(preset.data, self._recipe.data)}
        if self._recipe is not None and self.is_named:
            kept["name"] = self._recipe.name
        self._preset_name, self._preset = name, preset
        self._put(with_fields(preset, kept))

    def show(self, recipe: TrainingRecipe) -> None:
        """Goes on with the recipe of an earlier training."""
        self._preset_name, self._preset = "", recipe
        self._put(recipe)

    def back_to_preset(self) -> None:
        """Undoes what the user changed."""
        if self._preset is not None and self._recipe is not None:
            kept = {name: getattr(self._recipe, name) for name in ("footage", "model", "name")}
            kept["data"] = with_own_fields(self._preset.data, self._recipe.data)
            self._put(with_fields(self._preset, kept))

    def edit(self, path: str, value: Any) -> bool:
        """Sets one field, such as ``steps`` or ``lora.rank``; returns whether the recipe is sound with it."""
        if self._recipe is None:
            return False
        document = self._recipe.model_dump()
        *parts, last = path.split(".")
        place = document
        for part in parts:
            place = place.setdefault(part, {})  # a recipe leaves out what is as usual
        place[last] = value
        _fit(document, path)
        try:
            recipe = TrainingRecipe.model_validate(document)
        except ValidationError as error:
            self._problem = first_problem(error)
            self.changed.emit()
            return False
        self._put(recipe)
        return True

    def take_footage(self, recipe: TrainingRecipe) -> None:
        """The footage of ``recipe``, with what is said of it."""
        if self._recipe is not None:
            data = with_own_fields(self._recipe.data, recipe.data)
            self._put(with_fields(self._recipe, {"footage": recipe.footage, "data": data}))

    def value(self, path: str) -> Any:
        """The field at ``path``; None before anything was chosen."""
        value: Any = self._recipe
        for part in path.split("."):
            value = getattr(value, part, None)
        return value

    def _put(self, recipe: TrainingRecipe) -> None:
        if recipe != self._recipe or self._problem:
            self._recipe, self._problem = recipe, ""
            self.changed.emit()


def _fit(document: dict[str, Any], path: str) -> None:
    """What follows from the change at ``path``: test films need a checkpoint, error frames fit into the clip, and
    blocks that leave the card are computed twice.
    """
    save, evaluation, errors = document["save_every"], document["evaluation"], document["errors"]
    if evaluation["every"]:
        evaluation["every"] = max(1, round(evaluation["every"] / save)) * save
    memory = document["memory"]
    if memory.get("swapped_blocks") and not memory["gradient_checkpointing"]:
        if path == "memory.gradient_checkpointing":
            memory["swapped_blocks"] = 0
        else:
            memory["gradient_checkpointing"] = True
    errors["image_frames"] = min(errors["image_frames"], (document["num_frames"] - 1) // 4 + 1)


def _core(recipe: TrainingRecipe) -> TrainingRecipe:
    data = with_own_fields(recipe.data, DataRecipe())
    return with_fields(recipe, {"footage": "", "model": "", "name": "", "data": data})
