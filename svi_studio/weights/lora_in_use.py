"""A LoRA file as a render uses it: where it lies, how strongly it counts, and which transformer it goes into."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from svi_studio.domain.film.architecture import Expert


class LoraInUse(NamedTuple):
    """The file at ``path`` with its ``weight`` (1.0 = as trained); ``expert`` is ``both`` for every transformer."""

    path: Path
    weight: float
    expert: Expert = "both"


def uses_of_expert(uses: Iterable[LoraInUse], expert: Expert) -> tuple[LoraInUse, ...]:
    """Those of ``uses`` that go into the transformer ``expert``, in their order."""
    return tuple(use for use in uses if use.expert in ("both", expert))
