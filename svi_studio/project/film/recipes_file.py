"""The file with the speed recipes of this user, beside the program's other settings: read as a stranger's."""

import json
import os
from pathlib import Path
from typing import Final

from platformdirs import user_config_path
from pydantic import ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadInput, NewerVersion, Refused
from svi_studio.domain.film.own_recipes import OwnRecipes
from svi_studio.domain.text.strict_json import StrictError, strict_json
from svi_studio.domain.value import first_problem

RECIPES: Final = "recipes.json"
_MAX_BYTES = 1 << 20
_MAX_DEPTH = 8


def recipes_path() -> Path:
    """Where the recipes of this user are kept."""
    return user_config_path("svi-studio", appauthor=False) / RECIPES


def read_recipes(path: Path) -> OwnRecipes:
    """The recipes in the file ``path``, none when there is no file.

    Raises BadInput when it is damaged or no such file, NewerVersion when a later program wrote it.
    """
    if not os.path.lexists(path):
        return OwnRecipes()
    try:
        text = read_plain(path, _MAX_BYTES).decode("utf-8-sig")
        found = strict_json(text, _MAX_DEPTH)
        version = found.get("schema_version") if isinstance(found, dict) else None
        if isinstance(version, int) and version > 1:
            raise NewerVersion(f"Your recipes in {path} are of a newer version of the program: update this one.")
        return OwnRecipes.model_validate_json(json.dumps(found))
    except ValidationError as error:
        reason = first_problem(error)
    except StrictError as error:
        reason = str(error)
    except Refused as error:
        raise BadInput(str(error)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8 of a sensible size"
    raise BadInput(f"Your recipes in {path} cannot be read ({reason}): repair the file, or remove it.")


def write_recipes(path: Path, own: OwnRecipes) -> None:
    """Keeps ``own`` in the file ``path``. Raises DiskFull or StudioError; then it is as it was."""
    with plain_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, own.model_dump_json(indent=1).encode() + b"\n")
