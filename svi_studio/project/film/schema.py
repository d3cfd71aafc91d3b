"""From JSON to checked values: the versions of storyboard and project files, and the upgrades from one to the next."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from pydantic import Field, ValidationError

from svi_studio.domain.editing.film_files import named_pictures
from svi_studio.domain.errors import BadProject, NewerVersion
from svi_studio.domain.film.storyboard import STORYBOARD_VERSION, Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.value import Value, first_problem, with_fields

PROJECT_VERSION: Final = 1
LAST_REVISION: Final = 2**53
PROJECT_FORMAT: Final = "svi-studio project"

Document = dict[str, Any]
Upgrade = Callable[[Document], Document]
Upgrades = Mapping[int, Upgrade]


def _storyboard_2(document: Document) -> Document:
    """Version 2 reads the own picture of a clip that continues a chain; in version 1 it had no effect: it goes."""
    clips = document.get("clips")
    if isinstance(clips, list):
        document["clips"] = [_without_idle_image(clip) if index else clip for index, clip in enumerate(clips)]
    return document


def _without_idle_image(clip: object) -> object:
    if isinstance(clip, dict) and not clip.get("cut"):
        return {name: value for name, value in clip.items() if name != "image"}
    return clip


def _storyboard_3(document: Document) -> Document:
    """Version 3 puts the model's own LoRA for the family in; a film from before was made without and stays so."""
    return {"stability": 0.0, **document}


def _storyboard_4(document: Document) -> Document:
    """Version 4 credits pictures; a film from before says of none where it comes from."""
    return {"credits": [], **document}


def _storyboard_5(document: Document) -> Document:
    """Version 5 crops pictures and reads their colour profiles; a film from before squeezed them, and read none."""
    clips = document.get("clips")
    named = [clip.get("image") for clip in clips if isinstance(clip, dict)] if isinstance(clips, list) else []
    pictures = [name for name in [document.get("reference_image"), *named] if isinstance(name, str)]
    as_before = {"fit": "squeeze", "colours": "as stored"}
    return {"framings": [{"picture": name, **as_before} for name in dict.fromkeys(pictures)], **document}


STORYBOARD_UPGRADES: Upgrades = {1: _storyboard_2, 2: _storyboard_3, 3: _storyboard_4, 4: _storyboard_5}
"""By the version they start from: how a storyboard of version n becomes one of version n + 1."""

PROJECT_UPGRADES: Upgrades = {}
"""The same for the project file around the storyboard."""

V = TypeVar("V", bound=Value)


class ProjectFile(Value):
    """What ``project.json`` holds. ``revision`` counts the saves, so that a journal knows the save it follows."""

    format: Literal["svi-studio project"] = PROJECT_FORMAT
    schema_version: Literal[1] = PROJECT_VERSION
    revision: int = Field(default=0, ge=0, le=LAST_REVISION)
    storyboard: Storyboard


def read_storyboard(document: Document, path: Path) -> Storyboard:
    """The storyboard in a JSON object of any known version. Raises BadProject or NewerVersion; ``path`` is named."""
    return _checked(Storyboard, upgraded(document, STORYBOARD_VERSION, STORYBOARD_UPGRADES, path), path)


def read_project(document: Document, path: Path) -> ProjectFile:
    """The project in a JSON object of any known version. Raises BadProject or NewerVersion; ``path`` is named."""
    document = upgraded(document, PROJECT_VERSION, PROJECT_UPGRADES, path)
    storyboard = document.get("storyboard")
    if isinstance(storyboard, dict):
        storyboard = upgraded(storyboard, STORYBOARD_VERSION, STORYBOARD_UPGRADES, path)
    return _checked(ProjectFile, document | {"storyboard": storyboard}, path)


def read_as_before(storyboard: Storyboard, document: Document) -> Storyboard:
    """``storyboard``, which came from ``document`` and edits of the same version, its new pictures seen as then."""
    if document.get("schema_version", STORYBOARD_VERSION) >= 5:
        return storyboard
    framed = {framing.picture for framing in storyboard.framings}
    new = sorted({*named_pictures(storyboard)} - framed)
    as_before = [Framing(picture=name, fit="squeeze", colours="as stored") for name in new]
    return with_fields(storyboard, {"framings": (*storyboard.framings, *as_before)})


def upgraded(document: Document, current: int, upgrades: Upgrades, path: Path) -> Document:
    """``document`` brought to version ``current``, one version at a time; it is not changed itself.

    Without a ``schema_version`` it counts as the current one. Raises NewerVersion and BadProject.
    """
    version = document.get("schema_version", current)
    if type(version) is not int or version < 1:
        raise BadProject(f"{path} does not say which version it is: its schema_version must be a whole number.")
    if version > current:
        raise NewerVersion(f"{path} was made by a newer version of SVI Studio: update the program to open it.")
    for step in range(version, current):
        document = {**upgrades[step](dict(document)), "schema_version": step + 1}
    return document


def _checked(kind: type[V], document: Document, path: Path) -> V:
    try:
        return kind.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise BadProject(f"{path} cannot be used, {first_problem(error)}.") from error
