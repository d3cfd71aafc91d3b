"""What may be changed of a training that has begun, and what may not, because it decides what the LoRA is."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import Field

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.path_text import PathText
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import Value, with_fields

_FREE: Final[tuple[str, ...]] = (
    "steps",
    "save_every",
    "keep_checkpoints",
    "keep_loras",
    "lora.names",
    "follows",
    "smaller_preset",
    "batch_size",
    "accumulation",
    "optimizer.learning_rate",
)
_FREE_GROUPS: Final[tuple[str, ...]] = ("evaluation", "memory")
_FOOTAGE: Final = "footage"
"""May lie in another folder, which says nothing of what is in it: whoever can read it looks."""

_TELLING: Final[tuple[str, ...]] = ("steps", "optimizer.learning_rate", "evaluation.every", _FOOTAGE)
"""What people ask to change, and so what the log keeps; the others only say how the work is done."""


class RunChange(Value):
    """What to change of a training; None leaves it as it is.

    ``test_films_every`` counts steps, 0 means none. ``footage``: the folder that the same videos lie in now, absolute.
    """

    steps: int | None = Field(default=None, ge=1, le=10_000_000)
    learning_rate: float | None = Field(default=None, gt=0, le=1)
    test_films_every: int | None = Field(default=None, ge=0, le=10_000_000)
    footage: PathText | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything stays."""
        return self == RunChange()


def changed(recipe: TrainingRecipe, change: RunChange, *, done: int) -> TrainingRecipe:
    """``recipe`` with ``change``, for a training that has done ``done`` steps of it (of one expert, the most).

    A schedule is that of the new number of steps from here on: the rate of step n is what it would have been in a
    training that was begun with as many. Raises BadInput with a sentence.
    """
    if change.steps is not None and change.steps < done:
        raise BadInput(f"This training has done {done:,} steps already: choose {done:,} or more.")
    every = change.test_films_every
    if every is not None and every % recipe.save_every:
        raise BadInput(
            f"Test films are made from checkpoints, which come every {recipe.save_every:,} steps: "
            "choose a multiple of that, or 0 for none."
        )
    fields: dict[str, object] = {}
    if change.steps is not None:
        fields["steps"] = change.steps
    if change.learning_rate is not None:
        fields["optimizer"] = with_fields(recipe.optimizer, {"learning_rate": change.learning_rate})
    if every is not None:
        fields["evaluation"] = with_fields(recipe.evaluation, {"every": every})
    if change.footage is not None:
        fields["footage"] = change.footage
    return with_fields(recipe, fields)


def told_changes(before: TrainingRecipe, now: TrainingRecipe) -> tuple[tuple[str, str, str], ...]:
    """(field, value before, value now) of what people change of a training, in the order in which they read it."""
    old, new = dict(_leaves(before.model_dump(mode="json"))), dict(_leaves(now.model_dump(mode="json")))
    return tuple((name, _said(old[name]), _said(new[name])) for name in _TELLING if old[name] != new[name])


def check_same_training(before: TrainingRecipe, now: TrainingRecipe, *, where: str) -> None:
    """Raises BadInput, naming each field, when ``now`` would train something else than ``before`` in ``where``.

    It is for a training that has a checkpoint. What the footage is, its folder does not say.
    """
    old, new = _deciding(before), _deciding(now)
    differing = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    if differing:
        said = "; ".join(f"{name} was {_said(old.get(name))} and is {_said(new.get(name))}" for name in differing[:3])
        more = f", and {len(differing) - 3} more" if len(differing) > 3 else ""
        raise BadInput(
            f"The training in {where} began with another recipe ({said}{more}); what it learns cannot be changed any "
            "more: go on with its own recipe, or start a new training, from its LoRA if you like."
        )


def _deciding(recipe: TrainingRecipe) -> dict[str, object]:
    """The fields that decide what is learned, by their dotted names; the clips of one step count together.

    Batch size and accumulation may change against each other, or nobody could do what is said when memory runs out.
    """
    fields = {name: value for name, value in _leaves(recipe.model_dump(mode="json")) if not _is_free(name)}
    return fields | {"batch_size * accumulation": recipe.batch_size * recipe.accumulation}


def _is_free(name: str) -> bool:
    return name in (*_FREE, _FOOTAGE) or name.partition(".")[0] in _FREE_GROUPS


def _leaves(document: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield before + name, value


def _said(value: object) -> str:
    """A value for people: numbers as short as they are exact, what is not there as "none"."""
    if value is None or value == "":
        return "none"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
