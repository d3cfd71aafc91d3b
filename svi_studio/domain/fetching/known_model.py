"""A model, LoRA or network that the program knows by name and can fetch: where, what of it, under which terms."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from svi_studio.domain.value import Name, Sha256, ShortText, Value

_PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}"
Repository = Annotated[str, StringConstraints(pattern=f"^{_PART}/{_PART}$")]
"""``owner/name`` as the hub spells it."""

Revision = Annotated[str, StringConstraints(pattern=f"^{_PART}(/{_PART}){{0,3}}$")]
"""A branch, a tag or a commit."""

FilePattern = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A file of the repository; ``*`` stands for any characters within one part of its path."""

Purpose = Literal["model", "part", "lora", "extra", "skeleton", "writer"]
"""``part``: a file that makes a model together with others, linked where it lies."""


class KnownFile(Value):
    """Files of a repository. ``save_as`` is what a single one is called here; ``size`` and ``sha256`` where known."""

    path: FilePattern
    save_as: FilePattern | None = None
    size: int | None = Field(default=None, ge=0, le=1 << 43)
    sha256: Sha256 | None = None


class KnownModel(Value):
    """One entry of the catalogue.

    ``folder`` is where its files go below the models folder. ``needs`` names other entries that it is of no use
    without. ``licence`` is the name that its authors give; the hub's own word is shown beside it.
    """

    name: Name
    title: ShortText
    purpose: Purpose
    repository: Repository
    revision: Revision = "main"
    files: Annotated[tuple[KnownFile, ...], Field(min_length=1, max_length=500)]
    folder: FilePattern
    licence: ShortText = ""
    needs: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    note: ShortText = ""


class KnownModels(Value):
    """A file of entries."""

    version: Literal[1]
    models: Annotated[tuple[KnownModel, ...], Field(max_length=500)]
