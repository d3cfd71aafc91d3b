"""A model whose files lie wherever their owner keeps them: which file or files each of its parts is read from."""

from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.value import Value

PartName = Literal["transformer", "transformer_2", "vae", "text_encoder", "tokenizer", "image_encoder"]

_MOST_FILES = 64


class PartFiles(Value):
    """``files``: absolute paths; more than one for a network in shards. Nothing of them is ever copied or changed."""

    files: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...], Field(max_length=_MOST_FILES)]


class ModelParts(Value):
    """What ``svi_parts.json`` in a model folder says: the parts that lie elsewhere, by the names of the folder's own.

    ``architecture``: as ``wan2.2-i2v-a14b``. A part that is not named here lies in the folder, as in any other model.
    """

    version: Literal[1] = 1
    architecture: Annotated[str, Field(min_length=1, max_length=64)]
    parts: dict[PartName, PartFiles]
