"""What a LoRA file says of itself before anything is loaded: its form and strength, and what it was made for."""

from typing import Final, Literal

from pydantic import Field

from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.value import Name, ShortText, Value

SVI_2_WITHOUT_PRO: Final = "svi2"
"""Stands for the family of SVI 2.0 on Wan 2.2 that is not Pro, which no film here has."""


class LoraTraits(Value):
    """``kind``: LoRA, DoRA, LoHa or LoKr. ``modules``: how many layers it changes, each counted once.

    ``ranks`` of its low-rank layers, and the ``factors`` by which they count at weight 1: alpha / rank, 1 where it says
    nothing; each once, in rising order. ``differences``: how many weights it changes by whole differences.
    ``for_pictures``: the layers among them that look at picture tokens, as only Wan 2.1 has them.
    ``expert``: of which of two experts it says that it is for, None = of none. ``base``: the architecture that it says
    it is for. ``distilled``: made for few steps without guidance. ``svi``: one of Stable Video Infinity. ``family``:
    that it says it was trained for. ``recycles``: whether it was trained on errors, against drift; None: nobody says.
    ``from_words``: made for a Wan that films from words alone (T2V), and not from pictures. ``channels``: of the video
    that such a Wan takes in, where the LoRA changes that.
    """

    kind: Literal["LoRA", "DoRA", "LoHa", "LoKr"] = "LoRA"
    modules: int = Field(default=0, ge=0)
    ranks: tuple[int, ...] = Field(default=(), max_length=4096)
    factors: tuple[float, ...] = Field(default=(), max_length=4096)
    differences: int = Field(default=0, ge=0)
    for_pictures: tuple[ShortText, ...] = Field(default=(), max_length=20_000)
    expert: Literal["high", "low"] | None = None
    base: Name | None = None
    distilled: bool = False
    svi: bool = False
    family: Name | None = None
    recycles: bool | None = None
    from_words: bool = False
    channels: int | None = Field(default=None, ge=0)

    @property
    def base_title(self) -> str:
        """The architecture that it was made for, for people; empty where it does not say."""
        known = ARCHITECTURES.get(self.base or "")
        title = "" if known is None else known.title
        return title.replace("I2V", "T2V") if self.from_words else title
