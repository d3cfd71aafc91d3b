"""A model that was found on this computer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.model_card import ModelCard

Origin = Literal["bundled", "yours"]


@dataclass(frozen=True)
class FoundModel:
    """A model folder on this computer; `problem` is the sentence that says why it cannot be used.

    `architecture` is None for a model with a problem, and until its folder was looked at.
    """

    name: str
    folder: Path
    origin: Origin
    card: ModelCard | None
    problem: str | None = None
    architecture: Architecture | None = None
