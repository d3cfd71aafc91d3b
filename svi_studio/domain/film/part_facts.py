"""What there is to know of one part of a model: where it lies, how it is stored, and what is wrong with it."""

from svi_studio.domain.film.model_parts import PartName
from svi_studio.domain.value import Value


class PartFacts(Value):
    """One part. ``linked``: its ``files`` lie outside the model's folder; ``bytes``: of all of them.

    ``precision``: as ``bf16``, ``fp8-scaled`` or ``Q4_K_M``; None for a tokenizer and where it cannot be told.
    ``problem``: the sentence that says why it cannot be used, empty when it can.
    """

    part: PartName
    files: tuple[str, ...]
    linked: bool = False
    precision: str | None = None
    bytes: int = 0
    problem: str = ""
