"""What the proof found about a purpose, in words that stand beside it before anybody trains."""

from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.training.recipe import Purpose
from svi_studio.domain.value import RelativePath, ShortText, Value


class ProofNote(Value):
    """``short``: a few words; ``sentence``: what was measured, on the bundled ``model``, none where nothing was.

    ``source``: the file it is from, in which each of ``figures`` stands as it is written here.
    """

    purpose: Purpose
    model: ShortText = ""
    short: Annotated[ShortText, Field(max_length=40)]
    sentence: ShortText
    source: RelativePath
    figures: tuple[ShortText, ...] = Field(default=(), max_length=20)

    @property
    def headed(self) -> str:
        """The sentence, and before it what it is from."""
        return f"Proof, on {self.model}: {self.sentence}" if self.model else f"Proof: {self.sentence}"


class ProofNotes(Value):
    """The file with the notes on all purposes."""

    version: Literal[1]
    findings: tuple[ProofNote, ...] = Field(max_length=100)
