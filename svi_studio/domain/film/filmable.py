"""What can be filmed with weights files that lie about: which of them make a model together, and what is missing."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.model_file import FileKind
from svi_studio.domain.film.model_parts import PartName
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.value import Value

KIND_OF_PART: Mapping[PartName, FileKind] = {
    "transformer": "transformer",
    "transformer_2": "transformer",
    "vae": "vae",
    "text_encoder": "text_encoder",
    "tokenizer": "tokenizer",
    "image_encoder": "picture_encoder",
    "sound": "other",
    "audio_encoder": "other",
}
"""What kind of file each part of a model is read from; a tokenizer may also lie inside a text encoder."""


class Network(Value):
    """One network, or one tokenizer, in one file or in shards. ``bytes``: of all its files."""

    kind: FileKind
    architecture: str | None = None
    expert: Literal["high", "low"] | None = None
    precision: str | None = None
    files: Annotated[tuple[str, ...], Field(min_length=1)]
    bytes: int = Field(default=0, ge=0)


class MissingPart(Value):
    """A part that a model needs and that was found nowhere.

    ``words``: one sentence with how to get it; ``fetch``: what it is called among the known models.
    """

    part: PartName
    words: str
    fetch: str | None = None


class LinkQuestion(Value):
    """Something that only the user can say: which of ``choices`` ``part`` is, or which part one single choice is.

    ``option``: how the command line is told, as ``--high``. ``either``: the parts that the single choice may be.
    """

    part: PartName
    text: str
    option: str
    choices: Annotated[tuple[Network, ...], Field(min_length=1)]
    either: tuple[PartName, ...] = ()

    @property
    def words(self) -> str:
        """The question, how to answer it, and with what, where there is a choice."""
        names = [choice.files[0] for choice in self.choices] if not self.either else []
        return f"{self.text} Say it with {self.option}" + (f": {', or '.join(names)}." if names else ".")


class Filmable(Value):
    """A model that files make together, or would make.

    ``name``: what it will be called, unless the user says otherwise. ``architecture``: as in ``ARCHITECTURES``.
    """

    name: str
    title: str
    architecture: str
    parts: dict[PartName, Network]
    missing: tuple[MissingPart, ...] = ()
    questions: tuple[LinkQuestion, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be linked now."""
        return not self.missing and not self.questions

    @property
    def bytes(self) -> int:
        """Of all its files, as they are stored; a file that is two parts counts once."""
        return sum({network.files: network.bytes for network in self.parts.values()}.values())

    @property
    def inputs(self) -> tuple[InputKind, ...]:
        """What it can follow in a film's tracks."""
        return (InputKind.SOUND,) if {"sound", "audio_encoder"} <= {*self.parts} else ()

    @property
    def precision(self) -> str:
        """In which most of its transformer is stored; empty while there is none."""
        found = self.parts.get("transformer") or self.parts.get("transformer_2")
        return (found.precision if found else None) or ""


PART_OF_EXPERT: Mapping[Expert, PartName] = {"both": "transformer", "high": "transformer", "low": "transformer_2"}
"""Where each transformer lies in a model folder."""

WORDS_FOR_PART: Mapping[PartName, str] = {
    "transformer": "transformer",
    "transformer_2": "expert for the low noise",
    "vae": "VAE",
    "text_encoder": "text encoder",
    "tokenizer": "tokenizer",
    "image_encoder": "picture encoder",
    "sound": "sound network",
    "audio_encoder": "sound encoder",
}
"""What people call each part."""
