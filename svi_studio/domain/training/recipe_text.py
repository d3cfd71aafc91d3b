"""A training recipe as the text of a file: read with a sentence for everything that is wrong, written for people."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.noise_range import ExpertsRecipe
from svi_studio.domain.training.recipe import RECIPE_VERSION, TrainingRecipe
from svi_studio.domain.value import first_problem, with_fields

MAX_RECIPE_BYTES = 1 << 20

Document = dict[str, Any]

RECIPE_UPGRADES: Mapping[int, Callable[[Document], Document]] = {}
"""By the version they start from: how a recipe of version n becomes one of version n + 1."""


def read_recipe(path: Path) -> TrainingRecipe:
    """The recipe in the file ``path``, its relative paths counted from the file's folder. Raises BadInput."""
    try:
        if path.exists() and not path.is_file():  # to open a pipe would wait for good
            raise BadInput(f"{path} is no file: choose a training recipe.")
        with path.open("rb") as stream:
            content = stream.read(MAX_RECIPE_BYTES + 1)
    except FileNotFoundError as error:
        raise BadInput(f"There is no training recipe {path}: check the name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not possible"
        raise BadInput(f"The training recipe {path} cannot be read ({reason}): check the name.") from error
    return placed_in(recipe_from_text(content, path), path.resolve().parent)


def placed_in(recipe: TrainingRecipe, folder: Path) -> TrainingRecipe:
    """``recipe`` with absolute paths, relative ones counted from ``folder``; the name of a model stays a name."""
    evaluation, lora = recipe.evaluation, recipe.lora
    files = {name: getattr(evaluation, name) for name in ("storyboards", "pictures")}
    placed = {name: tuple(_placed(file, folder) for file in each) for name, each in files.items()}
    start_from = lora.start_from and _placed(lora.start_from, folder)
    is_name = not any(separator in recipe.model for separator in "/\\")
    changes = {
        "footage": recipe.footage and _placed(recipe.footage, folder),
        "model": recipe.model if is_name else _placed(recipe.model, folder),
        "lora": with_fields(lora, {"start_from": start_from}),
        "evaluation": with_fields(evaluation, placed),
        "experts": recipe.experts and _experts_placed_in(recipe.experts, folder),
    }
    return with_fields(recipe, changes)


def _experts_placed_in(experts: ExpertsRecipe, folder: Path) -> ExpertsRecipe:
    starts = {"high_start_from": experts.high_start_from, "low_start_from": experts.low_start_from}
    return with_fields(experts, {name: path and _placed(path, folder) for name, path in starts.items()})


def _placed(path: str, folder: Path) -> str:
    return str(folder / os.path.expanduser(path))  # noqa: PTH111 - Path's fails where nobody has that home


def recipe_from_text(content: bytes, path: Path) -> TrainingRecipe:
    """The recipe in ``content``, JSON of any known version; ``path`` is for the sentences. Raises BadInput."""
    if len(content) > MAX_RECIPE_BYTES:
        raise BadInput(f"{path} is too large for a training recipe: choose another file.")
    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is not a training recipe that can be read: {_reason(error)}.") from error
    if not isinstance(document, dict):
        raise BadInput(f"{path} is not a training recipe: it must hold one JSON object.")
    try:
        return TrainingRecipe.model_validate_json(json.dumps(_upgraded(document, path)))
    except ValidationError as error:
        raise BadInput(f"The training recipe {path} cannot be used, {first_problem(error)}.") from error


def recipe_to_text(recipe: TrainingRecipe) -> bytes:
    """The text of a recipe file: JSON with every value, so that later defaults do not change it."""
    return recipe.model_dump_json(indent=1).encode() + b"\n"


def _upgraded(document: Document, path: Path) -> Document:
    version = document.get("schema_version", RECIPE_VERSION)
    if type(version) is not int or version < 1:
        raise BadInput(f"{path} does not say which version it is: its schema_version must be a whole number.")
    if version > RECIPE_VERSION:
        raise BadInput(f"{path} was made for a newer version of SVI Studio: update the program to train with it.")
    for step in range(version, RECIPE_VERSION):
        document = {**RECIPE_UPGRADES[step](document), "schema_version": step + 1}
    return document


class _RefusedError(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _RefusedError("a name stands twice in one object")
    return document


def _refuse(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is not a number")


def _reason(error: Exception) -> str:
    match error:
        case RecursionError():
            return "it is nested too deeply"
        case UnicodeDecodeError():
            return "it is not text in UTF-8"
        case json.JSONDecodeError(lineno=line, colno=column):
            return f"it is not JSON at line {line}, column {column}"
        case _RefusedError():
            return str(error)
    return "a number in it is too long"
