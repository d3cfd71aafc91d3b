"""How far the edits of a film have reached the disk, as a small message for the status line."""

from dataclasses import dataclass
from enum import StrEnum


class SaveKind(StrEnum):
    """Whether the disk has every edit, is getting them, or refuses them."""

    SAVED = "saved"
    SAVING = "saving"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SaveState:
    """``sentence`` says, when saving fails, what is wrong and what to do; it is empty otherwise."""

    kind: SaveKind = SaveKind.SAVED
    sentence: str = ""
