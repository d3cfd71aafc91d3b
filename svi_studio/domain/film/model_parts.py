"""A model whose files lie wherever their owner keeps them: which file or files each of its parts is read from."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from svi_studio.domain.value import Sha256, Value

PartName = Literal[
    "transformer", "transformer_2", "vae", "text_encoder", "tokenizer", "image_encoder", "sound", "audio_encoder"
]
"""``sound`` and ``audio_encoder``: what the transformer gets to follow a sound, and the network that hears it."""

_MOST_FILES = 64


class PartFiles(Value):
    """``files``: absolute paths; more than one for a network in shards. Nothing of them is ever copied or changed.

    ``prints``: of each file, by which it is known again: SHA-256 of its size, beginning and end, see
    ``weights/file_print.py``; empty where nobody looked.
    """

    files: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...], Field(min_length=1, max_length=_MOST_FILES)
    ]
    prints: Annotated[tuple[Sha256, ...], Field(max_length=_MOST_FILES, exclude_if=lambda prints: not prints)] = ()

    @model_validator(mode="after")
    def _print_of_each(self) -> Self:
        if self.prints and len(self.prints) != len(self.files):
            raise ValueError("there must be a print of each file, or of none")
        return self


class ModelParts(Value):
    """What ``svi_parts.json`` in a model folder says: the parts that lie elsewhere, by the names of the folder's own.

    ``architecture``: as ``wan2.2-i2v-a14b``. A part that is not named here lies in the folder, as in any other model.
    """

    version: Literal[1] = 1
    architecture: Annotated[str, Field(min_length=1, max_length=64)]
    parts: dict[PartName, PartFiles]
