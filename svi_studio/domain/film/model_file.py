"""What a file of weights is, as far as its header and its names tell."""

from typing import Literal

from pydantic import Field

from svi_studio.domain.value import Value

FileKind = Literal["transformer", "vae", "text_encoder", "tokenizer", "picture_encoder", "lora", "other"]


class ModelFile(Value):
    """One file. ``architecture``: as ``wan2.2-i2v-a14b``; None where nothing tells it.

    ``expert``: which of two a transformer or LoRA is. ``precision``: as ``bf16``, ``fp8-scaled`` or ``Q4_K_M``; None
    where the file has no weights or was not opened. ``why``: one sentence for a file that is not ``usable``, or a
    question that only the user can answer, which ``asks`` names. ``bytes``: the file's size.
    """

    path: str
    kind: FileKind
    architecture: str | None = None
    expert: Literal["high", "low"] | None = None
    precision: str | None = None
    usable: bool = True
    why: str = ""
    asks: Literal["expert"] | None = None
    bytes: int = Field(default=0, ge=0)
